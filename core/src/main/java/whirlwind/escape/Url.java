package whirlwind.escape;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Percent-encoding, RFC 3986 section 2.1, in the two dialects that URLs have: in queries and form
 * bodies a space is a plus, in paths it is {@code %20} and a plus is a plus. Tornado's {@code
 * url_escape}, {@code url_unescape} and {@code url_concat}.
 *
 * <p>Decoding is lenient in syntax, as browsers are (a percent sign without two hexadecimal digits
 * stands for itself), and strict in text: bytes that do not fit the charset are an error.
 */
public final class Url {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private Url() {}

    /**
     * The text as a value in a query or form body: unreserved characters (letters, digits, {@code
     * -._~}) as they are, a space as a plus, the rest as percent-encoded UTF-8, the slash too.
     */
    public static String escape(String text) {
        return escape(Utf8.encode(text), true);
    }

    /**
     * The text as a piece of a path: as {@link #escape}, but a space is {@code %20} and slashes
     * stay.
     */
    public static String escapePath(String text) {
        return escape(Utf8.encode(text), false);
    }

    private static String escape(byte[] bytes, boolean form) {
        var out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (isUnreserved(c) || (c == '/' && !form)) {
                out.append(c);
            } else if (c == ' ' && form) {
                out.append('+');
            } else {
                out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    /**
     * A URL with what is not ASCII in it as percent-encoded UTF-8, and the rest as it is: how it
     * stands in a header such as {@code Location}.
     */
    public static String toAscii(String url) {
        if (url.chars().allMatch(c -> c < 0x80)) {
            return url;
        }
        var out = new StringBuilder(url.length() + 16);
        for (byte b : Utf8.encode(url)) {
            if (b >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    /**
     * Reads a value of a query or form body: plus is a space.
     *
     * @throws MalformedTextException if the bytes are not UTF-8
     */
    public static String unescape(String text) {
        return isPlain(text, true) ? text : Utf8.decode(unescape(Utf8.encode(text), true));
    }

    /**
     * Reads a piece of a path: plus stays plus.
     *
     * @throws MalformedTextException if the bytes are not UTF-8
     */
    public static String unescapePath(String text) {
        return isPlain(text, false) ? text : Utf8.decode(unescape(Utf8.encode(text), false));
    }

    /**
     * As {@link #unescape}, the bytes being text in {@code charset}; what does not fit is replaced
     * by U+FFFD, except in UTF-8.
     */
    public static String unescape(String text, Charset charset) {
        return decode(unescape(text.getBytes(charset), true), charset);
    }

    /**
     * As {@link #unescape} for text that came over the wire as bytes and was read as Latin-1, as a
     * request's target is: its characters beyond ASCII are bytes that somebody forgot to escape.
     *
     * @throws MalformedTextException if charset is UTF-8 and the bytes are not
     */
    public static String unescapeWire(String text, Charset charset) {
        return isAscii(text) && isPlain(text, true)
                ? text
                : decode(unescape(text.getBytes(StandardCharsets.ISO_8859_1), true), charset);
    }

    /**
     * As {@link #unescapePath} for text that was read as Latin-1, see {@link #unescapeWire}.
     *
     * @throws MalformedTextException if the bytes are not UTF-8
     */
    public static String unescapeWirePath(String text) {
        return isAscii(text) && isPlain(text, false)
                ? text
                : Utf8.decode(unescape(text.getBytes(StandardCharsets.ISO_8859_1), false));
    }

    private static String decode(byte[] bytes, Charset charset) {
        return charset.equals(StandardCharsets.UTF_8)
                ? Utf8.decode(bytes)
                : new String(bytes, charset);
    }

    /**
     * The bytes that escaped text stands for, whatever they mean. {@code form}: whether plus is a
     * space.
     */
    public static byte[] unescape(byte[] escaped, boolean form) {
        var out = new byte[escaped.length];
        int length = 0;
        for (int i = 0; i < escaped.length; i++) {
            int b = escaped[i];
            if (b == '%' && i + 2 < escaped.length) {
                int high = Character.digit(escaped[i + 1], 16);
                int low = Character.digit(escaped[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    b = high << 4 | low;
                    i += 2;
                }
            } else if (b == '+' && form) {
                b = ' ';
            }
            out[length++] = (byte) b;
        }
        return Arrays.copyOf(out, length);
    }

    private static boolean isPlain(String text, boolean form) {
        return text.indexOf('%') < 0 && (!form || text.indexOf('+') < 0);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    /**
     * The URL with these arguments after those its query has; a fragment stays at the end. What the
     * query had is kept, in the spelling of {@link #escape}: a name without {@code =} gets one.
     *
     * @throws MalformedTextException if the query that is there is not UTF-8
     */
    public static String concat(String url, Map<String, String> arguments) {
        return concat(url, List.copyOf(arguments.entrySet()));
    }

    /** As {@link #concat(String, Map)}, for names that may occur more than once. */
    public static String concat(String url, List<Map.Entry<String, String>> arguments) {
        int hash = url.indexOf('#');
        var fragment = hash < 0 ? "" : url.substring(hash);
        var base = hash < 0 ? url : url.substring(0, hash);
        int question = base.indexOf('?');
        var query = new StringBuilder();
        if (question >= 0) {
            for (var argument : base.substring(question + 1).split("&", -1)) {
                int equals = argument.indexOf('=');
                if (!argument.isEmpty()) {
                    append(
                            query,
                            unescape(equals < 0 ? argument : argument.substring(0, equals)),
                            equals < 0 ? "" : unescape(argument.substring(equals + 1)));
                }
            }
        }
        arguments.forEach(argument -> append(query, argument.getKey(), argument.getValue()));
        var start = question < 0 ? base : base.substring(0, question);
        return start + (query.isEmpty() ? "" : "?") + query + fragment;
    }

    private static void append(StringBuilder query, String name, String value) {
        query.append(query.isEmpty() ? "" : "&")
                .append(escape(name))
                .append('=')
                .append(escape(value));
    }

    /**
     * Whether a browser that is sent there stays at the host it is at: it is a path, of visible
     * ASCII, and doesn't begin as the name of a host would. Two slashes do, and so does a slash
     * with a backslash, which browsers take for one.
     */
    public static boolean isLocalPath(String url) {
        return url.startsWith("/")
                && !url.startsWith("//")
                && !url.startsWith("/\\")
                && url.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** The URL as it may be shown in logs and messages: without the user and password in it. */
    public static String withoutUser(String url) {
        int start = url.indexOf("://") + 3;
        int end = start;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        int at = url.lastIndexOf('@', end - 1);
        return start < 3 || at < start ? url : url.substring(0, start) + url.substring(at + 1);
    }
}
