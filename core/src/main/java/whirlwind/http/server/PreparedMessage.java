package whirlwind.http.server;

import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.SharedFrame;

/**
 * A message for many WebSockets, encoded once, and compressed once, at level 6, for all that use
 * compression: {@link WebSocketConnection#send(PreparedMessage)}. Connections that are written to
 * in the same turn of a loop share one buffer. After it a connection's own messages refer to none
 * before. Immutable; any thread may make one and hand it on.
 */
public final class PreparedMessage {
    private final SharedFrame frame;

    /** Encodes {@code message}. */
    public PreparedMessage(WebSocketMessage message) {
        this.frame = new SharedFrame(message);
    }

    /**
     * Compresses it now, and not when the first connection needs that: for several loops, which
     * might come to it at the same moment and do it twice.
     */
    public void compress() {
        frame.compressed();
    }

    /** What was encoded. */
    public WebSocketMessage message() {
        return frame.message();
    }

    SharedFrame frame() {
        return frame;
    }
}
