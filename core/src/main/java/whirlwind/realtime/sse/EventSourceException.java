package whirlwind.realtime.sse;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EventSource} has ended because connecting again would not help: the server answered
 * with a status or type that is no stream of events, an event is too large, or too many attempts
 * have failed; then the cause is the failure of the last.
 */
public final class EventSourceException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    EventSourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
