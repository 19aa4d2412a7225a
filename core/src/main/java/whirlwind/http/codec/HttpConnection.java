package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpStatus;
import whirlwind.http.HttpVersion;
import whirlwind.http.RequestStartLine;
import whirlwind.http.codec.ResponseHead.Framing;
import whirlwind.http.codec.ResponseHead.Persistence;
import whirlwind.net.IOStream;
import whirlwind.net.StreamOptions;

/**
 * One connection from its start to its end, or to its upgrade: requests are read one at a time, and
 * the next only when the answer to the last has been taken by the client. The one handler in its
 * channel's pipeline.
 *
 * <p>Methods are called on the loop's own thread, but for those that say that coroutines call them.
 */
final class HttpConnection extends RequestReader
        implements Corks.Corked, ServerConnection, StreamedBody.Source {
    private static final Logger log = LoggerFactory.getLogger(HttpAcceptor.class);

    private static final byte[] CONTINUE = Scratch.ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private static final byte[] PREFACE = Scratch.ascii("PRI * HTTP/2.0\r\n");

    /** A client that pipelines more than that while its first request is handled has to wait. */
    private static final int HELD_BACK = 64 << 10;

    /** Where the connection is in the life of a request. */
    private enum Phase {
        /** Between requests. */
        IDLE,
        /** A part of a request's head is there. */
        HEAD,
        /** The head is there, and a part of the body is not. */
        BODY,
        /** The request is being answered while its body arrives. */
        STREAMING,
        /** The request is being answered. */
        HANDLING,
        /** A refusal has been sent; what still comes is thrown away until the client hangs up. */
        LINGERING,
        /** Closed, or not HTTP any more. */
        CLOSED
    }

    private final ConnectionContext context;
    private final Outbox outbox = new Outbox();

    @SuppressWarnings("NullAway.Init") // set before any other call, by handlerAdded
    private ChannelHandlerContext ctx;

    private Phase phase = Phase.IDLE;
    private int place;
    private @Nullable SSLSession tls;

    /** Nothing has come yet that HTTP/2 doesn't begin with. */
    private boolean mayBeHttp2 = true;

    private int deadline;
    private boolean corked;
    private boolean aborting;

    /** Input waits in the decoder for the end of the request that is handled. */
    private boolean heldBack;

    private @Nullable String remoteIp;
    private @Nullable HttpServerRequest request;
    private @Nullable RequestBody body;
    private @Nullable StreamedBody streamed;

    /** The handler has read what there was of a streamed body, and the client is to send more. */
    private boolean resuming;

    private @Nullable Http1Exchange exchange;
    private Exchanges.@Nullable Owner owner;

    /** The exchange has been lost, and its owner doesn't know yet. */
    private boolean ownerToTell;

    private @Nullable Successor successor;

    /** With the client's address if a proxy has told it; else it is the other end's. */
    HttpConnection(ConnectionContext context, @Nullable SocketAddress client) {
        super(context.lines, context.limits.maxStartLine(), context.limits.maxHeaderSize());
        this.context = context;
        this.remoteIp = client == null ? null : PeerAddress.textOf(client);
    }

    // ---- life ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context.https.add(this);
        deadline = context.sweep.deadline(context.headerTicks);
    }

    /** TLS is ready: a client that has agreed on HTTP/2 speaks it from its first byte on. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
            var handler = ctx.pipeline().get(SslHandler.class);
            tls = handler.engine().getSession();
            if ("h2".equals(handler.applicationProtocol())) {
                becomeHttp2();
            }
        }
        super.userEventTriggered(ctx, event);
    }

    private void becomeHttp2() {
        phase = Phase.CLOSED;
        var successor = ServerFrames.newConnection(context, remoteIp(), tls);
        context.switched(this, successor);
        ctx.pipeline().replace(this, null, successor);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        lost();
        super.channelInactive(ctx);
    }

    private void lost() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        context.left(this);
        outbox.fail(ServerExchange.clientGone());
        boolean tell = ownerToTell || (exchange != null && exchange.lose());
        var told = owner;
        var unread = streamed;
        forgetExchange();
        if (tell && told != null) {
            told.clientGone();
        }
        if (unread != null) {
            unread.fail(ServerExchange.clientGone());
        }
        if (successor != null) {
            successor.lost();
        }
    }

    private void forgetExchange() {
        if (body != null) {
            body.close();
        }
        if (streamed != null) {
            streamed.close();
        }
        exchange = null;
        owner = null;
        ownerToTell = false;
        request = null;
        body = null;
        streamed = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException) {
            log.debug("Connection of {} broke", remoteIp(), cause);
        } else {
            log.error("Error on the connection of {}; it is dropped", remoteIp(), cause);
        }
        ctx.close();
    }

    @Override
    public void tick(int now) {
        if (deadline != Sweep.NEVER && deadline - now <= 0) {
            timeOut();
        }
    }

    /** The time of this phase is up. */
    private void timeOut() {
        deadline = Sweep.NEVER;
        switch (phase) {
            case HEAD -> malformed(new HttpInputException(408, "the head took too long"));
            case BODY, STREAMING ->
                    malformed(new HttpInputException(408, "the body took too long"));
            case IDLE, HANDLING, LINGERING -> ctx.close();
            case CLOSED -> {}
        }
    }

    /** Closes unless a request is being read or answered. */
    @Override
    public void drain() {
        if (phase == Phase.IDLE) {
            closeWhenWritten();
        }
    }

    @Override
    public void drop() {
        ctx.close();
    }

    @Override
    public int place() {
        return place;
    }

    @Override
    public void place(int place) {
        this.place = place;
    }

    // ---- reading ----

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (phase) {
            case IDLE -> {
                if (mayBeHttp2 && isPreface(in)) {
                    return;
                }
                read(in);
                if (phase == Phase.IDLE && isInHead(in)) {
                    phase = Phase.HEAD;
                    deadline = context.sweep.deadline(context.headerTicks);
                }
            }
            case HEAD, BODY, STREAMING -> read(in);
            case HANDLING -> {
                heldBack = true;
                if (in.readableBytes() > HELD_BACK) {
                    ctx.channel().config().setAutoRead(false);
                }
            }
            case LINGERING, CLOSED -> in.skipBytes(in.readableBytes());
        }
    }

    /**
     * Whether the connection begins as those of clients do that know that this server speaks
     * HTTP/2, RFC 9113 section 3.4, or may turn out to.
     */
    private boolean isPreface(ByteBuf in) {
        int length = Math.min(in.readableBytes(), PREFACE.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                mayBeHttp2 = false;
                return false;
            }
        }
        if (length == PREFACE.length) {
            becomeHttp2();
        }
        return true;
    }

    @Override
    void head(RequestStartLine startLine, Headers headers, long length) {
        try {
            var request = context.newRequest(startLine, headers, remoteIp(), tls);
            this.request = request;
            boolean asks = expectsContinue(request);
            if (length == 0) {
                return;
            }
            deadline = context.sweep.deadline(context.bodyTicks);
            var decoding = context.decoding(headers);
            if (context.exchanges.streamsBody(request)) {
                beginWithoutBody(request, length, asks, decoding);
            } else {
                awaitBody(length, asks, decoding);
            }
        } catch (HttpInputException e) {
            malformed(e);
        }
    }

    private void awaitBody(long announced, boolean asksFirst, @Nullable RequestDecoding decoding) {
        body = RequestBody.of(announced, context.limits.maxBodySize(), decoding);
        phase = Phase.BODY;
        if (asksFirst) {
            invite();
        }
    }

    private void beginWithoutBody(
            HttpServerRequest request,
            long announced,
            boolean asksFirst,
            @Nullable RequestDecoding decoding) {
        streamed =
                new StreamedBody(
                        context.loop,
                        this,
                        announced,
                        context.limits.maxBodySize(),
                        asksFirst,
                        decoding);
        phase = Phase.STREAMING;
        exchange =
                new Http1Exchange(
                        this,
                        request.withTrailers(streamed.trailers()),
                        streamed,
                        persists(request));
        owner = context.exchanges.begin(exchange);
    }

    /** RFC 9110 section 10.1.1: there is but one expectation, and HTTP/1.0 hasn't it. */
    static boolean expectsContinue(HttpServerRequest request) {
        var expected = request.headers().get("Expect");
        if (expected == null || request.version() == HttpVersion.HTTP_1_0) {
            return false;
        }
        if (!expected.equalsIgnoreCase("100-continue")) {
            throw new HttpInputException(417, "unknown expectation");
        }
        return true;
    }

    @Override
    void piece(ByteBuf bytes) {
        if (phase == Phase.STREAMING && streamed != null) {
            if (!streamed.add(bytes)) {
                ctx.channel().config().setAutoRead(false);
                deadline = Sweep.NEVER;
                return;
            }
        } else if (phase == Phase.BODY && body != null) {
            try {
                body.add(bytes);
            } catch (HttpInputException e) {
                malformed(e);
                return;
            }
        } else {
            return;
        }
        if (context.limits.bodyTimeout() == null) {
            deadline = context.sweep.deadline(context.bodyTicks);
        }
    }

    @Override
    void end(Headers trailers) {
        if (phase == Phase.STREAMING && streamed != null) {
            streamed.trailers().addAll(trailers);
            streamed.end();
            phase = Phase.HANDLING;
            deadline = Sweep.NEVER;
            return;
        }
        var whole = request;
        if (whole == null) {
            return; // refused
        }
        var read = body;
        if (read != null) {
            try {
                whole = whole.withBody(read.bytes());
            } catch (HttpInputException e) {
                malformed(e);
                return;
            }
            read.close();
            whole = trailers.isEmpty() ? whole : whole.withTrailers(trailers);
        }
        request = null;
        body = null;
        phase = Phase.HANDLING;
        deadline = Sweep.NEVER;
        exchange = new Http1Exchange(this, whole, null, persists(whole));
        owner = context.exchanges.begin(exchange);
    }

    private boolean persists(HttpServerRequest request) {
        var headers = request.headers();
        return context.limits.keepAlive()
                && (request.version() == HttpVersion.HTTP_1_0
                        ? headers.containsToken("Connection", "keep-alive")
                        : !headers.containsToken("Connection", "close"));
    }

    /** Answers what can't be handled, and closes, but lets the client read the answer first. */
    @Override
    void malformed(HttpInputException why) {
        if (phase == Phase.LINGERING || phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.STREAMING && streamed != null) {
            streamed.fail(why); // the handler answers
            return;
        }
        log.info("{} gets {}: {}", remoteIp(), why.status(), why.getMessage());
        linger();
        forgetExchange();
        var text = why.status() + " " + HttpStatus.reason(why.status()) + "\n";
        var headers = Headers.of("Content-Type", "text/plain; charset=UTF-8");
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        send(
                new ResponseHead(
                        why.status(),
                        null,
                        headers,
                        bytes,
                        0,
                        Framing.LENGTH,
                        bytes.length,
                        Persistence.CLOSE));
    }

    private void linger() {
        phase = Phase.LINGERING;
        deadline = context.sweep.deadline(context.lingerTicks);
        ctx.channel().config().setAutoRead(true);
    }

    private String remoteIp() {
        var known = remoteIp;
        if (known == null) {
            known = PeerAddress.textOf(ctx.channel().remoteAddress());
            remoteIp = known;
        }
        return known;
    }

    // ---- called by coroutines, too ----

    ConnectionContext context() {
        return context;
    }

    void send(Output output) {
        outbox.add(output);
        cork();
    }

    void send(byte[] bytes) {
        send(new Output.Bytes(bytes));
    }

    /** Whether the kernel may send files by itself. */
    boolean sendsFiles() {
        return context.tls == null;
    }

    CompletableFuture<@Nullable Void> sendFile(FileChannel file, long offset, long count) {
        CompletableFuture<@Nullable Void> sent = context.loop.newFuture();
        send(new Output.FileRange(file, offset, count, sent));
        return sent;
    }

    @Override
    public void invite() {
        send(CONTINUE);
    }

    @Override
    public void taken(int bytes, boolean room) {
        if (room) {
            resuming = true;
            cork();
        }
    }

    /** Whether more waits already than may wait; then the connection is dropped. */
    boolean overflows() {
        if (outbox.size() <= context.limits.maxWriteBuffer()) {
            return false;
        }
        log.warn(
                "Connection of {} is dropped: {} bytes wait for it, and the handler goes on writing"
                        + " without awaiting write()",
                remoteIp,
                outbox.size());
        abort();
        return true;
    }

    /** See that the end of the response is noticed. */
    void finished() {
        cork();
    }

    CompletableFuture<@Nullable Void> whenTaken() {
        return outbox.whenTaken(context.loop, context.limits.writeHighWater());
    }

    void abort() {
        if (phase == Phase.CLOSED || aborting) {
            return;
        }
        aborting = true;
        ownerToTell = exchange != null && exchange.lose();
        cork();
    }

    WebSocketChannel upgrade(WebSocketHandshake handshake) {
        var channel = WebSocketChannel.ofServer(context, handshake);
        successor = new Successor.Conversation(context, channel);
        send(
                new ResponseHead(
                        101,
                        null,
                        handshake.response(),
                        RequestBody.NONE,
                        ResponseHead.scan(handshake.response()),
                        Framing.AS_GIVEN,
                        0,
                        Persistence.AS_GIVEN));
        return channel;
    }

    CompletableFuture<IOStream> detach(StreamOptions options) {
        CompletableFuture<IOStream> stream = context.loop.newFuture();
        successor = new Successor.Bare(context, options, stream);
        cork();
        return stream;
    }

    private void cork() {
        if (!corked) {
            corked = true;
            context.corks.add(this);
        }
    }

    // ---- writing ----

    @Override
    public void uncork() {
        corked = false;
        if (phase == Phase.CLOSED) {
            return;
        }
        if (aborting) {
            ctx.close();
            return;
        }
        if (resuming) {
            resuming = false;
            readMore();
        }
        if (!outbox.drain(ctx, context.scratch, context.encoding)) {
            goOnLater();
        } else if (successor != null) {
            switchTo(successor);
        } else if (phase == Phase.LINGERING) {
            hangUpWhenWritten();
        } else if (exchange != null && exchange.isFinished()) {
            next(exchange.keepAlive());
        }
    }

    /** In the next turn if others are to have theirs, or else when the client has taken some. */
    private void goOnLater() {
        if (ctx.channel().isWritable()) {
            cork();
        } else if (exchange == null || exchange.isFinished()) {
            deadline = context.sweep.deadline(context.idleTicks);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable() && !outbox.isEmpty()) {
            cork();
        }
    }

    /** Of a streamed body. */
    private void readMore() {
        if (phase == Phase.STREAMING) {
            deadline = context.sweep.deadline(context.bodyTicks);
        }
        if (!heldBack) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void next(boolean keepAlive) {
        boolean bodyWhole = phase != Phase.STREAMING;
        forgetExchange();
        if (!bodyWhole) {
            linger();
            hangUpWhenWritten();
            return;
        }
        phase = Phase.IDLE;
        if (!keepAlive || context.isDraining()) {
            closeWhenWritten();
            return;
        }
        deadline = context.sweep.deadline(context.idleTicks);
        if (heldBack) {
            heldBack = false;
            ctx.channel().config().setAutoRead(true);
            readHeldBack();
        }
    }

    private void readHeldBack() {
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
            exceptionCaught(ctx, e);
        }
    }

    private void closeWhenWritten() {
        phase = Phase.LINGERING;
        deadline = context.sweep.deadline(context.idleTicks);
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Closing a socket that has unread input resets it, and the client may lose what was sent last.
     * So only the output is closed, and the client given time to read why.
     */
    private void hangUpWhenWritten() {
        HangUp.afterOutput(ctx);
    }

    private void switchTo(Successor next) {
        phase = Phase.CLOSED;
        forgetExchange();
        successor = null;
        var handler = next.takeOver(ctx.channel(), this);
        if (handler == null) {
            ctx.pipeline().remove(this); // which hands on what has come
        } else {
            ctx.pipeline().replace(this, null, handler);
        }
    }
}
