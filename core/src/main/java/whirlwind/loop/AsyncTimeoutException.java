package whirlwind.loop;

import java.io.Serial;
import java.time.Duration;

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
        return new AsyncTimeoutException("%s timed out after %s s".formatted(what, seconds(limit)));
    }

    private static String seconds(Duration limit) {
        double seconds = limit.toMillis() / 1e3;
        return seconds == Math.rint(seconds)
                ? Long.toString((long) seconds)
                : Double.toString(seconds);
    }
}
