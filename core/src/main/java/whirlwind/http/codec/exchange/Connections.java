package whirlwind.http.codec.exchange;

import java.util.List;
import java.util.function.Consumer;
import whirlwind.http.codec.Members;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.loop.IOLoop;

/**
 * The open connections of one server: those that speak HTTP, those that have become a WebSocket,
 * and each WebSocket that a stream carries. On the loop's own thread.
 */
public final class Connections {
    /** Those that are told in one turn of the loop that the server ends. */
    private static final int DRAIN_BATCH = 100;

    final Members<ServerConnection> https = new Members<>();
    private final Members<WebSocketChannel> webSockets = new Members<>();
    private final IOLoop loop;
    private final Runnable onFewer;
    private boolean draining;

    /** None; with whom to tell when there is one less. */
    Connections(IOLoop loop, Runnable onFewer) {
        this.loop = loop;
        this.onFewer = onFewer;
    }

    /** How many there are. Also for coroutines. */
    public int count() {
        return https.size() + webSockets.size();
    }

    /** A connection has been opened. */
    public void add(ServerConnection connection) {
        https.add(connection);
    }

    /** A stream has become a WebSocket. */
    public void add(WebSocketChannel webSocket) {
        webSockets.add(webSocket);
    }

    /** A connection is closed, or no concern of the server's any more. */
    public void left(ServerConnection connection) {
        https.remove(connection);
        onFewer.run();
    }

    /** A WebSocket has ended. */
    void left(WebSocketChannel webSocket) {
        webSockets.remove(webSocket);
        onFewer.run();
    }

    /** A connection goes on with another version of HTTP. */
    public void switched(ServerConnection before, ServerConnection after) {
        https.add(after);
        https.remove(before);
    }

    /** An HTTP connection goes on as a WebSocket; not for long if the server is ending. */
    public void switched(ServerConnection before, WebSocketChannel after) {
        webSockets.add(after);
        https.remove(before);
        if (draining) {
            loop.addCallback(() -> sayGoodbye(after));
        }
    }

    /** Whether a connection closes when its request is answered. */
    public boolean isDraining() {
        return draining;
    }

    /**
     * Lets what runs end: idle connections are closed now, others when their request is answered,
     * and WebSockets are told that this server is going away: some in each turn of the loop, so
     * that it has time for the others, and not all of them come back to it at once.
     */
    public void drain() {
        draining = true;
        inBatches(https.copy(), ServerConnection::drain);
        inBatches(webSockets.copy(), Connections::sayGoodbye);
    }

    private <T> void inBatches(List<T> all, Consumer<T> action) {
        int some = Math.min(DRAIN_BATCH, all.size());
        all.subList(0, some).forEach(action);
        if (some < all.size()) {
            loop.addCallback(() -> inBatches(all.subList(some, all.size()), action));
        }
    }

    /** Tells the client of a WebSocket that this server ends, unless somebody else does. */
    private static void sayGoodbye(WebSocketChannel webSocket) {
        if (!webSocket.leavesByItself()) {
            webSocket.close(1001, "server is going away");
        }
    }

    /** Closes all at once. */
    public void dropAll() {
        https.copy().forEach(ServerConnection::drop);
        webSockets.copy().forEach(WebSocketChannel::drop);
    }
}
