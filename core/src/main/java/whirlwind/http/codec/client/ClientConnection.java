package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.codec.websocket.WebSocketOpening;
import whirlwind.http.codec.websocket.WebSocketOverConnection;

/**
 * A connection to a server that speaks HTTP/1: one request at a time, and the next when the
 * response to the last is whole. Between requests it is in the pool, and reads, so that it notices
 * when the server hangs up.
 *
 * <p>Methods are called on the loop's own thread, but for {@link #start}, those of {@link
 * ClientCall.Link} and what a {@link ClientBody} asks, which coroutines call, too.
 */
final class ClientConnection extends ClientReader implements Corks.Corked, ClientPeer {
    private static final Logger log = LoggerFactory.getLogger(ClientTransport.class);

    /** How the body of the response that is read ends. */
    private enum End {
        /** No head has come yet. */
        UNKNOWN,
        /** As its head or its chunks say. */
        DELIMITED,
        /** With the connection. */
        CLOSE
    }

    private final ClientContext context;
    private final ClientPool pool;
    private final Outbox outbox = new Outbox();

    @SuppressWarnings("NullAway.Init") // set before any other call, by handlerAdded
    private ChannelHandlerContext ctx;

    /** The call that is served; null while it is kept, and when it is to be closed. */
    private @Nullable ClientCall call;

    private End end = End.UNKNOWN;
    private long announced;
    private long received;

    /** Whether anything came since the call began. */
    private boolean heard;

    /** Whether the request has been handed over whole. */
    private boolean sent;

    /** Whether the server has said, within TLS, that it hangs up. */
    private boolean goodbye;

    /** Whether the server lets the connection stay open. */
    private boolean persistent;

    /** The response is whole. */
    private boolean whole;

    /** How many requests it has been given. */
    private int served;

    private boolean corked;
    private boolean closing;
    private boolean paused;
    private @Nullable Throwable broken;
    private @Nullable Headers trailers;

    private int idleSince;

    ClientConnection(ClientContext context, ClientPool pool) {
        super(context.decoderConfig);
        this.context = context;
        this.pool = pool;
        this.idleSince = context.tick;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    // ---- requests ----

    @Override
    public boolean hasRoom() {
        return call == null && isOpen();
    }

    private boolean isOpen() {
        return !closing && ctx.channel().isActive();
    }

    @Override
    public void start(ClientCall next) {
        var request = next.request;
        call = next;
        end = End.UNKNOWN;
        announced = -1;
        received = 0;
        heard = false;
        whole = false;
        persistent = false;
        boolean bodyLater =
                request.streamed() || (request.body() != null && request.expectContinue());
        sent = !bodyLater;
        outbox.add(new ClientHead(request, context.keepsAlive()));
        if (request.body() != null && !bodyLater) {
            outbox.add(new Output.Bytes(request.body()));
        }
        cork();
        served++;
        next.connected(this, served > 1);
        if (bodyLater && request.expectContinue()) {
            next.holdBody(() -> sendBody(next));
        } else if (bodyLater) {
            next.sendBody(new ClientBody(this, next, context.loop));
        }
    }

    private void sendBody(ClientCall current) {
        var body = current.request.body();
        if (body != null) {
            outbox.add(new Output.Bytes(body));
            sent();
        } else {
            current.sendBody(new ClientBody(this, current, context.loop));
        }
    }

    @Override
    public void cancel(ClientCall cancelled) {
        if (call == cancelled) {
            close();
        }
    }

    @Override
    public void pause(ClientCall current, boolean paused) {
        if (call == current && this.paused != paused) {
            this.paused = paused;
            cork();
        }
    }

    @Override
    public void close() {
        call = null;
        closing = true;
        cork();
    }

    @Override
    public void fail(Throwable cause) {
        var failed = call;
        close();
        if (failed != null) {
            failed.fail(cause);
        }
    }

    // ---- what a body asks that comes piece by piece ----

    /** Whether the body of that call is still awaited. */
    boolean isSending(ClientCall asking) {
        return call == asking && !sent;
    }

    Outbox outbox() {
        return outbox;
    }

    /** The request has been handed over whole. */
    void sent() {
        sent = true;
        cork();
    }

    /** See that what is in the outbox goes out at the end of the turn. */
    void cork() {
        if (!corked) {
            corked = true;
            context.corks.add(this);
        }
    }

    // ---- responses ----

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (call == null && ctx.isRemoved()) {
            return; // a WebSocket reads on
        }
        if (call == null) {
            // Nobody has asked for that: it must not become the answer to what is asked next.
            in.skipBytes(in.readableBytes());
            ctx.close();
            return;
        }
        heard = true;
        read(ctx, in, out);
        if (whole) {
            finish(!in.isReadable());
        }
    }

    @Override
    boolean answersHead() {
        return call != null && call.answersHead();
    }

    @Override
    void interim(ResponseStartLine startLine, Headers headers) {
        var current = call;
        if (startLine.code() == 101) {
            if (current != null && current.request.hook() instanceof WebSocketOpening opening) {
                become(opening, current, startLine, headers);
            } else {
                malformed(new HttpInputException("switched to a protocol that nobody asked for"));
            }
        } else if (startLine.code() == 100 && current != null) {
            current.releaseBody();
        }
    }

    /** Goes on as a WebSocket, which gets what has come behind the head. */
    private void become(
            WebSocketOpening opening,
            ClientCall current,
            ResponseStartLine startLine,
            Headers headers) {
        var host = context.webSocketHost();
        WebSocketChannel webSocket;
        try {
            webSocket = opening.opened(host, headers);
        } catch (HttpInputException none) {
            malformed(none);
            return;
        }
        call = null;
        closing = true;
        context.webSockets.add(webSocket);
        ctx.pipeline().replace(this, null, new WebSocketOverConnection(host, webSocket));
        pool.left(this);
        current.head(startLine, headers, ctx.alloc());
        current.end(new Headers());
    }

    @Override
    void head(ResponseStartLine startLine, Headers headers) {
        var current = call;
        if (current == null) {
            return;
        }
        var length = headers.get("Content-Length");
        boolean chunked = headers.contains("Transfer-Encoding");
        announced = length == null ? -1 : Long.parseLong(length); // the decoder has looked at it
        end = length != null || chunked || hasNoBody(startLine) ? End.DELIMITED : End.CLOSE;
        persistent =
                end == End.DELIMITED
                        && (startLine.version() == HttpVersion.HTTP_1_0
                                ? !chunked && headers.containsToken("Connection", "keep-alive")
                                : !headers.containsToken("Connection", "close"));
        current.head(startLine, headers, ctx.alloc());
    }

    private boolean hasNoBody(ResponseStartLine startLine) {
        return answersHead() || HttpStatus.hasNoBody(startLine.code());
    }

    @Override
    void piece(ByteBuf bytes) {
        received += bytes.readableBytes();
        if (call != null) {
            call.body(bytes);
        }
    }

    @Override
    void end(Headers trailers) {
        whole = true;
        this.trailers = trailers;
    }

    /** The response is whole; {@code clean} if nothing came behind it. */
    private void finish(boolean clean) {
        var done = call;
        call = null;
        if (done == null) {
            return;
        }
        if (clean && persistent && sent && outbox.isEmpty() && isOpen() && keepsAlive(done)) {
            idleSince = context.tick;
            if (paused) {
                paused = false; // whoever delivers the response slowly has all of it
                cork();
            }
            pool.roomAt(this);
        } else {
            closing = true;
            ctx.close();
        }
        var fields = trailers;
        trailers = null;
        done.end(fields == null ? new Headers() : fields);
    }

    private boolean keepsAlive(ClientCall done) {
        return context.keepsAlive() && !done.request.headers().containsToken("Connection", "close");
    }

    @Override
    void malformed(HttpInputException why) {
        var failed = call;
        call = null;
        closing = true;
        ctx.close();
        if (failed != null) {
            failed.fail(why);
        }
    }

    // ---- life ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx); // which decodes what has come
        closing = true;
        var failure = broken != null ? broken : new EOFException(howItEnded());
        outbox.fail(new UncheckedIOException(new IOException("connection closed")));
        var last = call;
        call = null;
        if (last != null) {
            conclude(last, failure);
        }
        pool.left(this); // at last: a pool without connections and calls is forgotten
    }

    private void conclude(ClientCall last, Throwable failure) {
        if (end == End.CLOSE && broken == null && (goodbye || pool.route().tls() == null)) {
            last.end(new Headers());
        } else if (!heard && served > 1 && last.request.repeatable() && !last.hasBegunBody()) {
            pool.repeat(last);
        } else {
            last.fail(failure);
        }
    }

    /** Without it the end may be anybody's doing; RFC 9112 section 9.8. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        goodbye |= event == SslCloseCompletionEvent.SUCCESS;
        super.userEventTriggered(ctx, event);
    }

    private String howItEnded() {
        if (end == End.UNKNOWN) {
            return heard
                    ? "connection closed within the response's head"
                    : "connection closed before a response came";
        }
        if (end == End.CLOSE) {
            return "connection closed after " + received + " bytes, without the goodbye of TLS";
        }
        return announced < 0
                ? "connection closed after " + received + " bytes of an unfinished body"
                : "connection closed after %d of %d bytes of the body"
                        .formatted(received, announced);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var real = HangUp.reason(cause);
        if (!(real instanceof IOException)) {
            log.error("Error on a connection to {}; it is dropped", pool.route(), real);
        }
        broken = real;
        ctx.close();
    }

    @Override
    public void uncork() {
        corked = false;
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        if (closing) {
            ctx.close();
            return;
        }
        ctx.channel().config().setAutoRead(!paused);
        if (!outbox.drain(ctx, context.corks.pen()) && ctx.channel().isWritable()) {
            cork(); // in the next turn; others have theirs
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !outbox.isEmpty()) {
            cork();
        }
    }

    @Override
    public boolean isIdle() {
        return call == null;
    }

    @Override
    public int idleSince() {
        return idleSince;
    }

    @Override
    public void drop() {
        ctx.close();
    }
}
