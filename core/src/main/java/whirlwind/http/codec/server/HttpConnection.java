package whirlwind.http.codec.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.RequestStartLine;
import whirlwind.http.codec.Corks;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.Scratch;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.Deadlines;
import whirlwind.http.codec.exchange.Refusal;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.request.IncomingRequest;
import whirlwind.http.codec.request.RequestReader;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.stream.ServerHttp2;

/**
 * One connection from its start to its end, or to its upgrade: requests are read one at a time, and
 * the next only when the answer to the last has been taken by the client. The one handler in its
 * channel's pipeline.
 *
 * <p>Methods are called on the loop's own thread, but for those that say that coroutines call them.
 */
final class HttpConnection extends RequestReader
        implements Corks.Corked, ServerConnection, StreamedBody.Source {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private static final byte[] CONTINUE = Scratch.ascii("HTTP/1.1 100 Continue\r\n\r\n");

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

    /** The request whose body comes, or has come piece by piece, or is large and being answered. */
    private @Nullable IncomingRequest incoming;

    /** The handler has read what there was of a streamed body, and the client is to send more. */
    private boolean resuming;

    private @Nullable Http1Exchange exchange;
    private @Nullable Successor successor;

    /** With the client's address if a proxy has told it; else it is the other end's. */
    HttpConnection(ConnectionContext context, @Nullable SocketAddress client) {
        super(context.lines(), context.limits().maxStartLine(), context.limits().maxHeaderSize());
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
        context.connections().add(this);
        deadline = context.deadlines().head();
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
        var successor = ServerHttp2.of(context, remoteIp(), tls);
        context.connections().switched(this, successor);
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
        context.connections().left(this);
        outbox.fail(ServerExchange.clientGone());
        var answered = exchange;
        var unread = incoming;
        forgetRequest();
        if (answered != null) {
            answered.lost();
        }
        if (unread != null) {
            unread.fail(ServerExchange.clientGone());
        }
        if (successor != null) {
            successor.lost();
        }
    }

    private void forgetRequest() {
        if (incoming != null) {
            incoming.close();
        }
        incoming = null;
        exchange = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (HangUp.isEveryday(cause)) {
            log.debug("Connection of {} broke", remoteIp(), cause);
        } else {
            log.error("Error on the connection of {}; it is dropped", remoteIp(), cause);
        }
        ctx.close();
    }

    @Override
    public void tick(int now) {
        if (Deadlines.isUp(deadline, now)) {
            timeOut();
        }
    }

    /** The time of this phase is up. */
    private void timeOut() {
        deadline = Deadlines.NEVER;
        if (exchange != null && exchange.isFinished()) {
            ctx.close(); // nobody is left whom a failing body would tell anything
            return;
        }
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
                    deadline = context.deadlines().head();
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

    /** Whether the client speaks HTTP/2, or more has to come to tell. */
    private boolean isPreface(ByteBuf in) {
        mayBeHttp2 = Http2Preface.mayBegin(in);
        if (mayBeHttp2 && Http2Preface.isCertain(in)) {
            becomeHttp2();
        }
        return mayBeHttp2;
    }

    @Override
    protected void head(RequestStartLine startLine, Headers headers, long length) {
        try {
            var request = context.newRequest(startLine, headers, remoteIp(), tls);
            if (length == 0) {
                var _ = IncomingRequest.expectsContinue(request); // but nothing else
                handling();
                begin(request, null);
                return;
            }
            deadline = context.deadlines().body();
            incoming = context.bodies().begin(this, request, length);
            if (incoming instanceof IncomingRequest.Streamed(var head, var body)) {
                phase = Phase.STREAMING;
                begin(head, body);
            } else {
                phase = Phase.BODY;
            }
        } catch (HttpInputException e) {
            malformed(e);
        }
    }

    private void begin(HttpServerRequest request, @Nullable StreamedBody streamed) {
        exchange = new Http1Exchange(this, request, streamed);
        exchange.begin();
    }

    private void handling() {
        phase = Phase.HANDLING;
        deadline = Deadlines.NEVER;
    }

    @Override
    protected void piece(ByteBuf bytes) {
        if (incoming == null) {
            return; // refused
        }
        try {
            if (!incoming.add(bytes)) {
                ctx.channel().config().setAutoRead(false);
                deadline = Deadlines.NEVER;
            } else {
                deadline = context.deadlines().bodyGoesOn(deadline);
            }
        } catch (HttpInputException e) {
            malformed(e);
        }
    }

    @Override
    protected void end(Headers trailers) {
        if (incoming == null) {
            return; // refused
        }
        try {
            var whole = incoming.end(trailers);
            handling();
            if (whole != null) {
                incoming = incoming.counts() ? incoming : null;
                begin(whole, null);
            }
        } catch (HttpInputException e) {
            malformed(e);
        }
    }

    /** Answers what can't be handled, and closes, but lets the client read the answer first. */
    @Override
    protected void malformed(HttpInputException why) {
        if (phase == Phase.LINGERING || phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.STREAMING && incoming != null) {
            incoming.fail(why); // the handler answers
            return;
        }
        log.info("{} gets {}: {}", remoteIp(), why.status(), why.getMessage());
        linger();
        forgetRequest();
        send(ResponseHead.of(Refusal.of(why.status()), context.fields()));
    }

    private void linger() {
        phase = Phase.LINGERING;
        deadline = context.deadlines().linger();
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
        if (outbox.size() <= context.limits().maxWriteBuffer()) {
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

    /** The body of a request that is still being answered is wanted no more. */
    void releaseBody(Http1Exchange answering) {
        if (exchange == answering
                && incoming != null
                && !(incoming instanceof IncomingRequest.Streamed)) {
            incoming.close();
            incoming = null;
        }
    }

    /** See that the end of the response is noticed. */
    void finished() {
        cork();
    }

    CompletableFuture<@Nullable Void> whenTaken() {
        return outbox.whenTaken(context.loop(), context.limits().writeHighWater());
    }

    void abort() {
        if (phase == Phase.CLOSED || aborting) {
            return;
        }
        aborting = true;
        if (exchange != null) {
            exchange.lose();
        }
        cork();
    }

    /** Goes on as something else when all has been written. */
    void become(Successor successor) {
        this.successor = successor;
        cork();
    }

    private void cork() {
        if (!corked) {
            corked = true;
            context.corks().add(this);
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
        if (!outbox.drain(ctx, context.corks().pen())) {
            goOnLater();
        } else if (successor != null) {
            switchTo(successor);
        } else if (phase == Phase.LINGERING) {
            HangUp.endOutput(ctx); // and the client has time to read why
        } else if (exchange != null && exchange.isFinished()) {
            next(exchange.keepAlive());
        }
    }

    /** In the next turn if others are to have theirs, or else when the client has taken some. */
    private void goOnLater() {
        if (ctx.channel().isWritable()) {
            cork();
        } else if (exchange == null || exchange.isFinished()) {
            deadline = context.deadlines().idle();
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
            deadline = context.deadlines().body();
        }
        if (!heldBack) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    private void next(boolean keepAlive) {
        boolean bodyWhole = phase != Phase.STREAMING;
        forgetRequest();
        if (!bodyWhole) {
            linger();
            HangUp.endOutput(ctx);
            return;
        }
        phase = Phase.IDLE;
        if (!keepAlive || context.connections().isDraining()) {
            closeWhenWritten();
            return;
        }
        deadline = context.deadlines().idle();
        if (!ctx.channel().config().isAutoRead()) { // for what was held back, or not read
            ctx.channel().config().setAutoRead(true);
        }
        if (heldBack) {
            heldBack = false;
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
        deadline = context.deadlines().idle();
        HangUp.behindOutput(ctx);
    }

    private void switchTo(Successor next) {
        phase = Phase.CLOSED;
        forgetRequest();
        successor = null;
        var handler = next.takeOver(ctx.channel(), this);
        if (handler == null) {
            ctx.pipeline().remove(this); // which hands on what has come
        } else {
            ctx.pipeline().replace(this, null, handler);
        }
    }
}
