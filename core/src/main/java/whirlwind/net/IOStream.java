package whirlwind.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Addresses;
import whirlwind.net.channel.ClientTls;
import whirlwind.net.channel.Connector;
import whirlwind.net.channel.Detached;
import whirlwind.net.channel.ServerTls;
import whirlwind.net.dns.BlockingResolver;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.TlsServerOptions;

/**
 * A connection over TCP or a Unix-domain socket, plain or with TLS. {@link TcpServer} and {@link
 * TcpClient} make them.
 *
 * <p>Tornado: {@code iostream.IOStream} and {@code SSLIOStream}.
 */
public final class IOStream extends ByteStream {
    /** When Netty calls a channel not writable: then what waits, waits on the heap. */
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(WriteQueue.PIECE, 2 * WriteQueue.PIECE);

    private final Channel channel;
    private final @Nullable SocketAddress remote;
    private final ChannelWriter writer;
    private final Runnable read = this::read;
    private boolean readAsked;

    /** Done when the handshake is; null without TLS. */
    private @Nullable CompletableFuture<@Nullable Void> handshake;

    private @Nullable SSLSession tlsSession;
    private @Nullable String applicationProtocol;

    /** On the loop's own thread, with a channel that is registered there. */
    IOStream(IOLoop loop, Channel channel, StreamOptions options) {
        this(loop, channel, options, Addresses.ofJdk(channel.remoteAddress()));
    }

    /** The same for a peer that a proxy speaks for. */
    IOStream(IOLoop loop, Channel channel, StreamOptions options, @Nullable SocketAddress remote) {
        super(loop, options);
        this.channel = channel;
        this.remote = remote;
        this.writer = new ChannelWriter(this, channel);
        var config = channel.config();
        config.setAutoRead(false);
        Connector.allowHalfClosure(channel);
        config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(options.readChunkSize()));
        channel.pipeline().addLast(new Receiver());
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && tls.handshakeFuture().isDone()) {
            shookHands(tls);
        }
        if (channel.isActive()) {
            readMore();
        } else {
            ended();
            shut(null);
        }
    }

    /** As {@link #connect(SocketAddress, StreamOptions)} with {@link StreamOptions#DEFAULTS}. */
    public static CompletableFuture<IOStream> connect(SocketAddress address) {
        return connect(address, StreamOptions.DEFAULTS);
    }

    /**
     * Connects to one address, for the loop that is current: an {@link InetSocketAddress} that is
     * resolved, a {@link java.net.UnixDomainSocketAddress}, or a {@link
     * whirlwind.net.connect.MemoryAddress}. Cancelling the future gives up.
     *
     * <p>Fails with {@link whirlwind.net.connect.ConnectFailedException}.
     *
     * @throws IllegalArgumentException if the address is not resolved; see {@link TcpClient}
     */
    public static CompletableFuture<IOStream> connect(
            SocketAddress address, StreamOptions options) {
        var loop = IOLoop.current();
        return of(loop, new Connector(loop, new BlockingResolver()).connect(address), options);
    }

    /**
     * A stream over what was another protocol's connection: for the packages of Whirlwind that have
     * such. The type is not exported, so other code can do nothing with it.
     */
    @SuppressWarnings("exports")
    public static IOStream of(Detached connection, StreamOptions options) {
        return new IOStream(connection.loop(), connection.channel(), options);
    }

    /** The stream over a channel that is being connected; cancelling it gives up. */
    static CompletableFuture<IOStream> of(
            IOLoop loop, CompletableFuture<Channel> connecting, StreamOptions options) {
        var stream = loop.<IOStream>newFuture();
        stream.whenComplete((made, failure) -> connecting.cancel(true));
        connecting.whenComplete((channel, failure) -> {
            if (failure != null) {
                stream.completeExceptionally(failure);
            } else {
                var made = new IOStream(loop, channel, options);
                if (!stream.complete(made)) {
                    made.close();
                }
            }
        });
        return stream;
    }

    /**
     * The address of the other end: an {@link java.net.InetSocketAddress}, or a {@link
     * java.net.UnixDomainSocketAddress}, whose path is mostly empty; null if it has none.
     */
    public @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    /** The address of this end, as {@link #remoteAddress}; null once the stream is closed. */
    public @Nullable SocketAddress localAddress() {
        return Addresses.ofJdk(channel.localAddress());
    }

    /**
     * Whether small writes go out at once ({@code TCP_NODELAY}), as they do unless this is called,
     * or wait for the answer to those before. Without effect on a Unix-domain socket or a stream
     * that is closed.
     */
    public void setNodelay(boolean nodelay) {
        checkAccess();
        if (!closed() && remote instanceof InetSocketAddress) {
            loop.addCallback(() -> {
                if (channel.isOpen()) {
                    channel.config().setOption(ChannelOption.TCP_NODELAY, nodelay);
                }
            });
        }
    }

    // ---- TLS ----

    /**
     * Goes on with TLS, as a client: after a word like {@code STARTTLS}, when nothing is being read
     * or written. Done when the handshake is; until then the stream can't be used. What the other
     * end has sent already is taken for TLS and never for plain text.
     *
     * <p>Fails with {@link TlsException}, and closes the stream then.
     *
     * @param host the name that the server's certificate must be for
     * @throws IllegalStateException if a read or a write is pending, or this is TLS already
     */
    public CompletableFuture<@Nullable Void> startTls(TlsOptions options, String host) {
        return startTls(() -> {
            var tls = ClientTls.of(options, List.of());
            return () -> tls.newHandler(channel.alloc(), host, -1);
        });
    }

    /** As {@link #startTls(TlsOptions, String)}, as the server. */
    public CompletableFuture<@Nullable Void> startTls(TlsServerOptions options) {
        return startTls(() -> {
            var tls = new ServerTls(options);
            return () -> tls.newHandler(channel.alloc());
        });
    }

    /** What is slow happens on another thread, and gives what makes the handler on this one. */
    private CompletableFuture<@Nullable Void> startTls(
            Callable<Supplier<ChannelHandler>> preparation) {
        if (handshake != null || tlsSession != null) {
            throw new IllegalStateException(this + ": startTls, but it speaks TLS already");
        }
        occupy("startTls");
        var done = expectHandshake();
        loop.runInExecutor(null, preparation)
                .whenComplete((handler, failure) -> {
                    if (failure != null) {
                        shut(failure);
                    } else {
                        runSoon(() -> switchToTls(handler));
                    }
                });
        return Async.shield(done);
    }

    private void switchToTls(Supplier<ChannelHandler> handler) {
        if (closed()) {
            return;
        }
        try {
            channel.pipeline().addFirst(handler.get());
        } catch (RuntimeException e) {
            shut(e);
            return;
        }
        var early = takeReceived();
        if (early.length > 0) {
            channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(early));
            channel.pipeline().fireChannelReadComplete();
        }
        readMore();
    }

    /** The stream speaks TLS, and the handshake comes. */
    CompletableFuture<@Nullable Void> expectHandshake() {
        CompletableFuture<@Nullable Void> expected = loop.newFuture();
        handshake = expected;
        return expected;
    }

    /**
     * Done when the TLS handshake is, and at once on a stream without TLS. Fails with {@link
     * TlsException} if the handshake does, or with {@link StreamClosedException} if this end closes
     * the stream before. Any number of callers may wait.
     */
    public CompletableFuture<@Nullable Void> waitForHandshake() {
        checkAccess();
        var expected = handshake;
        return expected == null ? CompletableFuture.completedFuture(null) : Async.shield(expected);
    }

    /**
     * What was agreed on in the TLS handshake: protocol, cipher and certificates; null before it is
     * done, and without TLS.
     */
    public @Nullable SSLSession tlsSession() {
        return tlsSession;
    }

    /** The protocol above TLS that was agreed on (ALPN, RFC 7301); null if none was. */
    public @Nullable String applicationProtocol() {
        return applicationProtocol;
    }

    boolean isShakingHands() {
        return handshake != null && !handshake.isDone();
    }

    private void shookHands(SslHandler tls) {
        tlsSession = tls.engine().getSession();
        applicationProtocol = tls.applicationProtocol();
        ready();
        if (handshake != null) {
            handshake.complete(null);
            writeMore();
        }
    }

    /**
     * Whoever hangs up in the middle is no news; another failure is told once, and without stack.
     */
    private void handshakeFailed(Throwable cause) {
        var failure = TlsException.of(Addresses.textOf(remote), cause);
        if (cause instanceof SSLException && !closed()) {
            log.warn("{}", failure.getMessage());
        }
        shut(failure);
    }

    // ---- files ----

    /**
     * Writes a part of a file, in its turn among the other writes, without copying it through the
     * program; with TLS it is read in pieces on other threads. The file stays open until the future
     * is done, and is the caller's to close. Other limits for what waits to be written don't count
     * here.
     *
     * <p>A file that ends too early closes the stream.
     */
    public CompletableFuture<@Nullable Void> sendFile(FileChannel file, long offset, long count) {
        Check.notNegative("offset", offset);
        Check.notNegative("count", count);
        return write(new Output.FileRange(file, offset, count));
    }

    // ---- between the loop's own thread and coroutines ----

    @Override
    void readMore() {
        if (!readAsked && wantsMore()) {
            readAsked = true;
            runSoon(read);
        }
    }

    private void read() {
        if (wantsMore()) {
            channel.read();
        } else {
            readAsked = false;
        }
    }

    @Override
    void writeMore() {
        writer.runSoon();
    }

    @Override
    void release() {
        runSoon(() -> {
            writer.run();
            close(closedWhile("writing"));
            if (handshake != null) {
                handshake.completeExceptionally(
                        error() instanceof TlsException e ? e : closedWhile("shaking hands"));
            }
        });
    }

    /** What the kernel is asked to take, it has taken when it says so: io_uring does later. */
    private void close(StreamClosedException failure) {
        var closed = channel.close();
        if (loop.io().transport().answersLater()) {
            writes.drop();
            closed.addListener(done -> writes.fail(failure));
        } else {
            writes.fail(failure);
        }
    }

    /** Now on the loop's own thread; a coroutine hands over. */
    private void runSoon(Runnable action) {
        if (channel.eventLoop().inEventLoop()) {
            action.run();
        } else {
            loop.addCallback(action);
        }
    }

    // ---- what the channel tells, on the loop's own thread ----

    /** Disconnects are everyday; whoever reads or writes hears of them, and the log doesn't. */
    void broke(Throwable failure) {
        var why =
                failure instanceof DecoderException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (isShakingHands()) {
            handshakeFailed(why);
            return;
        }
        if (!closed() && !(why instanceof IOException)) {
            log.warn("{}: error on the connection, which is closed", this, why);
        }
        shut(why);
    }

    /** The end of the pipeline: what comes is copied, so that nothing of Netty's is kept. */
    private final class Receiver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var bytes = (ByteBuf) message;
            try {
                received(bytes.nioBuffer());
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            readAsked = false;
            settle();
            readMore();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (writer.canWrite()) {
                writeMore();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            switch (event) {
                case ChannelInputShutdownEvent end when isShakingHands() ->
                        handshakeFailed(new ClosedChannelException());
                case ChannelInputShutdownEvent end -> ended();
                case SniCompletionEvent failed when !failed.isSuccess() ->
                        handshakeFailed(failed.cause());
                case SslCloseCompletionEvent end when end.isSuccess() -> ended();
                case SslHandshakeCompletionEvent done when done.isSuccess() ->
                        shookHands(ctx.pipeline().get(SslHandler.class));
                case SslHandshakeCompletionEvent failed -> handshakeFailed(failed.cause());
                default -> {}
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            broke(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended();
            if (writing() || isShakingHands()) {
                shut(null);
            }
        }
    }

    @Override
    public String toString() {
        return "stream with " + Addresses.textOf(remote);
    }
}
