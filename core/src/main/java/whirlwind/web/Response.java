package whirlwind.web;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.ETags;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.WebSocketConnection;
import whirlwind.http.server.WebSocketUpgrade;

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

    private final RequestHandler handler;
    private final HttpExchange exchange;
    private final ResponseBody body = new ResponseBody();
    private final ResponseCookies cookies = new ResponseCookies();
    private Headers headers = new Headers();
    private int status = 200;
    private @Nullable String reason;
    private boolean finished;

    Response(RequestHandler handler, HttpExchange exchange) {
        this.handler = handler;
        this.exchange = exchange;
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

    void clear() {
        checkUnsent("clear the response");
        status = 200;
        reason = null;
        body.clear();
        headers = new Headers();
    }

    void write(byte[] bytes) {
        checkUnfinished("write");
        body.add(bytes);
    }

    CompletableFuture<@Nullable Void> flush() {
        checkUnfinished("flush");
        if (!exchange.isStarted()) {
            completeHeaders();
            exchange.start(status, reason, headers);
        }
        return exchange.write(body.take());
    }

    /** Sends what has been written, and a part of a file behind it. */
    CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        var before = flush();
        return before.isCompletedExceptionally() ? before : exchange.writeFile(file, offset, count);
    }

    CompletableFuture<@Nullable Void> finish() {
        checkUnfinished("finish");
        if (exchange.isStarted()) {
            finished = true;
            if (!body.isEmpty()) {
                exchange.write(body.take());
            }
            return exchange.finish();
        }
        if (HttpStatus.hasNoBody(status) && !body.isEmpty()) {
            throw new IllegalStateException(
                    "something was written, but " + status + " has no body");
        }
        finished = true;
        var whole = withEtag(body.take());
        completeHeaders();
        if (whole.length <= AT_ONCE_BYTES) {
            exchange.respond(status, reason, headers, whole);
            return TAKEN;
        }
        headers.set("Content-Length", Integer.toString(whole.length));
        exchange.start(status, reason, headers);
        exchange.write(whole);
        return exchange.finish();
    }

    boolean isFinished() {
        return finished;
    }

    boolean isStarted() {
        return exchange.isStarted();
    }

    /** Whether nothing that is sent reaches the client any more, although this isn't finished. */
    boolean isClientGone() {
        return !finished && exchange.isFinished();
    }

    /** The handler has ended; whoever uses it later is told. */
    void end() {
        finished = true;
    }

    void abort() {
        finished = true;
        exchange.abort();
    }

    WebSocketConnection upgrade(WebSocketUpgrade options) {
        checkUnsent("upgrade");
        headers.remove("Content-Type");
        cookies.addTo(headers);
        var connection = exchange.upgrade(options.withHeaders(headers));
        status = 101;
        finished = true;
        return connection;
    }

    /** The last touch before they are sent. */
    private void completeHeaders() {
        cookies.addTo(headers);
        // RFC 9110: a response that can't have content doesn't describe it either.
        if (HttpStatus.hasNoBody(status)) {
            headers.remove("Content-Type");
            headers.remove("Content-Encoding");
            headers.remove("Content-Language");
        }
    }

    /** Tags the body; nothing is left of it if the client has it. */
    private byte[] withEtag(byte[] whole) {
        if (status != 200 || !isSafeMethod() || headers.contains("Etag")) {
            return whole;
        }
        var etag = handler.computeEtag(whole);
        if (etag == null) {
            return whole;
        }
        headers.set("Etag", etag);
        var known = request().headers().get("If-None-Match");
        if (known == null || !ETags.weakMatch(known, etag)) {
            return whole;
        }
        status = 304;
        return NOTHING;
    }

    private boolean isSafeMethod() {
        var method = request().method();
        return method.equals("GET") || method.equals("HEAD");
    }

    private void checkUnfinished(String what) {
        if (finished) {
            throw new IllegalStateException("can't " + what + ": the response is finished");
        }
    }

    private void checkUnsent(String what) {
        checkUnfinished(what);
        if (exchange.isStarted()) {
            throw new IllegalStateException("can't " + what + ": the headers have been sent");
        }
    }
}
