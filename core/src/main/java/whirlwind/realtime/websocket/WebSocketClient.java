package whirlwind.realtime.websocket;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Json;
import whirlwind.http.Headers;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/**
 * The client's end of a WebSocket (RFC 6455):
 *
 * {@snippet :
 * var socket = Async.await(WebSocketClient.connect("wss://example.com/chat"));
 * socket.writeMessage("hello");
 * while (Async.await(socket.readMessage()) instanceof WebSocketMessage.Text(var text)) {
 *     System.out.println(text);
 * }
 * }
 *
 * <p>Pings are answered by themselves. Messages are read one at a time: while one waits to be taken
 * by {@link #readMessage}, nothing that comes behind it is looked at, not even a ping, and the
 * server is made to wait; so read, or {@link #close}. Confined to the loop: call from its
 * coroutines and callbacks. Tornado: {@code websocket_connect} and {@code
 * WebSocketClientConnection}.
 */
public final class WebSocketClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WebSocketClient.class);

    private final WebSocketChannel channel;
    private final Headers headers;
    private final Inbox inbox;
    private boolean calledBack;

    WebSocketClient(WebSocketChannel channel, Headers headers, WebSocketClientOptions options) {
        this.channel = channel;
        this.headers = headers;
        this.inbox = new Inbox(channel, Pings.wheel(options.pingInterval(), options.pingTimeout()));
        inbox.begin();
    }

    // ---- connecting ----

    /**
     * Connects to a URL of ws or wss; see {@link #connect(HttpRequest, WebSocketClientOptions)}.
     */
    public static CompletableFuture<WebSocketClient> connect(String url) {
        return connect(HttpRequest.of(url), WebSocketClientOptions.DEFAULTS);
    }

    /**
     * Connects. Cancelling the future gives it up.
     *
     * @param request a URL of ws or wss, and what concerns the connection: headers, credentials,
     *     TLS, a proxy (which has to connect), how long it may take ({@code connectTimeout} to
     *     connect, {@code requestTimeout} in all, 20 s each)
     * @return fails with {@link WebSocketHandshakeException} if the server doesn't open one; with
     *     another {@link whirlwind.http.client.HttpClientException}, or what the network says, if
     *     there is no response; with {@link IllegalArgumentException}, before anything is sent, if
     *     the URL or the request makes no sense
     */
    public static CompletableFuture<WebSocketClient> connect(
            HttpRequest request, WebSocketClientOptions options) {
        return new Connecting(request, options).start();
    }

    /**
     * Connects, and calls back with each message and, last, with null: in a coroutine, so that the
     * callback may wait, one at a time. What it throws is logged, and closes the connection with
     * 1011. Tornado: {@code on_message_callback}.
     */
    public static CompletableFuture<WebSocketClient> connect(
            HttpRequest request,
            WebSocketClientOptions options,
            Consumer<? super @Nullable WebSocketMessage> onMessage) {
        var connecting = new Connecting(request, options);
        connecting.whenOpen(socket -> socket.callBack(onMessage));
        return connecting.start();
    }

    private void callBack(Consumer<? super @Nullable WebSocketMessage> onMessage) {
        calledBack = true;
        Async.spawn(
                "websocket client",
                () -> {
                    @Nullable WebSocketMessage message;
                    do {
                        message = Async.await(inbox.read());
                        callBack(onMessage, message);
                    } while (message != null);
                });
    }

    private void callBack(
            Consumer<? super @Nullable WebSocketMessage> onMessage,
            @Nullable WebSocketMessage message) {
        try {
            onMessage.accept(message);
        } catch (RuntimeException e) {
            if (e instanceof WebSocketClosedException && !isOpen()) {
                return; // it answered a server that had just gone
            }
            log.error("The callback of a WebSocket failed; it is closed", e);
            channel.close(1011, "");
        }
    }

    // ---- messages ----

    /**
     * The next message: text or bytes, or their parts where {@link WebSocketClientOptions#inParts}
     * says so; null when the connection has ended. One call at a time.
     *
     * @throws IllegalStateException if the call before isn't done, or there is a callback
     */
    public CompletableFuture<@Nullable WebSocketMessage> readMessage() {
        if (calledBack) {
            throw new IllegalStateException("messages go to the callback of connect()");
        }
        return inbox.read();
    }

    /**
     * Sends a text message. The future is done when the server has taken enough for more to make
     * sense, and fails with {@link WebSocketClosedException} if the connection is closed or
     * closing; whoever sends much awaits it. While 16 MiB wait, the next message drops the
     * connection.
     */
    public CompletableFuture<@Nullable Void> writeMessage(String message) {
        return send(new WebSocketMessage.Text(message));
    }

    /** Sends a binary message; see {@link #writeMessage(String)}. */
    public CompletableFuture<@Nullable Void> writeMessage(byte[] message) {
        return send(new WebSocketMessage.Binary(message));
    }

    /** Sends a map as JSON text; see {@link #writeMessage(String)}. */
    public CompletableFuture<@Nullable Void> writeMessage(Map<String, ?> json) {
        return writeMessage(Json.encode(json));
    }

    /**
     * Sends a message of any kind, such as a {@link WebSocketMessage.TextPart}; see {@link
     * #writeMessage(String)}.
     *
     * @throws IllegalStateException if a message is being sent in parts, and this is another
     */
    public CompletableFuture<@Nullable Void> send(WebSocketMessage message) {
        return channel.send(message);
    }

    /** Sends a message, or leaves it out if too much waits, or the connection is gone. */
    public SendResult trySend(WebSocketMessage message) {
        return channel.trySend(message);
    }

    /**
     * Sends a ping; see {@link #writeMessage(String)}.
     *
     * @param data at most 125 bytes
     * @throws IllegalArgumentException if there are more
     */
    public CompletableFuture<@Nullable Void> ping(byte[] data) {
        return send(new WebSocketMessage.Ping(data));
    }

    // ---- the connection ----

    /** Ends the conversation normally (1000); see {@link #close(int, String)}. */
    @Override
    public void close() {
        close(1000, "");
    }

    /**
     * Ends the conversation with a code of RFC 6455 section 7.4 and a reason of at most 123 bytes,
     * without waiting. What was sent goes out before; the server has five seconds to answer and
     * hang up, then the connection is dropped. Twice is once.
     *
     * @throws IllegalArgumentException if they can't be sent
     */
    public void close(int code, String reason) {
        channel.close(code, reason);
    }

    /** Whether messages can be sent. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    /**
     * The server's close code, once {@link #readMessage} has given null: 1005 if it gave none, 1006
     * if it went without a word. Before: 1005.
     */
    public int closeCode() {
        return inbox.closeCode();
    }

    /** The server's reason for closing, perhaps empty. */
    public String closeReason() {
        return inbox.closeReason();
    }

    /** The fields of the server's answer to the handshake. */
    public Headers headers() {
        return headers;
    }

    /** The subprotocol that the server chose, or null. */
    public @Nullable String selectedSubprotocol() {
        return channel.subprotocol();
    }

    /** Whether messages are compressed. */
    public boolean isCompressed() {
        return channel.isCompressed();
    }

    /** Whether small packets go out at once, the default, or may be held back to be joined. */
    public void setNodelay(boolean nodelay) {
        channel.setNodelay(nodelay);
    }

    /** What has come and isn't read: one message at most. */
    private static final class Inbox implements WebSocketListener, PingWheel.Peer {
        private final WebSocketChannel channel;
        private final @Nullable PingWheel pings;
        private final IOLoop loop = IOLoop.current();
        private @Nullable WebSocketMessage waiting;
        private @Nullable CompletableFuture<@Nullable WebSocketMessage> reader;
        private boolean ended;
        private boolean awaitingPong;
        private int closeCode = WebSocketMessage.Close.NO_CODE;
        private String closeReason = "";
        private int place;

        Inbox(WebSocketChannel channel, @Nullable PingWheel pings) {
            this.channel = channel;
            this.pings = pings;
        }

        void begin() {
            if (pings != null) {
                pings.add(this);
            }
            channel.listen(this);
        }

        CompletableFuture<@Nullable WebSocketMessage> read() {
            if (reader != null) {
                throw new IllegalStateException("readMessage: the message before hasn't come yet");
            }
            var message = waiting;
            if (message != null) {
                waiting = null;
                channel.resume();
                return CompletableFuture.completedFuture(message);
            }
            if (ended) {
                return CompletableFuture.completedFuture(null);
            }
            var asked = loop.<@Nullable WebSocketMessage>newFuture(() -> reader = null);
            reader = asked;
            return asked;
        }

        @Override
        public void message(WebSocketMessage message) {
            awaitingPong = false; // whatever came, the server is alive
            if (message instanceof WebSocketMessage.Ping
                    || message instanceof WebSocketMessage.Pong) {
                return;
            }
            if (reader == null) {
                waiting = message;
                channel.pause();
            } else {
                give(message);
            }
        }

        @Override
        public void closed(int code, String reason) {
            ended = true;
            closeCode = code;
            closeReason = reason;
            if (pings != null) {
                pings.remove(this);
            }
            if (reader != null) {
                give(null);
            }
        }

        private void give(@Nullable WebSocketMessage message) {
            var asked = reader;
            reader = null;
            if (asked != null) {
                asked.complete(message);
            }
        }

        int closeCode() {
            return closeCode;
        }

        String closeReason() {
            return closeReason;
        }

        @Override
        public void ping() {
            if (channel.isOpen()) {
                awaitingPong = true;
                channel.send(new WebSocketMessage.Ping(new byte[0]));
            }
        }

        @Override
        public void checkAlive() {
            if (awaitingPong && !channel.isPaused() && !channel.hasProgressed()) {
                channel.close(1000, "ping timed out");
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
}
