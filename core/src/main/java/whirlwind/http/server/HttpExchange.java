package whirlwind.http.server;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.FileSending;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.websocket.WebSocketTerms;
import whirlwind.loop.Async;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/**
 * One request and its response. The response goes out as a whole with {@link #respond}, or bit by
 * bit: {@link #start}, {@link #write} as often as needed, {@link #finish}. Or the request becomes a
 * WebSocket: {@link #upgrade}.
 *
 * <p>Call from the request's coroutine or any other callback or coroutine of the server's loop;
 * from anywhere else every method but {@link #request} throws {@link IllegalStateException}.
 * Nothing here waits: output is collected and goes out at the end of the loop's turn. Arrays and
 * headers that are handed over now belong to the exchange; leave them as they are.
 *
 * <p>The exchange cares for framing, RFC 9112 section 6: {@code Content-Length} or chunks where the
 * client knows them, the end of the connection where not, no body where there must be none (HEAD,
 * 204, 304), and {@code Connection}, {@code Date} and {@code Server} unless they are given.
 * Tornado: {@code HTTPServerRequest.connection}, {@code HTTPConnection}.
 */
public final class HttpExchange {
    private final ServerExchange wire;
    private final Serving serving;
    private int status;
    private long bodyLength;

    HttpExchange(ServerExchange wire, Serving serving) {
        this.wire = wire;
        this.serving = serving;
    }

    /** What the client asked. */
    public HttpServerRequest request() {
        return wire.request();
    }

    /**
     * The next piece of the request's body, in the order they come; null after the last one. A
     * handler that {@linkplain HttpHandler#streamsBody streams} gets the pieces as they arrive and
     * makes the client wait by not reading; for any other the body is one piece, and there already.
     * One read at a time: await it before the next. Cancelling a read loses nothing.
     *
     * <p>If the client asked whether its body is wanted ({@code Expect: 100-continue}), the first
     * read says so. A response that is finished before the body has come closes the connection.
     *
     * @return fails with {@link whirlwind.http.HttpInputException} if the body is malformed (400),
     *     too long (413) or too slow (408), which answers the request if it escapes from the
     *     handler; with {@link java.io.UncheckedIOException} if the client went away
     */
    public CompletableFuture<byte @Nullable []> read() {
        return wire.read();
    }

    /**
     * Sets how many bytes {@link #read} may read in all, instead of {@link
     * HttpServerOptions#maxBodySize}. Tornado: {@code set_max_body_size}.
     *
     * @throws IllegalStateException if there is a body that is not streamed
     */
    public void limitBody(long bytes) {
        wire.limitBody(bytes);
    }

    /**
     * Sends a whole response; the cheapest way. {@code Content-Length} is added unless it is given
     * or the status has no body. A HEAD request gets the head only.
     *
     * @param reason null: the standard one
     * @throws whirlwind.http.HttpOutputException if a response was started already, or if a {@code
     *     Content-Length} was given that the body doesn't have; in the latter case the connection
     *     is dropped
     * @throws IllegalArgumentException if the status is not 200 to 999, the reason has forbidden
     *     characters, there is a body where the status has none, or {@code Transfer-Encoding} was
     *     given
     */
    public void respond(int status, @Nullable String reason, Headers headers, byte[] body) {
        wire.respond(status, reason, headers, body);
        this.status = status;
        bodyLength = body.length;
    }

    /** As {@link #respond(int, String, Headers, byte[])} with the standard reason. */
    public void respond(int status, Headers headers, byte[] body) {
        respond(status, null, headers, body);
    }

    /**
     * Starts a response whose body comes with {@link #write}: of the length that {@code
     * Content-Length} says if that is given, else in chunks (HTTP/1.1) or up to the end of the
     * connection (HTTP/1.0).
     *
     * @param reason null: the standard one
     * @throws whirlwind.http.HttpOutputException if a response was started already
     * @throws IllegalArgumentException see {@link #respond(int, String, Headers, byte[])}; also for
     *     a malformed {@code Content-Length}
     */
    public void start(int status, @Nullable String reason, Headers headers) {
        wire.start(status, reason, headers);
        this.status = status;
    }

    /**
     * Sends a piece of the body; none at all if the response has no body, and an empty piece sends
     * nothing.
     *
     * @return done when the client can take more, which is at once unless it is slow; fails with an
     *     {@link java.io.UncheckedIOException} if it is gone. Whoever writes much awaits it, see
     *     {@link HttpServerOptions#maxWriteBuffer}
     * @throws whirlwind.http.HttpOutputException if there is no started response, or the body gets
     *     longer than its {@code Content-Length}; in the latter case the connection is dropped
     */
    public CompletableFuture<@Nullable Void> write(byte[] chunk) {
        bodyLength += chunk.length;
        return wire.write(chunk);
    }

    /**
     * Sends a part of a file as a piece of the body. Where nothing has to be done to the bytes, the
     * kernel sends them without this program's touching them; on an encrypted connection they are
     * read in pieces and each is sent before the next is read. Either way the disk is waited for on
     * the loop's executor: a file system that hangs holds this response and nothing else. Call from
     * a coroutine or callback; nothing else may be written until the future is done. The file stays
     * open that long and is the caller's to close.
     *
     * @return done when all of it is off our hands; fails with {@link java.io.EOFException} if the
     *     file ends early, which leaves the response unfinished
     * @throws IllegalArgumentException if offset or count is negative
     */
    public CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        var sending = new FileSending(wire, file, offset, count);
        bodyLength += count;
        return Async.spawn("file", sending);
    }

    /**
     * Ends the response. Harmless if the client is gone.
     *
     * @return done when what was written has been taken off our hands, as for {@link #write}
     * @throws whirlwind.http.HttpOutputException if there is no started response, or the body is
     *     shorter than its {@code Content-Length}; in the latter case the connection is dropped
     */
    public CompletableFuture<@Nullable Void> finish() {
        return wire.finish(null);
    }

    /**
     * As {@link #finish()} with fields behind the body, RFC 9110 section 6.5: a checksum, what an
     * operation came to. They go out behind chunks and over HTTP/2; where there is no room for them
     * (a {@code Content-Length} in HTTP/1, an HTTP/1.0 client, no body) they are left out, so
     * nothing may depend on them.
     *
     * @throws IllegalArgumentException if one makes sense in the head only, see {@link
     *     Headers#mayTrail}
     */
    public CompletableFuture<@Nullable Void> finish(Headers trailers) {
        return wire.finish(trailers);
    }

    /**
     * Sends an interim response before the real one, RFC 9110 section 15.2: {@code inform(103,
     * Headers.of("Link", "</style.css>; rel=preload"))} tells a browser what it will need (early
     * hints, RFC 8297). An HTTP/1.0 client, which would not understand it, gets none.
     *
     * @throws whirlwind.http.HttpOutputException if a response was started already
     * @throws IllegalArgumentException if the status is not 102 to 199: 100 is sent by {@link
     *     #read}, 101 by {@link #upgrade}
     */
    public void inform(int status, Headers headers) {
        wire.inform(status, headers);
    }

    /** Whether a response has been started: its status and headers can't be changed any more. */
    public boolean isStarted() {
        return wire.isStarted();
    }

    /** The status that was sent; 0 before the response is started. For logs. */
    public int status() {
        return status;
    }

    /**
     * The bytes of the body that were given so far; a client that sent HEAD gets none of them. For
     * logs.
     */
    public long bodyLength() {
        return bodyLength;
    }

    /**
     * Whether nothing can be sent any more: the response is whole, or the client is gone, or this
     * became a WebSocket.
     */
    public boolean isFinished() {
        return wire.isFinished();
    }

    /**
     * Drops the connection at once, with whatever was to be sent. Twice is once, and after a
     * response that has gone out it is nothing, for the connection may serve the next request then.
     */
    public void abort() {
        wire.abort();
    }

    /**
     * Runs {@code callback} on the loop if the client goes away before the response is finished,
     * which includes {@link #abort}; soon if it already has. Several run in the order they were
     * added. Tornado: {@code set_close_callback}.
     */
    public void onClose(Runnable callback) {
        serving.onClose(callback);
    }

    /** Lets the handler's coroutine go on when the client goes away, instead of cancelling it. */
    public void keepOnDisconnect() {
        serving.keepOnDisconnect();
    }

    /**
     * Says that the response goes on after its handler, which every response does that isn't
     * finished then; the request is let go at the handler's end, so that a response that lasts
     * costs little, and {@link #request} throws from then on.
     */
    public void keepOpen() {
        serving.keepOpen();
    }

    /**
     * Answers with 101 and makes the connection a WebSocket, RFC 6455 section 4.2. What the client
     * sends waits until {@link WebSocketConnection#listen}. Origins are the caller's to check,
     * before this.
     *
     * @throws whirlwind.http.HttpInputException if the request is not a WebSocket handshake: 400,
     *     or 426 for a version that is not 13 (or 7 or 8, which are the same on the wire). If it
     *     escapes from the handler, the client is answered accordingly
     * @throws whirlwind.http.HttpOutputException if a response was started already
     * @throws IllegalStateException if the client is gone
     */
    public WebSocketConnection upgrade(WebSocketUpgrade options) {
        var deflate = options.deflate();
        var terms =
                new WebSocketTerms(
                        options.subprotocol(),
                        options.headers(),
                        options.maxMessageSize(),
                        options.inParts(),
                        deflate == null
                                ? null
                                : new WebSocketTerms.Deflate(
                                        deflate.level(),
                                        deflate.serverNoContextTakeover(),
                                        deflate.clientNoContextTakeover()));
        var connection = new WebSocketConnection(wire.upgrade(terms));
        status = 101;
        return connection;
    }

    /**
     * Takes the connection over, with no further word of HTTP on it: the stream has what the client
     * sent after its request, and is the caller's to close. The server doesn't count or drain it
     * any more. TLS stays below it.
     *
     * @throws whirlwind.http.HttpOutputException if a response was started already
     * @throws IllegalStateException if the request came over HTTP/2 or HTTP/3, or its body hasn't
     *     come as a whole
     */
    public CompletableFuture<IOStream> detach(StreamOptions options) {
        var stream = wire.detach(options);
        status = 101;
        return stream;
    }
}
