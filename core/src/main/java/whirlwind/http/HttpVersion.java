package whirlwind.http;

import whirlwind.escape.Text;

/** The versions of HTTP that messages may be in. */
public enum HttpVersion {
    /**
     * One request to a connection unless both sides agree otherwise, no {@code Host}, no chunks.
     */
    HTTP_1_0("HTTP/1.0"),
    /** RFC 9112. */
    HTTP_1_1("HTTP/1.1"),
    /** RFC 9113. */
    HTTP_2("HTTP/2"),
    /** RFC 9114. */
    HTTP_3("HTTP/3");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    /**
     * The version that a start line names. A minor version above 1 is 1.1, the highest of that
     * major version that we know (RFC 9110 section 2.5).
     *
     * @throws HttpInputException (400) if it is malformed; (505) if the major version is not 1, for
     *     a start line is how HTTP/1 begins and no other
     */
    public static HttpVersion parse(String text) {
        if (text.equals("HTTP/1.1")) {
            return HTTP_1_1;
        }
        if (text.length() != 8
                || !text.startsWith("HTTP/")
                || !isDigit(text.charAt(5))
                || text.charAt(6) != '.'
                || !isDigit(text.charAt(7))) {
            throw new HttpInputException("malformed HTTP version " + Text.quoted(text));
        }
        if (text.charAt(5) != '1') {
            throw new HttpInputException(505, "unexpected HTTP version " + text);
        }
        return text.charAt(7) == '0' ? HTTP_1_0 : HTTP_1_1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** As it is written: {@code HTTP/1.1}. */
    @Override
    public String toString() {
        return text;
    }
}
