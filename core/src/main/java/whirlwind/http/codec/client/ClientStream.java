package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.ContentDecoding;
import whirlwind.http.codec.Output;
import whirlwind.http.transport.BodySink;

/** One request over HTTP/2, and the response to it. */
final class ClientStream implements ClientCall.Link, BodySink {
    /** Fields about the connection, which HTTP/2 has no use for; RFC 9113 section 8.2.2. */
    private static final Set<String> LEFT_OUT =
            Set.of(
                    "connection",
                    "keep-alive",
                    "proxy-connection",
                    "transfer-encoding",
                    "upgrade",
                    "host");

    private static final CompletableFuture<@Nullable Void> DONE =
            CompletableFuture.completedFuture(null);

    private final ClientHttp2 connection;
    private final ClientCall call;
    private final ArrayDeque<CompletableFuture<@Nullable Void>> writers = new ArrayDeque<>();
    private int id = -1;
    private @Nullable Instant sentAt;
    private boolean over;
    private boolean sent;
    private boolean answered;
    private boolean paused;
    private @Nullable Headers trailers;
    private int unconsumed;

    /** What is announced and nothing has come of: Netty lets that pass, as if for HEAD. */
    private long missing;

    private long waiting;

    ClientStream(ClientHttp2 connection, ClientCall call) {
        this.connection = connection;
        this.call = call;
    }

    boolean isOver() {
        return over;
    }

    void sentAt(Instant now) {
        sentAt = now;
    }

    // ---- the request ----

    /** Sends the head, and the body if it is there and wanted; on the loop's own thread. */
    void open() {
        id = connection.opened(this);
        if (id < 0) {
            notOpened();
            connection.settle();
            return;
        }
        var request = call.request;
        var body = request.body();
        boolean bodyless = !request.streamed() && (body == null || body.length == 0);
        var ctx = connection.ctx();
        connection
                .encoder()
                .writeHeaders(ctx, id, head(), 0, bodyless, ctx.newPromise())
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        failed(new IOException(written.cause()));
                    }
                });
        sent = bodyless;
        if (!bodyless && request.expectContinue()) {
            call.holdBody(() -> connection.later(this::sendBody));
        } else if (!bodyless) {
            sendBody();
        }
    }

    /** The connection has no room any more. */
    private void notOpened() {
        var offence = connection.offence();
        if (offence != null) {
            failed(offence);
        } else if (!over) {
            over = true;
            connection.pool().repeat(call);
        }
    }

    private Http2Headers head() {
        var request = call.request;
        var headers = request.headers();
        var head = ClientHttp2.newHeaders();
        head.method(request.method());
        head.scheme(request.route().tls() != null ? "https" : "http");
        head.authority(headers.get("Host", request.route().address()));
        head.path(request.target());
        for (int i = 0; i < headers.size(); i++) {
            var name = headers.nameAt(i).toLowerCase(Locale.ROOT);
            if (!LEFT_OUT.contains(name)) {
                head.add(AsciiString.of(name), headers.valueAt(i));
            }
        }
        if (request.decompress()) {
            head.set("accept-encoding", ContentDecoding.ACCEPTED);
        }
        return head;
    }

    private void sendBody() {
        if (over) {
            return;
        }
        var body = call.request.body();
        if (body != null) {
            write(body, true);
        } else {
            call.sendBody(this);
        }
    }

    private void write(byte[] bytes, boolean last) {
        if (over || sent) {
            return;
        }
        sent = last;
        var ctx = connection.ctx();
        var data =
                bytes.length == 0
                        ? Unpooled.EMPTY_BUFFER
                        : ctx.alloc().directBuffer(bytes.length).writeBytes(bytes);
        connection
                .encoder()
                .writeData(ctx, id, data, 0, last, ctx.newPromise())
                .addListener(written -> taken(bytes.length));
    }

    private void taken(int bytes) {
        waiting -= bytes;
        while (waiting <= ClientContext.WRITE_HIGH_WATER && !writers.isEmpty()) {
            writers.remove().complete(null);
        }
    }

    @Override
    public CompletableFuture<@Nullable Void> write(byte[] piece) {
        if (over) {
            return CompletableFuture.failedFuture(new IOException("the request has ended"));
        }
        if (piece.length > 0) {
            waiting += piece.length;
            connection.later(() -> write(piece, false));
        }
        if (waiting <= ClientContext.WRITE_HIGH_WATER) {
            return DONE;
        }
        CompletableFuture<@Nullable Void> writer = connection.context().loop.newFuture();
        writers.add(writer);
        return writer;
    }

    @Override
    public void end() {
        connection.later(() -> write(Output.NOTHING, true));
    }

    // ---- the response ----

    void headers(Http2Headers fields, boolean last) {
        if (over) {
            return;
        }
        try {
            if (answered) {
                if (!last) {
                    throw new HttpInputException("trailers that don't end the stream");
                }
                trailers = ours(fields);
            } else {
                int code = status(fields);
                if (code >= 200) {
                    answered = true;
                    answered(code, ours(fields));
                } else if (last || code == 101) { // RFC 9113 sections 8.1 and 8.6
                    throw new HttpInputException("interim response " + code + " in place of one");
                } else if (code == 100) {
                    call.releaseBody();
                }
            }
        } catch (HttpInputException malformed) {
            reset(Http2Error.PROTOCOL_ERROR);
            failed(malformed);
            return;
        }
        if (last) {
            whole();
        }
    }

    private void answered(int code, Headers headers) {
        var length = headers.get("Content-Length");
        boolean bodyless = call.answersHead() || HttpStatus.hasNoBody(code);
        missing = length == null || bodyless ? 0 : Long.parseLong(length); // Netty has read it
        var startLine = new ResponseStartLine(HttpVersion.HTTP_2, code, "");
        call.head(startLine, headers, connection.ctx().alloc());
    }

    private static int status(Http2Headers fields) {
        var status = fields.status();
        if (status == null || !status.toString().matches("[1-9][0-9]{2}")) {
            throw new HttpInputException("malformed status: " + status);
        }
        return Integer.parseInt(status.toString());
    }

    private static Headers ours(Http2Headers fields) {
        var headers = new Headers();
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            var name = field.getKey().toString();
            if (!name.startsWith(":")) {
                try {
                    headers.add(name, field.getValue().toString());
                } catch (HeaderSyntaxException refused) {
                    throw new HttpInputException(
                            400, String.valueOf(refused.getMessage()), refused);
                }
            }
        }
        return headers;
    }

    int data(ByteBuf data, int padding, boolean last) {
        int size = data.readableBytes() + padding;
        if (over) {
            return size;
        }
        if (!answered) {
            reset(Http2Error.PROTOCOL_ERROR);
            failed(new HttpInputException("data before the response's head"));
            return size;
        }
        if (data.isReadable()) {
            missing = 0;
        }
        call.body(data);
        if (last) {
            whole();
            return size;
        }
        if (paused && !over) {
            unconsumed += size;
            return 0;
        }
        return size;
    }

    private void whole() {
        if (over) {
            return;
        }
        if (!answered) {
            failed(new EOFException("stream ended before a response came"));
            return;
        }
        if (missing > 0) {
            reset(Http2Error.PROTOCOL_ERROR);
            failed(new HttpInputException("no body, where " + missing + " bytes are announced"));
            return;
        }
        boolean early = !sent;
        finish();
        if (early) {
            connection.later(() -> reset(Http2Error.NO_ERROR));
        }
        call.end(trailers == null ? new Headers() : trailers);
    }

    // ---- the end ----

    @Override
    public void cancel(ClientCall cancelled) {
        if (sentAt != null) {
            connection.givenUp(sentAt);
        }
        finish();
        connection.later(() -> reset(Http2Error.CANCEL));
    }

    @Override
    public void pause(ClientCall current, boolean paused) {
        this.paused = paused;
        if (!paused && unconsumed > 0) {
            int bytes = unconsumed;
            unconsumed = 0;
            connection.later(() -> connection.consumed(connection.known(id), bytes));
        }
    }

    void resetByServer(long errorCode) {
        if (errorCode == Http2Error.REFUSED_STREAM.code()) {
            refused();
        } else if (answered && errorCode == Http2Error.NO_ERROR.code()) {
            failed(new EOFException("stream ended by the server within the body"));
        } else {
            failed(
                    new EOFException(
                            "stream reset by the server: " + Http2Error.valueOf(errorCode)));
        }
    }

    /** The server has not looked at the request, RFC 9113 section 8.7: any may be sent again. */
    void refused() {
        if (over) {
            return;
        }
        if (answered || call.hasBegunBody()) {
            failed(new EOFException("stream refused by the server"));
            return;
        }
        finish();
        connection.pool().repeat(call);
    }

    /** The connection is gone. */
    void lost(Throwable failure) {
        failed(failure);
    }

    void failed(Throwable failure) {
        if (!over) {
            finish();
            call.fail(failure);
        }
    }

    /** Tells the server, if it knows of the stream; on the loop's own thread. */
    private void reset(Http2Error why) {
        connection.reset(connection.known(id), why);
    }

    private void finish() {
        over = true;
        while (!writers.isEmpty()) {
            writers.remove().completeExceptionally(new IOException("the request has ended"));
        }
        if (id >= 0) {
            connection.ended(id);
        }
    }
}
