package whirlwind.http.codec.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.RequestStartLine;
import whirlwind.http.codec.HangUp;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.Deadlines;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.request.IncomingRequest;
import whirlwind.http.codec.request.RequestReader;
import whirlwind.http.codec.request.StreamedBody;
import whirlwind.http.codec.stream.ServerHttp2;

/**
 * The reading half of an {@link HttpConnection}: requests come one at a time, and what comes before
 * its turn waits, what comes too late or is malformed is refused. The other half answers, and says
 * when the next may come. On the loop's own thread.
 */
abstract class RequestIntake extends RequestReader
        implements ServerConnection, StreamedBody.Source {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

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
        /** The last has been said; what still comes is thrown away until the client hangs up. */
        LINGERING,
        /** Closed, or not HTTP any more. */
        CLOSED
    }

    final ConnectionContext context;

    @SuppressWarnings("NullAway.Init") // set before any other call, by handlerAdded
    private ChannelHandlerContext ctx;

    private Phase phase = Phase.IDLE;
    private int deadline;
    private @Nullable String remoteIp;
    private @Nullable SSLSession tls;

    /** Nothing has come yet that HTTP/2 doesn't begin with. */
    private boolean mayBeHttp2 = true;

    /** Input waits in the decoder for the end of the request that is handled. */
    private boolean heldBack;

    /** The request whose body comes, or has come piece by piece, or is large and being answered. */
    private @Nullable IncomingRequest incoming;

    /** With the client's address if a proxy has told it; else it is the other end's. */
    RequestIntake(ConnectionContext context, @Nullable SocketAddress client) {
        super(context.lines(), context.limits().maxStartLine(), context.limits().maxHeaderSize());
        this.context = context;
        this.remoteIp = client == null ? null : PeerAddress.textOf(client);
    }

    // ---- what the other half does ----

    /** Answers a request; with its body if that is still coming. */
    abstract void begin(HttpServerRequest request, @Nullable StreamedBody streamed);

    /** Whether a response is whole that the client hasn't taken yet. */
    abstract boolean isAnswered();

    /** Answers what can't be handled, which is the last that is said. */
    abstract void refuse(int status);

    // ---- what it asks ----

    final ChannelHandlerContext ctx() {
        return ctx;
    }

    /** The client's address as text. */
    public final String remoteIp() {
        var known = remoteIp;
        if (known == null) {
            known = PeerAddress.textOf(ctx.channel().remoteAddress());
            remoteIp = known;
        }
        return known;
    }

    /** Whether it is between requests. */
    final boolean isIdle() {
        return phase == Phase.IDLE;
    }

    /** Whether only the client's hanging up is waited for. */
    final boolean isLingering() {
        return phase == Phase.LINGERING;
    }

    /** Whether it is closed, or not HTTP any more. */
    final boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    // ---- life ----

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** TLS is ready: a client that has agreed on HTTP/2 speaks it from its first byte on. */
    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
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
        stop();
        var successor = ServerHttp2.of(context, remoteIp(), tls);
        context.connections().switched(this, successor);
        ctx.pipeline().replace(this, null, successor);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (HangUp.isEveryday(cause)) {
            log.debug("Connection of {} broke", remoteIp(), cause);
        } else {
            log.error("Error on the connection of {}; it is dropped", remoteIp(), cause);
        }
        ctx.close();
    }

    // ---- times ----

    /** The client has its time for the head of a request. */
    final void awaitHead() {
        deadline = context.deadlines().head();
    }

    /** The client has its time for whatever is to happen next. */
    final void awaitClient() {
        deadline = context.deadlines().idle();
    }

    @Override
    public final void tick(int now) {
        if (Deadlines.isUp(deadline, now)) {
            timeOut();
        }
    }

    private void timeOut() {
        deadline = Deadlines.NEVER;
        if (isAnswered()) {
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

    // ---- reading ----

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        switch (phase) {
            case IDLE -> {
                if (mayBeHttp2 && isPreface(in)) {
                    return;
                }
                read(in);
                if (phase == Phase.IDLE && isInHead(in)) {
                    phase = Phase.HEAD;
                    awaitHead();
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
    protected final void head(RequestStartLine startLine, Headers headers, long length) {
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

    private void handling() {
        phase = Phase.HANDLING;
        deadline = Deadlines.NEVER;
    }

    @Override
    protected final void piece(ByteBuf bytes) {
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
    protected final void end(Headers trailers) {
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
    protected final void malformed(HttpInputException why) {
        if (phase == Phase.LINGERING || phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.STREAMING && incoming != null) {
            incoming.fail(why); // the handler answers
            return;
        }
        log.info("{} gets {}: {}", remoteIp(), why.status(), Text.oneLine(why.getMessage()));
        linger();
        forgetBody();
        refuse(why.status());
    }

    /** The handler has read what there was of a streamed body, and wants more. */
    final void readMore() {
        if (phase == Phase.STREAMING) {
            deadline = context.deadlines().body();
        }
        if (!heldBack) {
            ctx.channel().config().setAutoRead(true);
        }
    }

    // ---- its end, and the next one's turn ----

    /** The body of a request that is still being answered is wanted no more. */
    final void releaseBody() {
        if (incoming != null && !(incoming instanceof IncomingRequest.Streamed)) {
            forgetBody();
        }
    }

    private void forgetBody() {
        if (incoming != null) {
            incoming.close();
        }
        incoming = null;
    }

    /**
     * The client has its answer; whether it has also sent all of the request. If it hasn't, the
     * rest is thrown away.
     */
    final boolean endRequest() {
        boolean whole = phase != Phase.STREAMING;
        forgetBody();
        if (whole) {
            phase = Phase.IDLE;
        } else {
            linger();
        }
        return whole;
    }

    private void linger() {
        phase = Phase.LINGERING;
        deadline = context.deadlines().linger();
        ctx.channel().config().setAutoRead(true);
    }

    /** The next request may come, or what was held back of it is read. */
    final void expectRequest() {
        awaitClient();
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

    /** Nothing more is answered: closes behind what has been written. */
    final void closeWhenWritten() {
        phase = Phase.LINGERING;
        awaitClient();
        HangUp.behindOutput(ctx);
    }

    /** Reads nothing more; the request whose body hasn't been read to its end, for it to fail. */
    final @Nullable IncomingRequest stop() {
        phase = Phase.CLOSED;
        var unread = incoming;
        forgetBody();
        return unread;
    }
}
