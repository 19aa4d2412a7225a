package whirlwind.realtime.websocket;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
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
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Task;

/**
 * Brings what comes over a connection to its handler: one thing at a time, in coroutines, none
 * while nothing comes. A quiet conversation is this object.
 */
final class Conversation implements WebSocketListener, PingWheel.Peer {
    /** So many messages may wait before the client is made to. */
    private static final int MAX_WAITING = 16;

    /** So many bytes of them. */
    private static final int MAX_WAITING_BYTES = 256 << 10;

    private static final PreparedMessage PING =
            new PreparedMessage(new WebSocketMessage.Ping(new byte[0]));

    private static final Logger log = LoggerFactory.getLogger(WebSocketHandler.class);

    /** How it ended. */
    private record Ending(int code, String reason) {}

    private static final Ending NONE = new Ending(WebSocketMessage.Close.NO_CODE, "");

    private final WebSocketHandler handler;
    private final WebSocketConnection connection;
    private final @Nullable PingWheel pings;

    /** Null while nothing has arrived; the last one stays. */
    private @Nullable Work work;

    /** Whether {@code open} has been called. */
    private boolean opened;

    private boolean awaitingPong;
    private int place;

    Conversation(
            WebSocketHandler handler, WebSocketConnection connection, @Nullable PingWheel pings) {
        this.handler = handler;
        this.connection = connection;
        this.pings = pings;
    }

    // ---- from the handler ----

    /** Runs {@code open}, then what arrived meanwhile, in a coroutine that outlives the request. */
    void begin() {
        startWork();
        if (pings != null) {
            pings.add(this);
        }
        connection.listen(this);
    }

    WebSocketConnection connection() {
        return connection;
    }

    int closeCode() {
        return ending().code;
    }

    String closeReason() {
        return ending().reason;
    }

    private Ending ending() {
        return work == null || work.ending == null ? NONE : work.ending;
    }

    private boolean hasEnded() {
        return ending() != NONE;
    }

    /** Waits for a message to the handler; null when there won't be any. In its coroutine. */
    @Nullable WebSocketMessage read() throws Exception {
        if (work == null || work.task != Task.current()) {
            throw new IllegalStateException(
                    "readMessage is for the coroutine that runs open() or another of this"
                            + " handler's methods");
        }
        handler.releaseRequest();
        return work.read();
    }

    // ---- from the connection, on the loop's thread ----

    @Override
    public void message(WebSocketMessage message) {
        awaitingPong = false; // whatever came, the client is alive
        if (!isControl(message) || handler.hearsPings()) {
            (work != null ? work : startWork()).add(message);
        }
    }

    @Override
    public void closed(int code, String reason) {
        if (pings != null) {
            pings.remove(this);
        }
        (work != null ? work : startWork()).end(new Ending(code, reason));
    }

    private static boolean isControl(WebSocketMessage message) {
        return message instanceof WebSocketMessage.Ping || message instanceof WebSocketMessage.Pong;
    }

    private Work startWork() {
        var started = new Work();
        work = started;
        started.task = Async.spawn("websocket", started);
        return started;
    }

    // ---- in a coroutine ----

    /** What has arrived, and the coroutine that deals with it. */
    private final class Work implements Callable<@Nullable Void> {
        @SuppressWarnings("NullAway.Init") // set by startWork, before this is seen by anybody
        Task<@Nullable Void> task;

        /** Null while nothing waits. */
        private @Nullable ArrayDeque<WebSocketMessage> arrived;

        private int bytes;

        /** Whether it runs: cancelled before that, it never would. */
        private boolean begun;

        /** Done when something arrives; null while nobody waits for that. */
        private @Nullable CompletableFuture<@Nullable Void> arrival;

        /** Null while the conversation hasn't ended. */
        @Nullable Ending ending;

        @Override
        public @Nullable Void call() {
            begun = true;
            if (!opened) {
                opened = true;
                runSafely(handler::open);
                handler.releaseRequest();
            }
            for (WebSocketMessage message; (message = next()) != null; ) {
                var current = message;
                runSafely(() -> deliver(current));
            }
            if (ending != null) {
                runSafely(handler::onClose);
            } else {
                work = null;
            }
            return null;
        }

        @Nullable WebSocketMessage read() throws Exception {
            while (true) {
                switch (next()) {
                    case null -> {
                        if (ending != null) {
                            return null;
                        }
                        awaitArrival();
                    }
                    case WebSocketMessage.Ping(var data) -> handler.onPing(data);
                    case WebSocketMessage.Pong(var data) -> handler.onPong(data);
                    case WebSocketMessage message -> {
                        return message;
                    }
                }
            }
        }

        private @Nullable WebSocketMessage next() {
            if (arrived == null) {
                return null;
            }
            var message = arrived.poll();
            bytes -= message == null ? 0 : size(message);
            if (arrived.isEmpty()) {
                arrived = null;
                connection.resume();
            }
            return message;
        }

        private void awaitArrival() {
            arrival = IOLoop.current().newFuture();
            try {
                Async.await(arrival);
            } finally {
                arrival = null;
            }
        }

        // ---- from the connection ----

        void add(WebSocketMessage message) {
            if (arrived == null) {
                arrived = new ArrayDeque<>(2);
            }
            arrived.add(message);
            bytes += size(message);
            boolean full = arrived.size() >= MAX_WAITING || bytes >= MAX_WAITING_BYTES;
            if (full && !connection.isPaused()) {
                connection.pause();
            }
            if (arrival != null) {
                arrival.complete(null);
            }
        }

        /**
         * Nothing more will arrive. What runs ends, and onClose follows, also if the loop closes.
         */
        void end(Ending ending) {
            this.ending = ending;
            if (arrival != null) {
                arrival.complete(null);
            } else if (begun) {
                if (!handler.isCancelledOnClose()) {
                    return;
                }
                task.cancel();
            }
            task.finishBeforeClose();
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

    private void runSafely(CheckedRunnable callback) {
        try {
            callback.run();
        } catch (Throwable e) { // an error, too: whatever it was, onClose is to run
            if (Async.isOwnCancellation(e)) {
                connection.close(1001, ""); // unless it has ended already, the loop does
            } else if (!hasEnded() || !(e instanceof WebSocketClosedException)) {
                log.error("{} failed, and is closed with 1011", handler, e);
                connection.close(1011, "");
            } // else it sent something to a client that had just gone
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
