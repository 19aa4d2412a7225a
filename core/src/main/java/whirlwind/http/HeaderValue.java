package whirlwind.http;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.escape.Utf8;

/**
 * A header's value with parameters: {@code form-data; name="a"}, {@code text/html; charset=utf-8},
 * {@code permessage-deflate; server_no_context_takeover}. RFC 9110 section 5.6.6.
 *
 * @param value what stands before the first semicolon
 * @param parameters by lower-case name in the order they came, the last of two with the same name;
 *     a name without {@code =} has null, which is not the empty value
 */
public record HeaderValue(String value, Map<String, @Nullable String> parameters) {
    /** Copies the parameters. */
    public HeaderValue {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Reads a header's value. It is lenient, for clients are not exact: a quoted value may have raw
     * semicolons and tabs, a quote without its end runs to the end. {@code name*=utf-8''...} (RFC
     * 8187) gives {@code name} its value and wins over a plain one; where it cannot be decoded it
     * is left out.
     */
    public static HeaderValue parse(String header) {
        return new Reader(header).read();
    }

    /** The parameter's value; null if it is not there or has none. */
    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    /** The header's value that reads back as this, parameters quoted where they are no tokens. */
    @Override
    public String toString() {
        var out = new StringBuilder(value);
        parameters.forEach((name, text) -> {
            out.append("; ").append(name);
            if (text != null) {
                out.append('=').append(Grammar.isToken(text) ? text : quote(text));
            }
        });
        return out.toString();
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** One pass over the text, linear however many quotes and semicolons it has. */
    private static final class Reader {
        private final String text;
        private final Map<String, @Nullable String> plain = new LinkedHashMap<>();
        private final Map<String, String> extended = new LinkedHashMap<>();
        private int at;

        Reader(String text) {
            this.text = text;
        }

        HeaderValue read() {
            var value = until(';', ';');
            while (at < text.length()) {
                at++; // the semicolon
                parameter();
            }
            plain.putAll(extended);
            return new HeaderValue(value, plain);
        }

        private void parameter() {
            var name = until('=', ';').toLowerCase(Locale.ROOT);
            boolean valued = at < text.length() && text.charAt(at) == '=';
            if (!valued) {
                if (!name.isEmpty()) {
                    plain.put(name, null);
                }
                return;
            }
            at++; // the equals sign
            var value = value();
            if (!name.endsWith("*")) {
                plain.put(name, value);
                return;
            }
            var decoded = decodeExtended(value);
            if (decoded != null) {
                extended.put(name.substring(0, name.length() - 1), decoded);
            }
        }

        /**
         * The trimmed text up to one of two characters, which {@code at} then points to, or to the
         * end.
         */
        private String until(char stop, char orStop) {
            int start = at;
            while (at < text.length() && text.charAt(at) != stop && text.charAt(at) != orStop) {
                at++;
            }
            return Grammar.trim(text, start, at);
        }

        private String value() {
            while (at < text.length() && Grammar.isBlank(text.charAt(at))) {
                at++;
            }
            if (at == text.length() || text.charAt(at) != '"') {
                return until(';', ';');
            }
            var out = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    char escaped = text.charAt(at + 1);
                    // Browsers send backslashes in file names as they are (C:\name), so only what
                    // must be escaped is unescaped.
                    if (escaped == '"' || escaped == '\\') {
                        at++;
                    }
                }
                out.append(text.charAt(at));
            }
            until(';', ';'); // what follows the closing quote is nobody's
            return out.toString();
        }

        /** RFC 8187: {@code charset'language'percent-encoded}; null if it is not that. */
        private static @Nullable String decodeExtended(String value) {
            int first = value.indexOf('\'');
            int second = value.indexOf('\'', first + 1);
            if (first < 0 || second < 0) {
                return null;
            }
            var bytes =
                    Url.unescape(
                            value.substring(second + 1).getBytes(StandardCharsets.ISO_8859_1),
                            false);
            try {
                var charset = Charset.forName(value.substring(0, first));
                return charset.equals(StandardCharsets.UTF_8)
                        ? Utf8.decode(bytes)
                        : new String(bytes, charset);
            } catch (
                    IllegalArgumentException
                            undecodable) { // an unknown charset, or bytes that do not fit it
                return null;
            }
        }
    }
}
