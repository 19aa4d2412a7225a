package whirlwind.realtime.websocket;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
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
final class Conversation implements WebSocketListener, PingWheel.Peer {
    /** So many messages may wait before the client is made to. */
    private static final int MAX_WAITING = 16;

    /** So many bytes of them. */
    private static final int MAX_WAITING_BYTES = 256 << 10;

    private static final PreparedMessage PING =
            new PreparedMessage(new WebSocketMessage.Ping(new byte[0]));

    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

    private final WebSocketHandler handler;
    private final WebSocketConnection connection;
    private final @Nullable PingWheel pings;

    /** What has arrived; null while nothing waits and nothing runs. */
    private @Nullable Arrived arrived;

    /** The coroutine that runs callbacks; null while none does. */
    private @Nullable Task<?> worker;

    private boolean closed;
    private int closeCode = WebSocketMessage.Close.NO_CODE;
    private String closeReason = "";
    private boolean awaitingPong;
    private int place;

    /** Messages that wait to be handled. */
    private static final class Arrived {
        private final ArrayDeque<WebSocketMessage> messages = new ArrayDeque<>(2);
        private int bytes;

        void add(WebSocketMessage message) {
            messages.add(message);
            bytes += size(message);
        }

        @Nullable WebSocketMessage poll() {
            var message = messages.poll();
            bytes -= message == null ? 0 : size(message);
            return message;
        }

        boolean isEmpty() {
            return messages.isEmpty();
        }

        boolean isFull() {
            return messages.size() >= MAX_WAITING || bytes >= MAX_WAITING_BYTES;
        }

        private static int size(WebSocketMessage message) {
            return switch (message) {
                case WebSocketMessage.Text(var text) -> text.length();
                case WebSocketMessage.TextPart(var text, _) -> text.length();
                case WebSocketMessage.Binary(var bytes) -> bytes.length;
                case WebSocketMessage.BinaryPart(var bytes, _) -> bytes.length;
                default -> 0;
            };
        }
    }

    Conversation(
            WebSocketHandler handler, WebSocketConnection connection, @Nullable PingWheel pings) {
        this.handler = handler;
        this.connection = connection;
        this.pings = pings;
    }

    // ---- from the handler ----

    /** Runs {@code open}, then what arrived meanwhile; in the request's coroutine. */
    void begin() {
        arrived = new Arrived();
        worker = Task.current();
        if (pings != null) {
            pings.add(this);
        }
        connection.listen(this);
        runSafely(handler::open);
        handler.releaseRequest();
        work();
    }

    WebSocketConnection connection() {
        return connection;
    }

    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    // ---- from the connection, on the loop's thread ----

    @Override
    public void message(WebSocketMessage message) {
        awaitingPong = false; // whatever came, the client is alive
        if (!isControl(message) || handler.hearsPings()) {
            arrive(message);
        }
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

    private static boolean isControl(WebSocketMessage message) {
        return message instanceof WebSocketMessage.Ping || message instanceof WebSocketMessage.Pong;
    }

    private void arrive(WebSocketMessage message) {
        var queue = arrived != null ? arrived : startWork();
        queue.add(message);
        if (queue.isFull() && !connection.isPaused()) {
            connection.pause();
        }
    }

    private Arrived startWork() {
        var queue = new Arrived();
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
        if (arrived == null || arrived.isEmpty()) {
            connection.resume();
        }
        return message;
    }

    private void deliver(WebSocketMessage message) throws Exception {
        switch (message) {
            case WebSocketMessage.Text(var text) -> handler.onMessage(text);
            case WebSocketMessage.Binary(var bytes) -> handler.onMessage(bytes);
            case WebSocketMessage.TextPart(var text, boolean last) -> handler.onPart(text, last);
            case WebSocketMessage.BinaryPart(var bytes, boolean last) ->
                    handler.onPart(bytes, last);
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

    // ---- from the wheel ----

    @Override
    public void ping() {
        if (connection.isOpen()) {
            awaitingPong = true;
            connection.send(PING);
        }
    }

    /** While the client is made to wait, so does its pong. */
    @Override
    public void checkAlive() {
        if (awaitingPong && !connection.isPaused() && !connection.hasProgressed()) {
            connection.close(1000, "ping timed out");
        }
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }
}
