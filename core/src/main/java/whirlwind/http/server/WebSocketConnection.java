package whirlwind.http.server;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.WebSocketChannel;

/**
 * The server's end of a WebSocket, RFC 6455; made by {@link HttpExchange#upgrade}. It does what the
 * protocol asks for by itself: answers pings, puts fragments together, masks nothing, inflates, and
 * closes on whatever a peer may not do. Belongs to its loop: call from a callback or coroutine of
 * that loop.
 *
 * <p>A quiet connection costs little more than its socket: no coroutine, no timer, no buffer.
 */
public final class WebSocketConnection {
    private final WebSocketChannel channel;

    WebSocketConnection(WebSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Begins to read: messages go to {@code listener}. Once. Until then what comes waits in the
     * kernel, so that there is time to open whatever the conversation needs. If the connection has
     * ended meanwhile, the listener hears that soon.
     *
     * @throws IllegalStateException if there is a listener already
     */
    public void listen(WebSocketListener listener) {
        channel.listen(listener);
    }

    /**
     * Sends a message; those of one turn of the loop go out together. The future is done when the
     * connection can take more, which is at once unless the client is slow, and fails with {@link
     * whirlwind.http.WebSocketClosedException} when the connection is closed or closing. Whoever
     * sends much awaits it: a client for whom more than {@link HttpServerOptions#maxWriteBuffer}
     * bytes wait is dropped by the next message, with a warning in the log. A {@link
     * WebSocketMessage.Close} is {@link #close(int, String)}.
     *
     * <p>A {@link WebSocketMessage.TextPart} or {@link WebSocketMessage.BinaryPart} goes out as a
     * fragment; until the last one is sent nothing but its like and control messages can be.
     *
     * @throws IllegalStateException if a message is being sent in parts, and this is another
     */
    public CompletableFuture<@Nullable Void> send(WebSocketMessage message) {
        return channel.send(message);
    }

    /**
     * Sends a message if there is room for it, for whoever rather leaves one out than waits or
     * loses the client. Text, bytes and control messages go out whole or not at all. A connection
     * takes messages while no more than {@link HttpServerOptions#maxWriteBuffer} bytes wait.
     *
     * @throws IllegalStateException if a message is being sent in parts, and this is none
     */
    public SendResult trySend(WebSocketMessage message) {
        return channel.trySend(message);
    }

    /** The same for a message that is encoded already; see {@link #trySend(WebSocketMessage)}. */
    public SendResult trySend(PreparedMessage message) {
        return channel.trySend(message.frame());
    }

    /** Sends a text message; see {@link #send(WebSocketMessage)}. */
    public CompletableFuture<@Nullable Void> send(String text) {
        return send(new WebSocketMessage.Text(text));
    }

    /** Sends a message that is encoded already; see {@link #send(WebSocketMessage)}. */
    public CompletableFuture<@Nullable Void> send(PreparedMessage message) {
        return channel.send(message.frame());
    }

    /**
     * Says goodbye: what was sent before goes out, then a close frame; when the peer has answered
     * it, or five seconds have passed, the connection is dropped. Closing twice does nothing.
     *
     * @throws IllegalArgumentException if code or reason can't be sent, see {@link
     *     WebSocketMessage.Close}
     */
    public void close(int code, String reason) {
        channel.close(code, reason);
    }

    /** Says goodbye with 1000, "normal closure". */
    public void close() {
        close(1000, "");
    }

    /** Drops the connection at once, with whatever was to be sent. */
    public void abort() {
        channel.abort();
    }

    /**
     * Whether messages can still be sent: no close frame went either way, and the connection is
     * there.
     */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /**
     * Stops calling {@link WebSocketListener#message} after the call that runs; what comes waits,
     * in the end at the client. A dropped connection may go unnoticed meanwhile.
     */
    public void pause() {
        channel.pause();
    }

    /** Whether it is {@linkplain #pause paused}. */
    public boolean isPaused() {
        return channel.isPaused();
    }

    /**
     * Whether some of a message that isn't whole has come since this was last asked: a sign of life
     * from a client that is busy sending.
     */
    public boolean hasProgressed() {
        return channel.hasProgressed();
    }

    /** Goes on calling {@link WebSocketListener#message}, from the loop's next turn. */
    public void resume() {
        channel.resume();
    }

    /**
     * Leaves it to the caller to say goodbye when the server {@linkplain HttpServer#drain drains},
     * which otherwise does so at once with 1001. At the drain's limit the connection is dropped in
     * any case.
     */
    public void leaveByItself() {
        channel.leaveByItself();
    }

    /**
     * Whether small packets go out at once ({@code TCP_NODELAY}, the default) or may be held back
     * to be joined.
     */
    public void setNodelay(boolean nodelay) {
        channel.setNodelay(nodelay);
    }

    /** The subprotocol of the upgrade, or null. */
    public @Nullable String subprotocol() {
        return channel.subprotocol();
    }

    /** Whether messages are compressed: asked for by the upgrade, and offered by the client. */
    public boolean isCompressed() {
        return channel.isCompressed();
    }
}
