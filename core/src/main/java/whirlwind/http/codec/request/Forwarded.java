package whirlwind.http.codec.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.HeaderNames;

/** The {@code Forwarded} header, RFC 7239 section 4: what each proxy on the way says. */
final class Forwarded {
    private final String text;
    private int at;

    private Forwarded(String text) {
        this.text = text;
    }

    /**
     * The elements in their order, the last proxy's last, each with its parameters by their names
     * in lower case. None at all if anything is malformed, for then nobody knows who said what.
     */
    static List<Map<String, String>> parse(String header) {
        var elements = new ArrayList<Map<String, String>>();
        var reader = new Forwarded(header);
        do {
            var element = new HashMap<String, String>();
            if (!reader.element(element)) {
                return List.of();
            }
            if (!element.isEmpty()) {
                elements.add(element);
            }
        } while (reader.skip(','));
        return reader.at == header.length() ? elements : List.of();
    }

    private boolean element(Map<String, String> into) {
        do {
            blanks();
            if (at == text.length() || text.charAt(at) == ',' || text.charAt(at) == ';') {
                continue; // lists may have gaps
            }
            var name = token().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || !skip('=')) {
                return false;
            }
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            var value = quoted ? quoted() : token();
            if (value == null || (value.isEmpty() && !quoted) || into.put(name, value) != null) {
                return false;
            }
            blanks();
        } while (skip(';'));
        return true;
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** Some proxies write addresses with colons and brackets without quotes: taken as meant. */
    private String token() {
        int start = at;
        while (at < text.length() && isTokenCharacter(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isTokenCharacter(char c) {
        return c < 128 && (HeaderNames.isTokenByte((byte) c) || c == ':' || c == '[' || c == ']');
    }

    private @Nullable String quoted() {
        var out = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\\' && ++at == text.length()) {
                return null;
            }
            out.append(text.charAt(at));
        }
        return null;
    }
}
