package whirlwind.http;

import java.util.OptionalInt;
import whirlwind.escape.Text;

/**
 * A host and perhaps a port. Tornado's {@code split_host_and_port}, and right for IPv6 addresses
 * without brackets.
 *
 * @param host as written, an IPv6 address with its brackets if it had them
 * @param port 0 to 65535, if there was one
 */
public record HostAndPort(String host, OptionalInt port) {
    /**
     * Splits {@code example.com:80}, {@code [::1]:80} and either without port. Two colons without
     * brackets are an IPv6 address.
     *
     * @throws IllegalArgumentException if the port is above 65535
     */
    public static HostAndPort parse(String text) {
        int colon = portColon(text);
        if (colon < 0 || colon == text.length() - 1) {
            return new HostAndPort(
                    colon < 0 ? text : text.substring(0, colon), OptionalInt.empty());
        }
        var digits = text.substring(colon + 1);
        int port = digits.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(digits);
        if (port > 65535) {
            throw new IllegalArgumentException("port in " + Text.quoted(text) + " (at most 65535)");
        }
        return new HostAndPort(text.substring(0, colon), OptionalInt.of(port));
    }

    /** Index of the colon that a port follows, be it an empty one; -1 if there is none. */
    static int portColon(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || (text.indexOf(':') != colon && text.charAt(colon - 1) != ']')) {
            return -1;
        }
        for (int i = colon + 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return colon;
    }

    /**
     * Whether it is a host and perhaps a port as a request may name them, RFC 9110 section 7.2. A
     * comma is refused although RFC 3986 has it, for it is how a proxy writes two hosts, and
     * parties that pick different ones can be played against each other.
     */
    public static boolean isValid(String text) {
        int colon = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        int end = colon < 0 ? text.length() : colon;
        return end > 0 && isHost(text, end) && isPort(text, end);
    }

    private static boolean isHost(String text, int end) {
        boolean literal = text.startsWith("[");
        for (int i = literal ? 1 : 0; i < (literal ? end - 1 : end); i++) {
            char c = text.charAt(i);
            boolean fits =
                    literal
                            ? Character.digit(c, 16) >= 0 || c == ':' || c == '.'
                            : isRegNameCharacter(text, i, end);
            if (!fits) {
                return false;
            }
        }
        return !literal || end > 2;
    }

    /** RFC 3986 section 3.2.2. */
    private static boolean isRegNameCharacter(String text, int index, int end) {
        char c = text.charAt(index);
        if (c == '%') {
            return index + 2 < end
                    && Character.digit(text.charAt(index + 1), 16) >= 0
                    && Character.digit(text.charAt(index + 2), 16) >= 0;
        }
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-._~!$&'()*+;=".indexOf(c) >= 0;
    }

    /** Nothing, or a colon and up to five digits, which may be none. */
    private static boolean isPort(String text, int from) {
        for (int i = from + 1; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return from == text.length() || (text.charAt(from) == ':' && text.length() - from <= 6);
    }
}
