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
}
