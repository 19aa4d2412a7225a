package whirlwind.http.codec.exchange;

import whirlwind.http.Headers;

/** Which fields a handler has given to its response, of those that matter to who sends it. */
public final class GivenFields {
    /** Bits, for {@link #of}. */
    public static final int DATE = 1;

    public static final int SERVER = 2;
    public static final int CONNECTION = 4;
    public static final int CONTENT_LENGTH = 8;
    public static final int TRANSFER_ENCODING = 16;
    public static final int ALT_SVC = 32;

    private GivenFields() {}

    /** Those that are there, each a bit, in one pass. */
    public static int of(Headers headers) {
        int given = 0;
        for (int i = 0; i < headers.size(); i++) {
            var name = headers.nameAt(i);
            given |=
                    switch (name.length()) {
                        case 4 -> name.equalsIgnoreCase("Date") ? DATE : 0;
                        case 6 -> name.equalsIgnoreCase("Server") ? SERVER : 0;
                        case 7 -> name.equalsIgnoreCase("Alt-Svc") ? ALT_SVC : 0;
                        case 10 -> name.equalsIgnoreCase("Connection") ? CONNECTION : 0;
                        case 14 -> name.equalsIgnoreCase("Content-Length") ? CONTENT_LENGTH : 0;
                        case 17 ->
                                name.equalsIgnoreCase("Transfer-Encoding") ? TRANSFER_ENCODING : 0;
                        default -> 0;
                    };
        }
        return given;
    }

    /** The given {@code Content-Length}: digits only, RFC 9110 section 8.6. */
    static long lengthOf(Headers headers) {
        var text = headers.get("Content-Length", "");
        long length = text.isEmpty() || text.length() > 18 ? -1 : 0;
        for (int i = 0; i < text.length() && length >= 0; i++) {
            char c = text.charAt(i);
            length = c >= '0' && c <= '9' ? 10 * length + (c - '0') : -1;
        }
        if (length < 0) {
            throw new IllegalArgumentException("Content-Length: '" + text + "' (expected digits)");
        }
        return length;
    }
}
