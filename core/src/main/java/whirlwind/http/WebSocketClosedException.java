package whirlwind.http;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/**
 * A message can't be sent because the WebSocket is closed or closing. Tornado's {@code
 * WebSocketClosedError}.
 */
public final class WebSocketClosedException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    /** Says why. */
    public WebSocketClosedException(String message) {
        super(message, new IOException(message));
    }
}
