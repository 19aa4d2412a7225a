package whirlwind.http.codec.exchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpOutputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.exchange.ResponseState.Step;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketTerms;
import whirlwind.http.transport.PieceSink;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/**
 * One request and the response that is made to it, whatever carries them. What may follow what, and
 * how long a body may be, is decided here; subclasses turn it into bytes. Confined to the loop, but
 * not to its own thread: what is sent is kept until the end of the turn. The server's {@code
 * HttpExchange} says what the methods do.
 */
public abstract class ServerExchange implements PieceSink {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    /** Lengths that are no length. */
    private static final long UNKNOWN = -1;

    /** The server. */
    protected final ConnectionContext context;

    /** Null once it was let go. */
    private @Nullable HttpServerRequest request;

    /** What is still to come of the request; null if it was whole from the start. */
    protected final @Nullable StreamedBody streamed;

    /** Whether {@link #read} has handed over the body that was there from the start. */
    private boolean bodyRead;

    /** Who answers; null before {@link #begin}. */
    private Exchanges.@Nullable Owner owner;

    /** This has been lost, and its owner doesn't know yet. */
    private boolean ownerToTell;

    private ResponseState state = ResponseState.AWAITED;

    /** Whether the body that is written is sent. */
    private boolean bodySent;

    /** What the announced body still lacks, or UNKNOWN. */
    private long missing = UNKNOWN;

    /** What the connection is after an upgrade. */
    private @Nullable WebSocketChannel successor;

    /** An exchange that has not begun. */
    protected ServerExchange(
            ConnectionContext context, HttpServerRequest request, @Nullable StreamedBody streamed) {
        this.context = context;
        this.request = request;
        this.streamed = streamed;
    }

    // ---- what carries it ----

    /** Has it answered. */
    public final void begin() {
        owner = context.exchanges.begin(this);
    }

    /** What carries it is being dropped: nothing reaches the client any more. */
    public final void lose() {
        if (!isFinished()) {
            state = ResponseState.GONE;
            ownerToTell = true;
        }
    }

    /** What carried it is gone; whoever still answers is told so. */
    public final void lost() {
        lose();
        if (ownerToTell && owner != null) {
            ownerToTell = false;
            owner.clientGone();
        }
    }

    /** What that is. */
    protected abstract ExchangeWire wire();

    /** Sends a head with all of its body, which stays unsent if a HEAD request is answered. */
    protected abstract void sendWhole(
            int status,
            @Nullable String reason,
            Headers headers,
            int given,
            byte[] body,
            boolean addLength);

    /** Sends a head; {@code bodyFollows} with {@link #sendPiece}, or else only its end. */
    protected abstract void sendHead(
            int status, @Nullable String reason, Headers headers, int given, boolean bodyFollows);

    /** Sends a piece of the body, not an empty one. */
    protected abstract void sendPiece(byte[] piece);

    /**
     * Sends a part of a file as a piece of the body, if it {@link #sendsFiles}; done when it has.
     */
    protected abstract CompletableFuture<@Nullable Void> sendFile(
            FileChannel file, long offset, long count);

    /** Sends a head before the response's own, if the client understands that. */
    protected abstract void sendInterim(int status, Headers headers);

    /** Sends the end of what {@link #sendHead} began, with fields behind it if they can go. */
    protected abstract void sendEnd(@Nullable Headers trailers);

    /**
     * Makes what carries this a WebSocket.
     *
     * @throws HttpInputException if the request isn't for one
     */
    protected abstract WebSocketChannel switchTo(WebSocketTerms terms);

    /** Gives up the connection when all that was sent has gone out. */
    protected abstract CompletableFuture<IOStream> handOver(StreamOptions options);

    // ---- what handlers call ----

    /** What the client asked. */
    public final HttpServerRequest request() {
        if (request == null) {
            throw new IllegalStateException(
                    "the request was let go, for its handler has ended and its response goes on");
        }
        return request;
    }

    /** Lets go of the request: a response that has been started needs nothing of it. */
    public final void releaseRequest() {
        request = null;
        wire().releaseBody(this);
    }

    /** The next piece of the request's body; null after the last. */
    public final CompletableFuture<byte @Nullable []> read() {
        context.checkAccess("HttpExchange.read");
        if (streamed != null) {
            return streamed.read();
        }
        boolean first = !bodyRead && request().body().length > 0;
        bodyRead = true;
        return CompletableFuture.completedFuture(first ? request().body() : null);
    }

    /** Sets how long the body may be that is read. */
    public final void limitBody(long bytes) {
        context.checkAccess("HttpExchange.limitBody");
        if (bytes < 0) {
            throw new IllegalArgumentException("limit of the body: " + bytes + " (0 or more)");
        }
        if (streamed != null) {
            streamed.limit(bytes);
        } else if (request().body().length > 0) {
            throw new IllegalStateException(
                    "the request's body was read before its handler ran: only one that is streamed"
                            + " can get another limit");
        }
    }

    /** Whether a response has been started. */
    public final boolean isStarted() {
        return state != ResponseState.AWAITED && state != ResponseState.GONE;
    }

    /** Whether nothing can be sent any more. */
    public final boolean isFinished() {
        return state != ResponseState.AWAITED && state != ResponseState.BODY;
    }

    /** Whether the connection is a WebSocket now, or was handed over. */
    public final boolean isSwitched() {
        return state == ResponseState.SWITCHED;
    }

    /** Whether the client went away before the response was finished. */
    public final boolean isGone() {
        return state == ResponseState.GONE;
    }

    /** Sends a whole response. */
    public final void respond(int status, @Nullable String reason, Headers headers, byte[] body) {
        context.checkAccess("HttpExchange.respond");
        var next = state.after(Step.RESPOND);
        int given = checkedFields(status, reason, headers);
        boolean bodyless = HttpStatus.hasNoBody(status);
        if (bodyless && body.length > 0) {
            throw new IllegalArgumentException(
                    "status " + status + " with a body of " + body.length + " bytes");
        }
        if ((given & GivenFields.CONTENT_LENGTH) != 0 && !bodyless) {
            checkWhole(GivenFields.lengthOf(headers), body.length);
        }
        if (state == ResponseState.GONE) {
            return;
        }
        boolean known = !bodyless && (body.length > 0 || !isHead());
        boolean addLength = known && (given & GivenFields.CONTENT_LENGTH) == 0;
        state = next;
        sendWhole(status, reason, headers, given, body, addLength);
    }

    /** A HEAD request may be answered with the length alone. */
    private void checkWhole(long announced, int actual) {
        if (announced != actual && !(isHead() && actual == 0)) {
            abort();
            throw new HttpOutputException(
                    "Content-Length is %d, but the body has %d bytes".formatted(announced, actual));
        }
    }

    /** Sends an interim response. */
    public final void inform(int status, Headers headers) {
        context.checkAccess("HttpExchange.inform");
        if (status < 102 || status > 199) {
            throw new IllegalArgumentException("status: " + status + " (expected 102 to 199)");
        }
        state = state.after(Step.INFORM);
        if (state == ResponseState.GONE) {
            return;
        }
        sendInterim(status, headers);
    }

    /** Starts a response whose body comes piece by piece. */
    public final void start(int status, @Nullable String reason, Headers headers) {
        context.checkAccess("HttpExchange.start");
        var next = state.after(Step.START);
        int given = checkedFields(status, reason, headers);
        bodySent = !isHead() && !HttpStatus.hasNoBody(status);
        if ((given & GivenFields.CONTENT_LENGTH) != 0) {
            long length = GivenFields.lengthOf(headers);
            missing = bodySent ? length : UNKNOWN;
        }
        if (state == ResponseState.GONE) {
            return;
        }
        sendHead(status, reason, headers, given, bodySent);
        state = next;
    }

    /** Sends a piece of the body. */
    @Override
    public final CompletableFuture<@Nullable Void> write(byte[] piece) {
        context.checkAccess("HttpExchange.write");
        state = state.after(Step.WRITE);
        if (state == ResponseState.GONE) {
            return gone();
        }
        if (!bodySent || piece.length == 0) {
            return whenTaken();
        }
        if (overflows()) {
            return gone();
        }
        takeFromLength(piece.length);
        sendPiece(piece);
        return whenTaken();
    }

    @Override
    public abstract boolean sendsFiles();

    /** Sends a part of a file as a piece of the body, which the kernel does; done when it has. */
    @Override
    public final CompletableFuture<@Nullable Void> writeFile(
            FileChannel file, long offset, long count) {
        context.checkAccess("HttpExchange.writeFile");
        state = state.after(Step.WRITE);
        if (state == ResponseState.GONE) {
            return gone();
        }
        if (!bodySent || count == 0) {
            return whenTaken();
        }
        takeFromLength(count);
        return sendFile(file, offset, count);
    }

    private void takeFromLength(long count) {
        if (missing == UNKNOWN) {
            return;
        }
        if (count > missing) {
            abort();
            throw new HttpOutputException(
                    "the body is longer than its Content-Length: %d bytes, %d missing"
                            .formatted(count, missing));
        }
        missing -= count;
    }

    /** Ends the response. */
    public final CompletableFuture<@Nullable Void> finish(@Nullable Headers trailers) {
        context.checkAccess("HttpExchange.finish");
        checkTrailers(trailers);
        var next = state.after(Step.FINISH);
        if (next == ResponseState.GONE) {
            return gone();
        }
        if (missing > 0) {
            abort();
            throw new HttpOutputException(
                    "the body is %d bytes shorter than its Content-Length".formatted(missing));
        }
        state = next;
        sendEnd(trailers == null || trailers.isEmpty() ? null : trailers);
        return whenTaken();
    }

    private static void checkTrailers(@Nullable Headers trailers) {
        for (int i = 0; trailers != null && i < trailers.size(); i++) {
            if (!Headers.mayTrail(trailers.nameAt(i))) {
                throw new IllegalArgumentException(
                        "trailer " + trailers.nameAt(i) + " belongs into the head");
            }
        }
    }

    /** Drops what carries it, or the WebSocket that this became. */
    public final void abort() {
        context.checkAccess("HttpExchange.abort");
        if (successor != null) {
            successor.abort();
        } else {
            wire().abort(this);
        }
    }

    /** Makes the connection a WebSocket. */
    public final WebSocketChannel upgrade(WebSocketTerms terms) {
        context.checkAccess("HttpExchange.upgrade");
        var next = state.after(Step.UPGRADE);
        if (next == ResponseState.GONE) {
            throw new IllegalStateException("the client is gone");
        }
        if (streamed != null) {
            throw new HttpInputException(400, "a WebSocket handshake with a body");
        }
        var channel = switchTo(context.webSocketHost().affordable(terms));
        state = next;
        successor = channel;
        return channel;
    }

    /** Gives up the connection. */
    public final CompletableFuture<IOStream> detach(StreamOptions options) {
        context.checkAccess("HttpExchange.detach");
        var next = state.after(Step.UPGRADE);
        if (next == ResponseState.GONE) {
            return CompletableFuture.failedFuture(clientGone());
        }
        if (streamed != null && !streamed.isWhole()) {
            throw new IllegalStateException("detach before the request's body has come as a whole");
        }
        var stream = handOver(options);
        state = next;
        return stream;
    }

    /** Done when the client can take more; fails when it is gone. */
    private CompletableFuture<@Nullable Void> whenTaken() {
        return wire().outbox().whenTaken(context.loop(), context.limits().writeHighWater());
    }

    /** Whether more waits already than may wait; then the client is dropped. */
    private boolean overflows() {
        long waiting = wire().outbox().size();
        if (waiting <= context.limits().maxWriteBuffer()) {
            return false;
        }
        log.warn(
                "A response to {} is broken off: {} bytes wait for it, and the handler goes on"
                        + " writing without awaiting write()",
                wire().remoteIp(),
                waiting);
        wire().abort(this);
        return true;
    }

    /** Whether a response has no body, whatever it says. */
    protected final boolean isHead() {
        return request().method().equals("HEAD");
    }

    private static int checkedFields(int status, @Nullable String reason, Headers headers) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("status: " + status + " (expected 200 to 999)");
        }
        if (reason != null) {
            var checked = new ResponseStartLine(HttpVersion.HTTP_1_1, status, reason);
            assert checked.code() == status;
        }
        int given = GivenFields.of(headers);
        if ((given & GivenFields.TRANSFER_ENCODING) != 0) {
            throw new IllegalArgumentException(
                    "Transfer-Encoding is not for handlers: leave out Content-Length, and the body"
                            + " goes in chunks");
        }
        if (status == 204 && (given & GivenFields.CONTENT_LENGTH) != 0) {
            headers.remove("Content-Length"); // RFC 9110 section 8.6: it must not have one
            given &= ~GivenFields.CONTENT_LENGTH;
        }
        return given;
    }

    private static CompletableFuture<@Nullable Void> gone() {
        return CompletableFuture.failedFuture(clientGone());
    }

    /** What whoever still answers is told. */
    public static UncheckedIOException clientGone() {
        var message = "the client went away";
        return new UncheckedIOException(message, new IOException(message));
    }
}
