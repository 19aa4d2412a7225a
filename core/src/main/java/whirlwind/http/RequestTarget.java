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
        if (!HostAndPort.isValid(authority)) {
            throw new HttpInputException("malformed host in target " + Text.quoted(target));
        }
        var rest = target.substring(end);
        return new RequestTarget(rest.startsWith("/") ? rest : "/" + rest, scheme, authority);
    }
}
