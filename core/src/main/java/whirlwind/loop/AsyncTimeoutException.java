package whirlwind.loop;

import java.io.Serial;
import java.time.Duration;
import whirlwind.check.DurationText;

/**
 * Something took longer than it was allowed to. The one timeout of Whirlwind: whatever waits with a
 * limit throws it, and {@link Async#await} turns a future's {@link
 * java.util.concurrent.TimeoutException} into it.
 *
 * <p>Tornado: {@code util.TimeoutError}.
 */
public class AsyncTimeoutException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** A timeout that says what took too long. */
    public AsyncTimeoutException(String message) {
        super(message);
    }

    /** A timeout that another library reported. */
    public AsyncTimeoutException(String message, Throwable cause) {
        super(message, cause);
    }

    /** For example: {@code queue.get() timed out after 1.5 s}. */
    static AsyncTimeoutException after(String what, Duration limit) {
        return new AsyncTimeoutException(what + " timed out after " + DurationText.of(limit));
    }
}
