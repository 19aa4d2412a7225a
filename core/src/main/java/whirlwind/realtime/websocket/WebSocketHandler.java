package whirlwind.realtime.websocket;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.http.server.WebSocketConnection;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.web.HttpError;
import whirlwind.web.RequestHandler;

/**
 * One WebSocket conversation. Override {@link #onMessage(String)} and send with {@link
 * #writeMessage(String)}:
 *
 * {@snippet :
 * class EchoHandler extends WebSocketHandler {
 *     protected void onMessage(String message) {
 *         writeMessage("You said: " + message);
 *     }
 * }
 * }
 *
 * <p>The methods to override run in coroutines of the loop and may wait, one at a time and in
 * order: {@code prepare} and {@link #open} first, then one {@code onMessage}, {@link #onPing} or
 * {@link #onPong} for each message, and {@link #onClose} last, exactly once, however the
 * conversation ended. A client that sends faster than messages are handled is slowed down. When the
 * connection closes, what is running is cancelled at its suspension, unless {@code
 * outlivesClient()} says otherwise; messages that had arrived are still handled. A failure is
 * logged, and closes the connection with 1011. A conversation that reads better as a sequence than
 * as callbacks awaits {@link #readMessage} in {@code open}.
 *
 * <p>Request, arguments and most other methods of {@link RequestHandler} can be used until {@code
 * open} has returned; then they are let go, so that an idle connection costs little: keep in a
 * field what you need later. Application and settings stay, and so does {@code renderString}, in
 * the {@code locale()} that {@code open} has asked for. Confined to the loop. Tornado: {@code
 * websocket.WebSocketHandler}.
 */
public abstract class WebSocketHandler extends RequestHandler {
    /** A coroutine for each pong of a quiet client would cost more than the client. */
    private static final ClassValue<Boolean> HEARS_PINGS =
            new ClassValue<>() {
                @Override
                protected Boolean computeValue(Class<?> type) {
                    return isDeclared(type, "onPing") || isDeclared(type, "onPong");
                }
            };

    private static boolean isDeclared(Class<?> type, String name) {
        for (Class<?> at = type;
                at != null && at != WebSocketHandler.class;
                at = at.getSuperclass()) {
            for (var method : at.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && Arrays.equals(
                                method.getParameterTypes(), new Class<?>[] {byte[].class})) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable Conversation conversation;

    // ---- to override ----

    /** The conversation has begun; messages wait until this returns. */
    protected void open() throws Exception {}

    /** A text message has come. */
    protected void onMessage(String message) throws Exception {}

    /** A binary message has come. */
    protected void onMessage(byte[] message) throws Exception {}

    /**
     * A part of a text message has come; see {@link #receivesParts}.
     *
     * @param last whether the message ends with it
     */
    protected void onPart(String part, boolean last) throws Exception {}

    /** A part of a binary message has come; see {@link #onPart(String, boolean)}. */
    protected void onPart(byte[] part, boolean last) throws Exception {}

    /**
     * Whether messages come in parts, as they arrive, to {@code onPart} instead of whole to {@code
     * onMessage}: for messages that are longer than what one wants in memory. A part has 64 KiB or
     * less, up to a MiB of what was compressed; the next waits until {@code onPart} has returned,
     * and so, in the end, does the client. The limit for messages doesn't apply. Default: no.
     */
    protected boolean receivesParts() {
        return false;
    }

    /** The client sent a ping, which has been answered. */
    protected void onPing(byte[] data) throws Exception {}

    /** The client answered a ping. */
    protected void onPong(byte[] data) throws Exception {}

    /**
     * The conversation has ended, for whatever reason; {@link #closeCode} tells. Runs once, after
     * the last message.
     */
    protected void onClose() throws Exception {}

    /**
     * Whether pages of another site may talk to this handler. Default: only pages whose origin has
     * the host and port that the request was sent to. Asked only if the client names an origin, as
     * browsers do.
     *
     * @param origin the {@code Origin} header
     */
    protected boolean checkOrigin(String origin) {
        return request().isSameOrigin(origin);
    }

    /**
     * Chooses one of the subprotocols that the client offers, perhaps none; null for none, the
     * default.
     */
    protected @Nullable String selectSubprotocol(List<String> offered) {
        return null;
    }

    /** How messages are compressed if the client offers it; null for not at all, the default. */
    protected @Nullable DeflateOptions getCompressionOptions() {
        return null;
    }

    /**
     * How often the client is asked for a sign of life; zero for never. Default: {@link
     * whirlwind.web.ApplicationSettings#websocketPingInterval}. Asked once, before {@code open}.
     */
    protected Duration pingInterval() {
        return settings().websocketPingInterval();
    }

    /**
     * How long the client may take to give one, at most the interval, before it is closed with
     * "ping timed out"; zero for no limit, null for the interval. Default: {@link
     * whirlwind.web.ApplicationSettings#websocketPingTimeout}. Asked once, before {@code open}.
     */
    protected @Nullable Duration pingTimeout() {
        return settings().websocketPingTimeout();
    }

    /**
     * The longest message in bytes, after inflating; a longer one closes the conversation with
     * 1009. Default: {@link whirlwind.web.ApplicationSettings#websocketMaxMessageSize}. Asked once,
     * before {@code open}.
     */
    protected int maxMessageSize() {
        return settings().websocketMaxMessageSize();
    }

    /**
     * Whether this says goodbye by itself when the server drains (see {@link
     * whirlwind.web.Application#onDrain}), before it is dropped at the drain's limit. Default: the
     * server does, at once, with 1001.
     */
    protected boolean leavesByItself() {
        return false;
    }

    // ---- to call ----

    /**
     * Sends a text message. The future is done when the client has taken enough for more to make
     * sense, and fails with {@link WebSocketClosedException} if the conversation has ended or is
     * ending; whoever sends much awaits it. A client for whom too much waits is dropped, see {@link
     * whirlwind.http.server.WebSocketConnection#send(WebSocketMessage)}.
     */
    public final CompletableFuture<@Nullable Void> writeMessage(String message) {
        return send(new WebSocketMessage.Text(message));
    }

    /** Sends a map as JSON text; see {@link #writeMessage(String)}. */
    public final CompletableFuture<@Nullable Void> writeMessage(Map<String, ?> json) {
        return writeMessage(Json.encode(json));
    }

    /** Sends a binary message; see {@link #writeMessage(String)}. */
    public final CompletableFuture<@Nullable Void> writeMessage(byte[] message) {
        return send(new WebSocketMessage.Binary(message));
    }

    /** Sends a message that is encoded once for many; see {@link #writeMessage(String)}. */
    public final CompletableFuture<@Nullable Void> writeMessage(PreparedMessage message) {
        return connection().send(message);
    }

    /**
     * Sends a part of a text message, for messages that are made while they are sent; see {@link
     * #writeMessage(String)}. Between its parts only pings can be sent.
     *
     * @param last whether the message ends with it
     * @throws IllegalStateException if a message is sent whole before the last part
     */
    public final CompletableFuture<@Nullable Void> writePart(String part, boolean last) {
        return send(new WebSocketMessage.TextPart(part, last));
    }

    /** Sends a part of a binary message; see {@link #writePart(String, boolean)}. */
    public final CompletableFuture<@Nullable Void> writePart(byte[] part, boolean last) {
        return send(new WebSocketMessage.BinaryPart(part, last));
    }

    /**
     * Sends a text message, or leaves it out if the client takes nothing, or is gone; see {@link
     * whirlwind.http.server.WebSocketConnection#trySend(WebSocketMessage)}.
     */
    public final SendResult trySend(String message) {
        return connection().trySend(new WebSocketMessage.Text(message));
    }

    /** Sends a binary message, or leaves it out; see {@link #trySend(String)}. */
    public final SendResult trySend(byte[] message) {
        return connection().trySend(new WebSocketMessage.Binary(message));
    }

    /** Sends a message that is encoded for many, or leaves it out; see {@link #trySend(String)}. */
    public final SendResult trySend(PreparedMessage message) {
        return connection().trySend(message);
    }

    /**
     * Sends a ping; see {@link #writeMessage(String)}.
     *
     * @param data at most 125 bytes, which come back with {@link #onPong}
     * @throws IllegalArgumentException if there are more
     */
    public final CompletableFuture<@Nullable Void> ping(byte[] data) {
        return send(new WebSocketMessage.Ping(data));
    }

    /**
     * Waits for the next text or binary message; null when the conversation has ended. For code
     * that reads better as a sequence than as callbacks:
     *
     * {@snippet :
     * protected void open() throws Exception {
     *     while (readMessage() instanceof WebSocketMessage.Text(var line)) {
     *         writeMessage("You said: " + line);
     *     }
     * }
     * }
     *
     * <p>A message goes here if this method waits for it, and else to {@code onMessage} when {@code
     * open} has returned; {@code onPing} and {@code onPong} run inside of this method. The first
     * call lets go of the request. While it waits there is a coroutine, which about doubles the
     * memory of an idle connection. Tornado: {@code WebSocketClientConnection.read_message}.
     *
     * @throws IllegalStateException if the caller isn't in one of this handler's own methods
     */
    protected final @Nullable WebSocketMessage readMessage() throws Exception {
        return begun().read();
    }

    /** Ends the conversation normally (1000). */
    public final void close() {
        close(1000, "");
    }

    /**
     * Ends the conversation with a code of RFC 6455 section 7.4 and a reason of at most 123 bytes.
     * The client is given five seconds to answer. Twice is once.
     */
    public final void close(int code, String reason) {
        connection().close(code, reason);
    }

    /** Whether messages can be sent. */
    public final boolean isOpen() {
        return conversation != null && conversation.connection().isOpen();
    }

    /**
     * The client's close code, once {@link #onClose} runs: 1005 if it gave none, 1006 if it went
     * without a word.
     */
    public final int closeCode() {
        return begun().closeCode();
    }

    /** The client's reason for closing, perhaps empty. */
    public final String closeReason() {
        return begun().closeReason();
    }

    /** The subprotocol that {@link #selectSubprotocol} chose, or null. */
    public final @Nullable String selectedSubprotocol() {
        return connection().subprotocol();
    }

    /**
     * Whether small messages are sent at once (the default) or may be held back for a moment to be
     * sent together.
     */
    public final void setNodelay(boolean nodelay) {
        connection().setNodelay(nodelay);
    }

    // ---- inside ----

    /** Shakes hands and holds the conversation. */
    @Override
    protected final void get() throws Exception {
        var headers = request().headers();
        var current = headers.get("Origin");
        var origin = current != null ? current : headers.get("Sec-WebSocket-Origin"); // drafts
        if (origin != null && !checkOrigin(origin)) {
            throw new HttpError(403, "cross-origin WebSocket from " + origin);
        }
        var options =
                WebSocketUpgrade.DEFAULTS
                        .withSubprotocol(chosenSubprotocol(headers.get("Sec-WebSocket-Protocol")))
                        .withMaxMessageSize(maxMessageSize())
                        .withInParts(receivesParts())
                        .withDeflate(getCompressionOptions());
        var pings = Pings.wheel(pingInterval(), pingTimeout());
        var connection = upgrade(options);
        if (leavesByItself()) {
            connection.leaveByItself();
        }
        conversation = new Conversation(this, connection, pings);
        conversation.begin();
    }

    private @Nullable String chosenSubprotocol(@Nullable String offer) {
        var offered =
                offer == null
                        ? List.<String>of()
                        : Arrays.stream(offer.split(","))
                                .map(String::strip)
                                .filter(p -> !p.isEmpty())
                                .toList();
        var chosen = selectSubprotocol(offered);
        if (chosen != null && !offered.contains(chosen)) {
            throw new IllegalStateException(
                    "selectSubprotocol chose %s, which the client did not offer".formatted(chosen));
        }
        return chosen;
    }

    /** After {@link #open}: only the conversation is kept. */
    final void releaseRequest() {
        release();
    }

    /** Whether somebody overrides {@link #onPing} or {@link #onPong}. */
    final boolean hearsPings() {
        return HEARS_PINGS.get(getClass());
    }

    final boolean isCancelledOnClose() {
        return !outlivesClient();
    }

    private CompletableFuture<@Nullable Void> send(WebSocketMessage message) {
        return connection().send(message);
    }

    private WebSocketConnection connection() {
        return begun().connection();
    }

    private Conversation begun() {
        if (conversation == null) {
            throw new IllegalStateException(
                    "the conversation has not begun: this is possible from open() on");
        }
        return conversation;
    }

    @Override
    public String toString() {
        return getClass().getName() + (isOpen() ? " (open)" : " (closed)");
    }
}
