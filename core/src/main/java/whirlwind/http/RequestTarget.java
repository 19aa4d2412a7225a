package whirlwind.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;

/**
 * What a server makes of a request's target, RFC 9112 section 3.2: a path, a whole URL of which the
 * path is used and the authority believed, or {@code *}. The fourth form is CONNECT's, which is for
 * proxies.
 *
 * @param uri path and query, or {@code *}; nothing decoded
 * @param scheme {@code http} or {@code https} of a whole URL, else null
 * @param authority host and perhaps port of a whole URL, else null
 */
record RequestTarget(String uri, @Nullable String scheme, @Nullable String authority) {
    /**
     * Reads the target of a request.
     *
     * @throws HttpInputException (400) if it is none of the three forms; (501) for CONNECT
     */
    static RequestTarget of(RequestStartLine line) {
        var target = line.target();
        if (line.method().equals("CONNECT")) {
            throw new HttpInputException(501, "CONNECT is for proxies");
        }
        for (int i = 0; i < target.length(); i++) {
            if (target.charAt(i) > '~' || target.charAt(i) == '#') {
                throw new HttpInputException(
                        "request target has a fragment or unescaped characters: "
                                + Text.quoted(target));
            }
        }
        if (target.charAt(0) == '/') {
            return new RequestTarget(target, null, null);
        }
        if (target.equals("*") && line.method().equals("OPTIONS")) {
            return new RequestTarget(target, null, null);
        }
        return ofUrl(target);
    }

    private static RequestTarget ofUrl(String target) {
        int colon = target.indexOf("://");
        var scheme = colon < 0 ? "" : target.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new HttpInputException(
                    "request target is no path and no URL: " + Text.quoted(target));
        }
        int start = colon + 3;
        int end = start;
        while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        var authority = target.substring(start, end);
        if (!isAuthority(authority)) {
            throw new HttpInputException("malformed host in target " + Text.quoted(target));
        }
        var rest = target.substring(end);
        return new RequestTarget(rest.startsWith("/") ? rest : "/" + rest, scheme, authority);
    }

    /**
     * RFC 9110 section 7.2: a host and perhaps a port. A comma is refused although RFC 3986 has it,
     * for it is how a proxy writes two of them, and parties that pick different ones can be played
     * against each other.
     */
    static boolean isAuthority(String text) {
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
