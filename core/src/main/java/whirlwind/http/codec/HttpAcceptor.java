package whirlwind.http.codec;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;

/**
 * The listening sockets of one server, and all connections that came from them. Called on the
 * loop's own thread, see {@link #isOnOwnThread}.
 */
public final class HttpAcceptor {
    /** After a failed accept, most likely for want of file descriptors. */
    private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

    private static final int LINUX_EADDRINUSE = 98;
    private static final int BSD_EADDRINUSE = 48;

    private static final Logger log = LoggerFactory.getLogger(HttpAcceptor.class);

    private final IOLoop loop;
    private final EventLoop own;
    private final ConnectionContext context;
    private final List<Channel> listening = new ArrayList<>();
    private @Nullable Runnable whenEmpty;
    private boolean full;

    /** An acceptor that doesn't listen yet. */
    public HttpAcceptor(IOLoop loop, ConnectionLimits limits, Exchanges exchanges) {
        this.loop = loop;
        this.own = loop.io().eventLoop();
        this.context = new ConnectionContext(loop, limits, exchanges, this::fewer);
    }

    /** Whether the caller is the loop's own thread: a callback, and not a coroutine. */
    public boolean isOnOwnThread() {
        return own.inEventLoop();
    }

    /**
     * Listens on an address.
     *
     * @throws BindException if the address is in use, and for no other reason
     * @throws IOException if listening fails
     */
    public void listen(InetSocketAddress address, int backlog, boolean reusePort)
            throws IOException {
        var channel = loop.io().transport().newServerChannel();
        setOptions(channel, backlog, reusePort);
        channel.pipeline().addLast(new Accept());
        try {
            throwFailure(own.register(channel));
            throwFailure(channel.bind(address));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        listening.add(channel);
    }

    private static void throwFailure(ChannelFuture done) throws IOException {
        var failure = done.cause();
        if (failure != null) {
            if (isInUse(failure)) {
                throw new BindException(failure.getMessage());
            }
            throw new IOException(failure);
        }
        if (!done.isDone()) {
            throw new IllegalStateException("on its own thread the loop binds at once");
        }
    }

    /** By its number where there is one, for the text may be in the machine's language. */
    private static boolean isInUse(Throwable failure) {
        return failure instanceof Errors.NativeIoException e
                ? e.expectedErr() == -LINUX_EADDRINUSE || e.expectedErr() == -BSD_EADDRINUSE
                : failure instanceof BindException
                        && String.valueOf(failure.getMessage()).contains("in use");
    }

    private static void setOptions(ServerChannel channel, int backlog, boolean reusePort) {
        var config = channel.config();
        config.setOption(ChannelOption.SO_BACKLOG, backlog);
        config.setOption(ChannelOption.SO_REUSEADDR, true);
        if (reusePort) {
            if (channel instanceof NioServerSocketChannel) {
                config.setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
            } else {
                config.setOption(UnixChannelOption.SO_REUSEPORT, true);
            }
        }
    }

    /** The port of the first address; -1 if there is none. */
    public int port() {
        return listening.isEmpty()
                ? -1
                : ((InetSocketAddress) listening.getFirst().localAddress()).getPort();
    }

    /** The open connections. Also for coroutines. */
    public int connectionCount() {
        return context.connectionCount();
    }

    /** Accepts no more. */
    public void stop() {
        listening.forEach(Channel::close);
        listening.clear();
    }

    /**
     * Lets what runs end: idle connections are closed now, others when their request is answered,
     * and WebSockets are told that this server is going away.
     */
    public void drain() {
        context.startDraining();
        context.https.copy().forEach(HttpConnection::closeIfIdle);
        context.webSockets.copy().forEach(ws -> ws.close(1001, "server is going away"));
    }

    /** Calls back, once, when there is no connection, which may be now. */
    public void whenEmpty(Runnable callback) {
        if (connectionCount() == 0) {
            callback.run();
        } else {
            whenEmpty = callback;
        }
    }

    /** Drops all connections. */
    public void dropAll() {
        context.https.copy().forEach(HttpConnection::drop);
        context.webSockets.copy().forEach(WebSocketChannel::drop);
    }

    private void fewer() {
        if (full && connectionCount() < context.limits.maxConnections()) {
            full = false;
            acceptAgain();
        }
        if (whenEmpty != null && connectionCount() == 0) {
            var told = Objects.requireNonNull(whenEmpty);
            whenEmpty = null;
            told.run();
        }
    }

    private void acceptAgain() {
        if (!full) {
            listening.forEach(channel -> channel.config().setAutoRead(true));
        }
    }

    /** The handler of a listening channel: it reads connections. */
    private final class Accept extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var channel = (Channel) message;
            var config = channel.config();
            config.setOption(ChannelOption.TCP_NODELAY, true);
            config.setOption(ChannelOption.RECVBUF_ALLOCATOR, ConnectionContext.READ_BUFFERS);
            config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, ConnectionContext.WATER_MARK);
            channel.pipeline().addLast(new HttpConnection(context));
            own.register(channel);
            if (!full && connectionCount() >= context.limits.maxConnections()) {
                full = true;
                log.warn(
                        "{} connections are open: more have to wait until one closes",
                        connectionCount());
                listening.forEach(other -> other.config().setAutoRead(false));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.warn("Accepting connections failed; trying again in {}", ACCEPT_PAUSE, cause);
            ctx.channel().config().setAutoRead(false);
            loop.callLater(ACCEPT_PAUSE, HttpAcceptor.this::acceptAgain);
        }
    }
}
