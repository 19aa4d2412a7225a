package whirlwind.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reading the {@code Cookie} header; what goes out is a {@link Cookie}. */
public final class Cookies {
    private Cookies() {}

    /** As {@link #parse}, added to what {@code jar} has. */
    static void parseInto(Map<String, String> jar, String header) {
        int start = 0;
        while (start <= header.length()) {
            int semicolon = header.indexOf(';', start);
            int end = semicolon < 0 ? header.length() : semicolon;
            int equals = header.indexOf('=', start, end);
            boolean named = equals >= 0;
            var name = named ? header.substring(start, equals).strip() : "";
            var value = header.substring(named ? equals + 1 : start, end).strip();
            if (!name.isEmpty() || !value.isEmpty()) {
                jar.put(name, unquote(value));
            }
            start = end + 1;
        }
    }

    /**
     * The names and values of a {@code Cookie} header in order, as browsers read it rather than as
     * any RFC says: cut at every semicolon, even within quotes; white space trimmed; a piece
     * without {@code =} is a value whose name is empty; the last of two with the same name wins; a
     * value in double quotes is unquoted, with its octal and backslash escapes. Tornado's {@code
     * parse_cookie}.
     */
    public static Map<String, String> parse(String header) {
        var jar = new LinkedHashMap<String, String>();
        parseInto(jar, header);
        return jar;
    }

    /**
     * Takes the quotes off a quoted value and reads its escapes: {@code \ooo} in octal up to 377,
     * and {@code \c} for c.
     */
    static String unquote(String value) {
        int last = value.length() - 1;
        if (last < 1 || value.charAt(0) != '"' || value.charAt(last) != '"') {
            return value;
        }
        var out = new StringBuilder(value.length());
        for (int i = 1; i < last; i++) {
            char c = value.charAt(i);
            if (c != '\\' || i + 1 >= last) {
                out.append(c);
            } else if (isOctal(value, i + 1, last)) {
                out.append((char) Integer.parseInt(value, i + 1, i + 4, 8));
                i += 3;
            } else {
                out.append(value.charAt(++i));
            }
        }
        return out.toString();
    }

    private static boolean isOctal(String value, int at, int end) {
        return at + 3 <= end
                && between(value.charAt(at), '0', '3')
                && between(value.charAt(at + 1), '0', '7')
                && between(value.charAt(at + 2), '0', '7');
    }

    private static boolean between(char c, char low, char high) {
        return c >= low && c <= high;
    }

    /**
     * The value as it is if a cookie may hold it bare, else in quotes with escapes that {@link
     * #unquote} reads back.
     */
    static String quote(String value) {
        if (isBare(value)) {
            return value;
        }
        var out = new StringBuilder(value.length() + 8).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (isCookieOctet(c)) {
                out.append(c);
            } else {
                out.append('\\')
                        .append((char) ('0' + (c >> 6)))
                        .append((char) ('0' + ((c >> 3) & 7)))
                        .append((char) ('0' + (c & 7)));
            }
        }
        return out.append('"').toString();
    }

    private static boolean isBare(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isCookieOctet(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** RFC 6265 section 4.1.1: visible ASCII without quote, comma, semicolon and backslash. */
    private static boolean isCookieOctet(char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
    }
}
