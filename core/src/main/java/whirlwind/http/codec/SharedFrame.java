package whirlwind.http.codec;

import whirlwind.http.WebSocketMessage;

/**
 * A WebSocket frame for many connections: a server's frames aren't masked, so the bytes are the
 * same for all. Those connections of one loop that it is written to in one turn share one buffer,
 * too; see {@link Encoding#shared}. Immutable.
 */
public final class SharedFrame implements Output {
    private final WebSocketMessage message;
    private final byte[] bytes;

    /** Encodes the message. */
    public SharedFrame(WebSocketMessage message) {
        this.message = message;
        this.bytes = Frames.encode(message);
    }

    /** What was encoded. */
    public WebSocketMessage message() {
        return message;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public int size() {
        return bytes.length;
    }
}
