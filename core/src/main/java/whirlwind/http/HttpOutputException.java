package whirlwind.http;

import java.io.Serial;

/**
 * This side tried to send a message that would break its own framing: more body than was announced,
 * a header after the body, a second head. Our fault, so the connection is closed rather than left
 * out of step. Tornado's {@code HTTPOutputError}.
 */
public final class HttpOutputException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** Says what was tried and what the message's state allowed. */
    public HttpOutputException(String message) {
        super(message);
    }
}
