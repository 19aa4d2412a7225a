package whirlwind.http;

import whirlwind.escape.Text;

/**
 * How a response begins. What is in here can go on the wire: the constructor refuses the rest.
 * Tornado's {@code ResponseStartLine}.
 *
 * @param version the version of the protocol
 * @param code the status, 100 to 999
 * @param reason what people read; may be empty, and HTTP/2 does not send it
 */
public record ResponseStartLine(HttpVersion version, int code, String reason) {
    /**
     * Of our own making.
     *
     * @throws IllegalArgumentException if the code has not three digits, or the reason has control
     *     characters or characters beyond U+00FF
     */
    public ResponseStartLine {
        if (code < 100 || code > 999) {
            throw new IllegalArgumentException("status code: " + code + " (expected 100 to 999)");
        }
        if (!Grammar.isFieldContent(reason)) {
            throw new IllegalArgumentException(
                    "reason phrase has forbidden characters: " + Text.quoted(reason));
        }
    }

    /** HTTP/1.1 with the standard reason of {@code code}. */
    public static ResponseStartLine of(int code) {
        return new ResponseStartLine(HttpVersion.HTTP_1_1, code, HttpStatus.reason(code));
    }

    /**
     * Reads {@code HTTP/1.x SP code SP reason}, RFC 9112 section 4, without the line end. The
     * reason may be empty, the space before it may not be missing.
     *
     * @throws HttpInputException if the line is malformed or its version is not HTTP/1
     */
    public static ResponseStartLine parse(String line) {
        if (line.length() < 13 || line.charAt(8) != ' ' || line.charAt(12) != ' ') {
            throw new HttpInputException("malformed HTTP status line " + Text.quoted(line));
        }
        int code = 0;
        for (int i = 9; i < 12; i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') {
                throw new HttpInputException("malformed HTTP status line " + Text.quoted(line));
            }
            code = 10 * code + (c - '0');
        }
        var version = HttpVersion.parse(line.substring(0, 8));
        try {
            return new ResponseStartLine(version, code, line.substring(13));
        } catch (IllegalArgumentException malformed) {
            throw new HttpInputException(400, String.valueOf(malformed.getMessage()), malformed);
        }
    }

    /** The line without its end. */
    @Override
    public String toString() {
        return version + " " + code + " " + reason;
    }
}
