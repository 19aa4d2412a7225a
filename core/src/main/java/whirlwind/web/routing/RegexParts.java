package whirlwind.web.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a regular expression consists of, as far as that can be told without its engine.
 *
 * @param pieces fixed text and groups in turn; null if there is more to it than that
 * @param literal the only text that matches, if there is but one; null otherwise
 * @param prefix what every text that matches starts with, as far as known
 */
record RegexParts(@Nullable List<Piece> pieces, @Nullable String literal, String prefix) {
    /** A piece of an expression that can be reversed. */
    sealed interface Piece permits Fixed, Group {}

    /** Text that matches itself. */
    record Fixed(String text) implements Piece {}

    /** A capturing group, perhaps followed by a question mark. */
    record Group(boolean optional) implements Piece {}

    /** Takes apart an expression that is known to be well formed. */
    static RegexParts of(String regex) {
        return new Reader(regex).read();
    }

    private static final class Reader {
        private final String regex;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        /** Null while all that was read matches itself and nothing else. */
        private @Nullable String prefix;

        private int at;

        Reader(String regex) {
            this.regex = regex;
        }

        RegexParts read() {
            boolean reversible = pieces();
            endText();
            boolean exact = reversible && prefix == null;
            var fixed = prefix == null ? startOfPieces() : prefix;
            // An alternative anywhere may make the start optional; telling where is not worth it
            // for a mere short cut.
            var known = regex.indexOf('|') >= 0 ? "" : fixed;
            return new RegexParts(
                    reversible ? List.copyOf(pieces) : null, exact ? fixed : null, known);
        }

        private boolean pieces() {
            while (at < regex.length()) {
                char c = regex.charAt(at++);
                boolean known =
                        switch (c) {
                            case '^' -> at == 1;
                            case '$' -> at == regex.length();
                            case '\\' -> escaped();
                            case '(' -> group();
                            case '.' -> anyCharacter();
                            case '[', ')', '{', '|', '*', '+', '?' -> false;
                            default -> character(c);
                        };
                if (!known) {
                    endPrefix(text.length());
                    return false;
                }
            }
            return true;
        }

        private boolean escaped() {
            char c = regex.charAt(at);
            if (Character.isLetterOrDigit(c)) {
                return false; // \d and its like
            }
            at++;
            return character(c);
        }

        /**
         * A dot matches itself among others, and that is what a sloppy {@code /robots.txt} means.
         */
        private boolean anyCharacter() {
            endPrefix(text.length());
            return character('.');
        }

        /** A character; one that may be missing or repeated matches once as well. */
        private boolean character(char c) {
            text.append(c);
            if (at < regex.length() && "?*+".indexOf(regex.charAt(at)) >= 0) {
                endPrefix(text.length() - 1);
                skipQuantifier();
            } else if (at < regex.length() && regex.charAt(at) == '{') {
                endPrefix(text.length() - 1);
                return false;
            }
            return true;
        }

        private boolean group() {
            boolean named = regex.startsWith("?<", at) && Character.isLetter(regex.charAt(at + 2));
            endPrefix(text.length());
            if (regex.charAt(at) == '?' && !named) {
                return false; // non-capturing, a look-around, a flag
            }
            at = endOfGroup();
            if (at > regex.length()) {
                return false; // quoting by \\Q hid the parenthesis
            }
            boolean optional = at < regex.length() && regex.charAt(at) == '?';
            if (optional) {
                skipQuantifier();
            } else if (at < regex.length() && "*+{".indexOf(regex.charAt(at)) >= 0) {
                return false;
            }
            endText();
            pieces.add(new Group(optional));
            return true;
        }

        /**
         * The index behind the parenthesis that closes the one before {@code at}; behind the end if
         * it is not found.
         */
        private int endOfGroup() {
            int depth = 1;
            int brackets = 0;
            int i = at;
            for (; depth > 0; i++) {
                if (i >= regex.length()) {
                    return regex.length() + 1;
                }
                char c = regex.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (c == '[') {
                    brackets++;
                } else if (c == ']' && brackets > 0) {
                    brackets--;
                } else if (brackets == 0) {
                    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                }
            }
            return i;
        }

        /**
         * A quantifier of one character, and the mark that may follow it ({@code ??}, {@code ?+}).
         */
        private void skipQuantifier() {
            at++;
            if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
                at++;
            }
        }

        private void endPrefix(int length) {
            if (prefix == null) {
                prefix = pieces.isEmpty() ? text.substring(0, length) : startOfPieces();
            }
        }

        private String startOfPieces() {
            return !pieces.isEmpty() && pieces.getFirst() instanceof Fixed(var start) ? start : "";
        }

        private void endText() {
            if (!text.isEmpty()) {
                pieces.add(new Fixed(text.toString()));
                text.setLength(0);
            }
        }
    }
}
