package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBufAllocator;
import whirlwind.http.codec.Outbox;

/**
 * What carries the bytes of a WebSocket: a connection of its own, or a stream among those of an
 * HTTP/2 connection. On the loop's own thread. What comes is told with {@link
 * WebSocketChannel#received}, {@link WebSocketChannel#writable} and {@link WebSocketChannel#ended}.
 */
public interface WebSocketWire {
    /** Where buffers for it come from. */
    ByteBufAllocator alloc();

    /** Whether more is wanted; some may come nevertheless. */
    void setReading(boolean reading);

    /**
     * Writes as much as the peer takes; whether nothing is left. If not, {@link
     * WebSocketChannel#writable} is called when more can be written.
     */
    boolean drain(Outbox outbox);

    /**
     * Whether it looks into the outbox at other times, so that this is to stay when it is empty.
     */
    default boolean keepsOutbox() {
        return false;
    }

    /** Hangs up behind what has been written. */
    void closeBehindOutput();

    /** Ends the output behind what has been written, and leaves it to the peer to hang up. */
    void endOutput();

    /** Hangs up at once. */
    void close();

    /** Switches {@code TCP_NODELAY}, where the connection is the WebSocket's own. */
    void setNodelay(boolean nodelay);
}
