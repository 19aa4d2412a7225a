package whirlwind.http.codec.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.ConnectionLimits;
import whirlwind.http.codec.exchange.Connections;
import whirlwind.http.codec.exchange.Exchanges;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.stream.Http3Listener;
import whirlwind.http.codec.stream.Http3Provider;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Addresses;
import whirlwind.net.channel.Listener;
import whirlwind.net.channel.ProxyHeader;
import whirlwind.net.channel.ServerTls;
import whirlwind.net.tls.TlsServerOptions;

/**
 * The listening sockets of one server, and all connections that came from them. Called on the
 * loop's own thread, unless a method says otherwise.
 */
public final class HttpAcceptor {
    /** When Netty calls a channel not writable: then what waits, waits in the outbox. */
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(32 << 10, 64 << 10);

    /** So many ports that the system chooses for TCP may be taken for UDP. */
    private static final int MOST_PORTS_TRIED = 20;

    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private final EventLoop own;
    private final ConnectionContext context;
    private final Connections connections;
    private final ReadBuffers readBuffers;

    /** Null: connections are not encrypted. */
    private final @Nullable ServerTls tls;

    private final Listener listener;

    /** Null: HTTP/3 is not spoken. */
    private final @Nullable Http3Listener http3;

    private @Nullable Runnable whenEmpty;
    private boolean full;

    /**
     * An acceptor that doesn't listen yet.
     *
     * @throws IllegalArgumentException if the options of TLS can't be used together
     * @throws IllegalStateException if HTTP/3 is asked for and there is nothing that speaks it
     */
    public HttpAcceptor(
            IOLoop loop,
            ConnectionLimits limits,
            @Nullable TlsServerOptions tls,
            Exchanges exchanges) {
        this.own = loop.io().eventLoop();
        this.tls = tls == null ? null : new ServerTls(tls);
        this.context = new ConnectionContext(loop, limits, tls != null, exchanges, this::fewer);
        this.connections = context.connections();
        this.readBuffers = new ReadBuffers(loop.io().transport());
        this.listener = new Listener(loop, this::accept);
        this.http3 = limits.http3() && tls != null ? Http3Provider.find().open(context, tls) : null;
    }

    /**
     * Listens on an address; with HTTP/3 on the UDP port of the same number, too.
     *
     * @throws BindException if the address is in use, and for no other reason
     * @throws IOException if listening fails
     */
    public void listen(SocketAddress address, int backlog, boolean reusePort) throws IOException {
        if (http3 == null || !(address instanceof InetSocketAddress inet)) {
            listener.bind(address, backlog, reusePort);
            return;
        }
        for (int left = inet.getPort() == 0 ? MOST_PORTS_TRIED : 1; ; left--) {
            listener.bind(inet, backlog, reusePort);
            int port = ((InetSocketAddress) listener.addresses().getLast()).getPort();
            try {
                http3.listen(new InetSocketAddress(inet.getAddress(), port), reusePort);
                context.fields().advertiseHttp3(port);
                return;
            } catch (IOException e) {
                listener.closeLast();
                if (!(e instanceof BindException) || left == 1) {
                    throw e;
                }
            }
        }
    }

    /** Whether it has an address. Also for coroutines. */
    public boolean isListening() {
        return listener.isListening();
    }

    /** The port of the first TCP address; -1 if there is none. Also for coroutines. */
    public int port() {
        return listener.port();
    }

    /** The open connections. Also for coroutines. */
    public int connectionCount() {
        return connections.count();
    }

    /** Accepts no more. */
    public void stop() {
        listener.close();
        if (http3 != null) {
            http3.stop();
            context.fields().advertiseHttp3(0);
        }
    }

    /** Lets what runs end. */
    public void drain() {
        connections.drain();
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
        connections.dropAll();
    }

    private void fewer() {
        if (full && connectionCount() < context.limits().maxConnections()) {
            full = false;
            listener.resume();
        }
        if (whenEmpty != null && connectionCount() == 0) {
            var told = Objects.requireNonNull(whenEmpty);
            whenEmpty = null;
            told.run();
        }
    }

    private void accept(Channel channel) {
        var config = channel.config();
        if (channel.remoteAddress() instanceof InetSocketAddress) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
        config.setOption(ChannelOption.RECVBUF_ALLOCATOR, readBuffers);
        config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        boolean announced =
                context.limits().proxyProtocol()
                        && context.limits()
                                .proxies()
                                .contains(Addresses.ofJdk(channel.remoteAddress()));
        if (announced) {
            awaitProxyHeader(channel);
        } else {
            open(channel, null);
            own.register(channel);
        }
        if (!full && connectionCount() >= context.limits().maxConnections()) {
            full = true;
            log.warn(
                    "{} connections are open: more have to wait until one closes",
                    connectionCount());
            listener.pause();
        }
    }

    /** What follows the header finds an open connection, as if it came from the client. */
    private void awaitProxyHeader(Channel channel) {
        channel.config().setAutoRead(false);
        own.register(channel);
        ProxyHeader.read(
                context.loop(),
                channel,
                client -> {
                    open(channel, client);
                    channel.pipeline().fireChannelActive();
                    channel.config().setAutoRead(true);
                });
    }

    /** With the client's address if a proxy has told it. */
    private void open(Channel channel, @Nullable SocketAddress client) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline().addLast(new HttpConnection(context, client));
    }
}
