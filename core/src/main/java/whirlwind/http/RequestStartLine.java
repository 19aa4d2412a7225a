package whirlwind.http;

import whirlwind.escape.Text;

/**
 * How a request begins. What is in here can go on the wire: the constructor refuses the rest.
 * Tornado's {@code RequestStartLine}.
 *
 * @param method a token, upper case by convention: {@code GET}
 * @param target what is asked for, as sent: {@code /path?query}, a whole URL, or {@code *}; nothing
 *     decoded
 * @param version the version of the protocol
 */
public record RequestStartLine(String method, String target, HttpVersion version) {
    /**
     * Of our own making.
     *
     * @throws IllegalArgumentException if the method is no token, or the target is empty or has
     *     white space, control characters or characters beyond U+00FF
     */
    public RequestStartLine {
        if (!Grammar.isToken(method)) {
            throw new IllegalArgumentException("method is not a token: " + Text.quoted(method));
        }
        if (!Grammar.isTarget(target)) {
            throw new IllegalArgumentException(
                    "request target is empty or has forbidden characters: " + Text.quoted(target));
        }
    }

    /**
     * Of a peer's making.
     *
     * @throws HttpInputException (400) where the constructor throws {@code
     *     IllegalArgumentException}
     */
    public static RequestStartLine received(String method, String target, HttpVersion version) {
        try {
            return new RequestStartLine(method, target, version);
        } catch (IllegalArgumentException malformed) {
            throw new HttpInputException(400, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /**
     * Reads {@code METHOD SP target SP HTTP/1.x}, RFC 9112 section 3, with exactly those two spaces
     * and without the line end.
     *
     * @throws HttpInputException (400) if the line is malformed; (505) if its version is not HTTP/1
     */
    public static RequestStartLine parse(String line) {
        int first = line.indexOf(' ');
        int last = line.lastIndexOf(' ');
        if (first == last) {
            throw new HttpInputException("malformed HTTP request line " + Text.quoted(line));
        }
        var version = HttpVersion.parse(line.substring(last + 1));
        return received(line.substring(0, first), line.substring(first + 1, last), version);
    }

    /** The line without its end. */
    @Override
    public String toString() {
        return method + " " + target + " " + version;
    }
}
