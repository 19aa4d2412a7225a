package whirlwind.http.server;

import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.SharedFrame;

/**
 * A message for many WebSockets, encoded once: {@link WebSocketConnection#send(PreparedMessage)}.
 * Connections without compression that are written to in the same turn of a loop share one buffer.
 * Immutable; any thread may make one and hand it on.
 */
public final class PreparedMessage {
    private final SharedFrame frame;

    /** Encodes {@code message}. */
    public PreparedMessage(WebSocketMessage message) {
        this.frame = new SharedFrame(message);
    }

    /** What was encoded. */
    public WebSocketMessage message() {
        return frame.message();
    }

    SharedFrame frame() {
        return frame;
    }
}
