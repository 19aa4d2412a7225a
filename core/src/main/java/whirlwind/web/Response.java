package whirlwind.web;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.ETags;
import whirlwind.http.FormData;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.WebSocketConnection;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.loop.Async;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/**
 * What a handler has said so far, and how it goes out: as a whole if it can, in pieces once it has
 * been flushed. A handler that holds a connection open lets go of it.
 */
final class Response {
    /**
     * Up to this length a response goes to the kernel in one piece, and nobody need wait for it.
     */
    private static final int AT_ONCE_BYTES = 64 << 10;

    private static final byte[] NOTHING = new byte[0];
    private static final CompletableFuture<@Nullable Void> TAKEN =
            CompletableFuture.completedFuture(null);

    private final Application application;
    private final RequestHandler handler;
    private final HttpExchange exchange;
    private final Instant started;

    /** The handler's own, from which most is written; null once that has ended. */
    private @Nullable Thread coroutine = Thread.currentThread();

    private final ResponseBody body = new ResponseBody();
    private final ResponseCookies cookies = new ResponseCookies();
    private Headers headers = new Headers();
    private int status = 200;
    private @Nullable String reason;

    /** What goes behind the body; null for nothing, as usual. */
    private @Nullable Headers trailers;

    private boolean finished;

    /** The exchange has been given away, to go on after the handler. */
    private boolean keptOpen;

    /** The files of a form that was received. */
    private @Nullable FormReceiver form;

    /** Chosen when the head goes out. */
    private List<OutputTransform> transforms = List.of();

    Response(
            Application application,
            RequestHandler handler,
            HttpExchange exchange,
            Instant started) {
        this.application = application;
        this.handler = handler;
        this.exchange = exchange;
        this.started = started;
    }

    /** When the request had come, as the access log has it. */
    Instant started() {
        return started;
    }

    HttpServerRequest request() {
        return exchange.request();
    }

    CompletableFuture<byte @Nullable []> readBody() {
        return exchange.read();
    }

    void limitBody(long bytes) {
        exchange.limitBody(bytes);
    }

    /** Reads the body as a form whose large files stay on disk until {@link #release}. */
    FormData receiveForm(@Nullable Path folder) {
        if (form != null) {
            throw new IllegalStateException("receiveForm: the form has been received");
        }
        form = new FormReceiver(this, folder);
        return form.receive();
    }

    /** Whether {@link #receiveForm} has been called. */
    boolean hasForm() {
        return form != null;
    }

    /** The request is done with, after its handler's last words. */
    void release() {
        if (form != null) {
            form.close();
        }
    }

    int status() {
        return status;
    }

    String reason() {
        return reason != null ? reason : HttpStatus.reason(status);
    }

    void setStatus(int status, @Nullable String reason) {
        checkUnsent("set the status");
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (200 to 599)");
        }
        if (reason != null) {
            var checked = new ResponseStartLine(HttpVersion.HTTP_1_1, status, reason);
            assert checked.code() == status;
        }
        this.status = status;
        this.reason = reason;
    }

    /** The headers, to be changed. */
    Headers headers(String toDoWhat) {
        checkUnsent(toDoWhat);
        return headers;
    }

    /** The cookies to be set, which {@link #clear} leaves as they are. */
    ResponseCookies cookies() {
        checkUnsent("set a cookie");
        return cookies;
    }

    /** Adds a field behind the body, which has to go in pieces for it. */
    void addTrailer(String name, String value) {
        checkUnfinished("add a trailer");
        if (!Headers.mayTrail(name)) {
            throw new IllegalArgumentException("trailer " + name + " belongs into the head");
        }
        if (trailers == null) {
            trailers = new Headers();
        }
        trailers.add(name, value);
    }

    /** Sends something before the response. */
    void inform(int status, Headers headers) {
        checkUnsent("inform");
        exchange.inform(status, headers);
    }

    void clear() {
        checkUnsent("clear the response");
        status = 200;
        reason = null;
        trailers = null;
        body.clear();
        headers = new Headers();
        endTransforms(); // of a head that could not be sent
    }

    void write(byte[] bytes) {
        checkUnfinished("write");
        if (Thread.currentThread() != coroutine) {
            application.checkLoop("write");
        }
        body.add(bytes);
    }

    CompletableFuture<@Nullable Void> flush() {
        checkUnfinished("flush");
        if (exchange.isStarted()) {
            return exchange.write(transformed(body.take(), false));
        }
        addCommonHeaders(status);
        var piece = transformedFirst(body.take(), false);
        describeNoMoreThanThereIs();
        exchange.start(status, reason, headers);
        return exchange.write(piece);
    }

    /** Sends what has been written, and a part of a file behind it. */
    CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        var before = flush();
        if (before.isCompletedExceptionally()) {
            return before;
        }
        for (var transform : transforms) {
            if (transform.changesBody()) {
                return Async.spawn("file", () -> writePieces(file, offset, offset + count));
            }
        }
        return exchange.writeFile(file, offset, count);
    }

    /** Through the transforms, each piece before the next is read. */
    private void writePieces(FileChannel file, long start, long end) {
        for (long at = start; at < end; ) {
            var piece = Async.await(read(file, at, (int) Math.min(AT_ONCE_BYTES, end - at)));
            Async.await(exchange.write(transformed(piece, false)));
            at += piece.length;
        }
    }

    private static CompletableFuture<byte[]> read(FileChannel file, long position, int length) {
        return Async.offload(() -> {
            var buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (file.read(buffer, position + buffer.position()) < 0) {
                    throw new EOFException("the file became shorter while it was sent");
                }
            }
            return buffer.array();
        });
    }

    CompletableFuture<@Nullable Void> finish() {
        checkUnfinished("finish");
        if (exchange.isStarted()) {
            finished = true;
            var piece = transformed(body.take(), true);
            if (piece.length > 0) {
                exchange.write(piece);
            }
            return finishExchange();
        }
        if (HttpStatus.hasNoBody(status) && !body.isEmpty()) {
            throw new IllegalStateException(
                    "something was written, but " + status + " has no body");
        }
        var tagged = withEtag(body.take());
        addCommonHeaders(status);
        var whole = transformedFirst(tagged, true);
        describeNoMoreThanThereIs();
        boolean inPieces = trailers != null && !HttpStatus.hasNoBody(status);
        if (!inPieces && whole.length <= AT_ONCE_BYTES) {
            exchange.respond(status, reason, headers, whole);
            finished = true; // and not before: what is refused can still become an error page
            return TAKEN;
        }
        if (!inPieces) {
            headers.set("Content-Length", Integer.toString(whole.length));
        }
        exchange.start(status, reason, headers);
        finished = true;
        exchange.write(whole);
        return finishExchange();
    }

    private CompletableFuture<@Nullable Void> finishExchange() {
        return trailers == null ? exchange.finish() : exchange.finish(trailers);
    }

    private byte[] transformedFirst(byte[] piece, boolean finishing) {
        transforms = application.transformsFor(request());
        if (transforms.isEmpty()) {
            return piece;
        }
        try {
            var changed = piece;
            for (var transform : transforms) {
                changed = transform.transformFirstPiece(status, headers, changed, finishing);
            }
            return changed;
        } catch (RuntimeException e) {
            abort(); // nobody knows what the head has become
            throw e;
        }
    }

    private byte[] transformed(byte[] piece, boolean finishing) {
        if (transforms.isEmpty()) {
            return piece;
        }
        try {
            var changed = piece;
            for (var transform : transforms) {
                changed = transform.transformPiece(changed, finishing);
            }
            return changed;
        } catch (RuntimeException e) {
            abort();
            throw e;
        }
    }

    boolean isFinished() {
        return finished;
    }

    boolean isStarted() {
        return exchange.isStarted();
    }

    /** Whether nothing that is sent reaches the client any more, although this isn't finished. */
    boolean isClientGone() {
        return (keptOpen || !finished) && exchange.isFinished();
    }

    /** The handler has failed: what it left behind is dropped. */
    void abandon() {
        if (keptOpen && !exchange.isFinished()) {
            exchange.abort();
        }
    }

    /** The handler has ended; whoever uses it later is told. */
    void end() {
        finished = true;
        coroutine = null;
        endTransforms();
    }

    private void endTransforms() {
        for (var transform : transforms) {
            transform.end();
        }
        transforms = List.of();
    }

    void abort() {
        finished = true;
        exchange.abort();
    }

    HttpExchange keepOpen() {
        checkUnsent("keep the response open");
        if (!body.isEmpty()) {
            throw new IllegalStateException(
                    "can't keep the response open, or begin a stream of events: something was"
                            + " written, which would be lost");
        }
        addCommonHeaders(status);
        describeNoMoreThanThereIs();
        exchange.start(status, reason, headers);
        exchange.keepOpen();
        finished = true;
        keptOpen = true;
        return exchange;
    }

    WebSocketConnection upgrade(WebSocketUpgrade options) {
        checkUnsent("upgrade");
        headers.remove("Content-Type");
        addCommonHeaders(101);
        var connection = exchange.upgrade(options.withHeaders(headers));
        status = 101;
        finished = true;
        return connection;
    }

    IOStream detach(StreamOptions options) {
        checkUnsent("detach");
        var stream = exchange.detach(options);
        status = 101;
        finished = true;
        return Async.await(stream);
    }

    /**
     * The last touch before they are sent. RFC 9110: a response that can't have content doesn't
     * describe it either; but transforms want to know what it would be.
     */
    private void describeNoMoreThanThereIs() {
        if (HttpStatus.hasNoBody(status)) {
            headers.remove("Content-Type");
            headers.remove("Content-Encoding");
            headers.remove("Content-Language");
        }
    }

    private void addCommonHeaders(int status) {
        cookies.addTo(headers);
        application.completeHeaders(request(), status, headers);
    }

    /** Tags the body; nothing is left of it if the client has it. */
    private byte[] withEtag(byte[] whole) {
        if (status != 200 || !isSafeMethod()) {
            return whole;
        }
        if (whole.length > 0 || !request().method().equals("HEAD")) {
            tag(whole);
        }
        if (!hasClientsEtag()) {
            return whole;
        }
        status = 304;
        return NOTHING;
    }

    /** Tags what has been written so far. */
    void tagBody() {
        checkUnsent("set the entity tag");
        tag(body.whole());
    }

    private void tag(byte[] whole) {
        if (!headers.contains("Etag")) {
            var etag = handler.computeEtag(whole);
            if (etag != null) {
                headers.set("Etag", etag);
            }
        }
    }

    /** Whether the client has what is tagged so. */
    boolean hasClientsEtag() {
        var known = request().headers().get("If-None-Match");
        var etag = known == null ? null : headers.get("Etag");
        return known != null && etag != null && ETags.weakMatch(known, etag);
    }

    private boolean isSafeMethod() {
        var method = request().method();
        return method.equals("GET") || method.equals("HEAD");
    }

    private void checkUnfinished(String what) {
        if (finished) {
            throw new IllegalStateException(
                    "can't "
                            + what
                            + ": the response is finished; return after finish, render, redirect and sendError");
        }
    }

    private void checkUnsent(String what) {
        checkUnfinished(what);
        if (exchange.isStarted()) {
            throw new IllegalStateException("can't " + what + ": the headers have been sent");
        }
    }
}
