package whirlwind.realtime.websocket;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.http.server.WebSocketConnection;
import whirlwind.loop.Async;
import whirlwind.loop.Task;

/**
 * Brings what comes over a connection to its handler: one thing at a time, in coroutines, none
 * while nothing comes.
 *
 * <p>What has arrived waits in a queue. While it is being emptied there is a coroutine; the first
 * is the request's own, which runs {@code open} and whatever came meanwhile.
 */
final class Conversation implements WebSocketListener {
    /** So many messages may wait before the client is made to. */
    private static final int MAX_WAITING = 16;

    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

    private final WebSocketHandler handler;
    private final WebSocketConnection connection;
    private final @Nullable Pings pings;

    /** What has arrived; null while nothing waits and nothing runs. */
    private @Nullable ArrayDeque<WebSocketMessage> arrived;

    /** The coroutine that runs callbacks; null while none does. */
    private @Nullable Task<?> worker;

    private boolean paused;
    private boolean closed;
    private int closeCode = WebSocketMessage.Close.NO_CODE;
    private String closeReason = "";
    private boolean awaitingPong;

    Conversation(WebSocketHandler handler, WebSocketConnection connection, @Nullable Pings pings) {
        this.handler = handler;
        this.connection = connection;
        this.pings = pings;
    }

    // ---- from the handler ----

    /** Runs {@code open}, then what arrived meanwhile; in the request's coroutine. */
    void begin() {
        arrived = new ArrayDeque<>();
        worker = Task.current();
        if (pings != null) {
            pings.add(this);
        }
        connection.listen(this);
        runSafely(handler::open);
        handler.releaseRequest();
        work();
    }

    CompletableFuture<@Nullable Void> send(WebSocketMessage message) {
        return connection.send(message);
    }

    CompletableFuture<@Nullable Void> send(PreparedMessage message) {
        return connection.send(message);
    }

    void close(int code, String reason) {
        connection.close(code, reason);
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    @Nullable String subprotocol() {
        return connection.subprotocol();
    }

    void setNodelay(boolean nodelay) {
        connection.setNodelay(nodelay);
    }

    // ---- from the connection, on the loop's thread ----

    @Override
    public void message(WebSocketMessage message) {
        awaitingPong = false; // whatever came, the client is alive
        arrive(message);
    }

    @Override
    public void closed(int code, String reason) {
        closed = true;
        closeCode = code;
        closeReason = reason;
        if (pings != null) {
            pings.remove(this);
        }
        if (worker != null && handler.isCancelledOnClose()) {
            worker.cancel();
        }
        if (arrived == null) {
            startWork();
        }
    }

    private void arrive(WebSocketMessage message) {
        var queue = arrived != null ? arrived : startWork();
        queue.add(message);
        if (queue.size() >= MAX_WAITING && !paused) {
            paused = true;
            connection.pause();
        }
    }

    private ArrayDeque<WebSocketMessage> startWork() {
        var queue = new ArrayDeque<WebSocketMessage>(2);
        arrived = queue;
        worker = Async.spawn("websocket", this::work);
        return queue;
    }

    // ---- in a coroutine ----

    private void work() {
        for (WebSocketMessage message; (message = next()) != null; ) {
            var current = message;
            runSafely(() -> deliver(current));
        }
        arrived = null;
        worker = null;
        if (closed) {
            runSafely(handler::onClose);
        }
    }

    private @Nullable WebSocketMessage next() {
        var message = arrived == null ? null : arrived.poll();
        if (paused && (arrived == null || arrived.isEmpty())) {
            paused = false;
            connection.resume();
        }
        return message;
    }

    private void deliver(WebSocketMessage message) throws Exception {
        switch (message) {
            case WebSocketMessage.Text(var text) -> handler.onMessage(text);
            case WebSocketMessage.Binary(var bytes) -> handler.onMessage(bytes);
            case WebSocketMessage.Ping(var data) -> handler.onPing(data);
            case WebSocketMessage.Pong(var data) -> handler.onPong(data);
            case WebSocketMessage.Close close ->
                    throw new AssertionError("comes as closed(): " + close);
        }
    }

    private interface Callback {
        void run() throws Exception;
    }

    private void runSafely(Callback callback) {
        try {
            callback.run();
        } catch (CancellationException e) {
            if (!closed) {
                connection.close(1001, ""); // the loop ends
            }
        } catch (Exception e) {
            if (closed && e instanceof WebSocketClosedException) {
                return; // it sent something to a client that had just gone
            }
            log.error("Exception in {}", handler, e);
            connection.close(1011, "");
        }
    }

    // ---- from Pings ----

    /** Asks for a sign of life, or ends a conversation that gave none since it was last asked. */
    void checkAlive() {
        if (awaitingPong) {
            connection.close(1000, "ping timed out");
        } else if (connection.isOpen()) {
            awaitingPong = true;
            connection.send(new WebSocketMessage.Ping(new byte[0]));
        }
    }
}
