package whirlwind.http.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpStatus;

/**
 * The head of a response, with its body if that is given at once. It is encoded when it goes out.
 *
 * @param reason null: the standard one
 * @param body empty if it comes later, or never
 * @param given which fields {@code headers} has, as {@link #scan} found them
 * @param framing what to add about the body's length
 * @param length the body's, for {@link Framing#LENGTH}
 * @param persistence what to add about the connection
 */
record ResponseHead(
        int status,
        @Nullable String reason,
        Headers headers,
        byte[] body,
        int given,
        Framing framing,
        long length,
        Persistence persistence)
        implements Output {

    /** How the client finds the end of the body, RFC 9112 section 6. */
    enum Framing {
        /** As the given fields say, or at the end of the connection, or there is none. */
        AS_GIVEN,
        /** {@code Content-Length} is to be added. */
        LENGTH,
        /** Chunks; {@code Transfer-Encoding} is to be added. */
        CHUNKED
    }

    /** What is to be said about the time after this response, RFC 9112 section 9.3. */
    enum Persistence {
        /** What the version says by itself, or the given fields. */
        AS_GIVEN,
        /** {@code Connection: close}. */
        CLOSE,
        /** {@code Connection: keep-alive}, for HTTP/1.0. */
        KEEP_ALIVE
    }

    static final int DATE = 1;
    static final int SERVER = 2;
    static final int CONNECTION = 4;
    static final int CONTENT_LENGTH = 8;
    static final int TRANSFER_ENCODING = 16;
    static final int ALT_SVC = 32;

    /** A head as it is given, with nothing behind it that it tells of. */
    static ResponseHead alone(int status, Headers headers, int given) {
        return new ResponseHead(
                status,
                null,
                headers,
                RequestBody.NONE,
                given,
                Framing.AS_GIVEN,
                0,
                Persistence.AS_GIVEN);
    }

    /** The whole answer to what can't be handled: one line of text. */
    static ResponseHead refusal(int status, Persistence persistence) {
        var text = status + " " + HttpStatus.reason(status) + "\n";
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new ResponseHead(
                status,
                null,
                Headers.of("Content-Type", "text/plain; charset=UTF-8"),
                bytes,
                0,
                Framing.LENGTH,
                bytes.length,
                persistence);
    }

    /** Which of the fields that matter here are given, in one pass. */
    static int scan(Headers headers) {
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

    @Override
    public int size() {
        return body.length;
    }
}
