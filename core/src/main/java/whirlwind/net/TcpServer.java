package whirlwind.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.Check;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Addresses;
import whirlwind.net.channel.Listener;
import whirlwind.net.channel.OwnThread;
import whirlwind.net.channel.ProxyHeader;
import whirlwind.net.channel.ServerTls;
import whirlwind.net.channel.TrustedProxies;
import whirlwind.net.connect.MemoryAddress;

/**
 * Accepts connections over TCP and Unix-domain sockets, and runs a coroutine for each. It belongs
 * to the loop that is current where it is made; for several cores make one for each loop of a
 * {@code LoopGroup}, whose loops share their ports.
 *
 * <pre>{@code
 * var server = new TcpServer((stream, address) -> {
 *     try (stream) {
 *         while (true) {
 *             await(stream.write(await(stream.readUntil("\n"))));
 *         }
 *     }
 * });
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 *
 * <p>{@link #listen} may be called before the loop runs, by the thread that will run it; it runs
 * the loop for a moment then. All methods may be called from coroutines and callbacks of the loop,
 * unless they say otherwise.
 *
 * <p>Tornado: {@code tcpserver.TCPServer}.
 */
public final class TcpServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TcpServer.class);

    private final IOLoop loop = IOLoop.current();
    private final EventLoop own = loop.io().eventLoop();
    private final StreamHandler handler;
    private final TcpServerOptions options;
    private final @Nullable ServerTls tls;
    private final TrustedProxies proxies;
    private final Listener listener = new Listener(loop, this::accept);
    private final Set<Channel> connections = new LinkedHashSet<>();
    private final List<CompletableFuture<@Nullable Void>> draining = new ArrayList<>();
    private boolean full;

    /** A server with {@link TcpServerOptions#DEFAULTS}. */
    public TcpServer(StreamHandler handler) {
        this(handler, TcpServerOptions.DEFAULTS);
    }

    /**
     * A server with options of your own.
     *
     * @throws IllegalArgumentException if the options of TLS can't be used together
     */
    public TcpServer(StreamHandler handler, TcpServerOptions options) {
        this.handler = handler;
        this.options = options;
        this.tls = options.tls() == null ? null : new ServerTls(options.tls());
        this.proxies = TrustedProxies.of(options.trustedProxies());
    }

    // ---- listening ----

    /**
     * Listens on all of the machine's addresses, IPv4 and IPv6; see {@link #listen(String, int)}.
     */
    public void listen(int port) {
        listen(List.of(new InetSocketAddress(Check.port(port))));
    }

    /**
     * Accepts connections on an address of this machine, or on all that a name stands for; when it
     * returns, clients can connect. May be called again for another address. Suspends a coroutine;
     * elsewhere it doesn't wait.
     *
     * @param host a name or an address; a name is looked up, which may hold the loop for long: give
     *     addresses
     * @param port 0 lets the system choose one that is free, the same for all addresses of a name;
     *     see {@link #port()}
     * @throws AddressInUseException if another program has the port
     * @throws UncheckedIOException if listening fails for another reason
     * @throws IllegalArgumentException if the port is not 0 to 65535 or the host is unknown
     */
    public void listen(String host, int port) {
        var addresses = new ArrayList<InetSocketAddress>();
        try {
            for (var address : InetAddress.getAllByName(host)) {
                addresses.add(new InetSocketAddress(address, Check.port(port)));
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host: '" + host + "' is unknown", e);
        }
        listen(addresses);
    }

    /**
     * Listens on a Unix-domain socket. Its file is made with mode 0600, in place of the socket that
     * an earlier server may have left there, and removed when the server stops.
     *
     * @throws UncheckedIOException if listening fails, for one because a file is in the way that is
     *     no socket
     */
    public void listen(Path socket) {
        var address = UnixDomainSocketAddress.of(socket);
        OwnThread.run(loop, () -> bind(address));
    }

    /**
     * Listens within this process, without sockets.
     *
     * @throws UncheckedIOException if somebody listens there
     */
    public void listen(MemoryAddress address) {
        OwnThread.run(loop, () -> bind(address));
    }

    private void listen(List<InetSocketAddress> addresses) {
        OwnThread.run(
                loop,
                () -> {
                    try {
                        listener.bindAll(
                                addresses,
                                options.backlog(),
                                options.reusePort() || loop.options().reusePort());
                    } catch (BindException e) {
                        throw new AddressInUseException(addresses.getFirst().getPort(), e);
                    } catch (IOException e) {
                        throw cannotListen(Addresses.textOf(addresses.getFirst()), e);
                    }
                });
    }

    private void bind(SocketAddress address) {
        try {
            listener.bind(address, options.backlog(), false);
        } catch (IOException e) {
            throw cannotListen(Addresses.textOf(address), e);
        }
    }

    /**
     * Accepts from a TCP socket that listens already, as one that a supervisor has opened and this
     * process inherited. It is the server's from now on.
     *
     * @param descriptor of the socket
     * @throws UnsupportedOperationException on a transport that can't take sockets over: only epoll
     *     and kqueue can
     * @throws UncheckedIOException if it is no listening socket
     */
    public void addSocket(int descriptor) {
        OwnThread.run(
                loop,
                () -> {
                    try {
                        listener.adopt(descriptor);
                    } catch (IOException e) {
                        throw cannotListen("descriptor " + descriptor, e);
                    }
                });
    }

    private static UncheckedIOException cannotListen(String where, IOException e) {
        return new UncheckedIOException("can't listen on " + where + ": " + e.getMessage(), e);
    }

    /**
     * The port of the first TCP address.
     *
     * @throws IllegalStateException if there is none
     */
    public int port() {
        int port = listener.port();
        if (port < 0) {
            throw new IllegalStateException("the server doesn't listen on a port");
        }
        return port;
    }

    /** The addresses that it listens on, in the order of the calls. */
    public List<SocketAddress> addresses() {
        return listener.addresses();
    }

    /** The open connections. */
    public int connectionCount() {
        return connections.size();
    }

    // ---- ending ----

    /** Accepts no more connections and lets go of the addresses. Open connections go on. */
    public void stop() {
        if (listener.isListening()) {
            OwnThread.run(loop, listener::close);
        }
    }

    /**
     * Ends gracefully: accepts no more, waits until the connections that are open have closed, and
     * after {@code limit} closes what is left. Suspends the calling coroutine until no connection
     * is left.
     *
     * @throws IllegalStateException if called from anything but a coroutine of the loop
     */
    public void drain(Duration limit) {
        if (OwnThread.isCurrent(loop) || !loop.isCurrent()) {
            throw new IllegalStateException(
                    "TcpServer.drain waits: call it from a coroutine of " + loop.name());
        }
        var empty = loop.<@Nullable Void>newFuture();
        stop();
        OwnThread.run(
                loop,
                () -> {
                    draining.add(empty);
                    checkEmpty();
                });
        var timer = loop.callLater(limit, this::dropAll);
        try {
            Async.await(empty);
        } finally {
            timer.cancel();
        }
    }

    /** Ends at once: accepts no more and closes all connections. Twice is once. */
    @Override
    public void close() {
        if (listener.isListening() || !connections.isEmpty()) {
            OwnThread.run(
                    loop,
                    () -> {
                        listener.close();
                        dropAll();
                    });
        }
    }

    private void dropAll() {
        List.copyOf(connections).forEach(Channel::close);
    }

    // ---- connections, on the loop's own thread ----

    private void accept(Channel channel) {
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        own.register(channel);
        connections.add(channel);
        channel.closeFuture().addListener(closed -> left(channel));
        if (!full && connections.size() >= options.maxConnections()) {
            full = true;
            log.warn(
                    "{} connections are open: more have to wait until one closes",
                    connections.size());
            listener.pause();
        }
        var peer = Addresses.ofJdk(channel.remoteAddress());
        if (proxies.contains(peer)) {
            ProxyHeader.read(loop, channel, client -> open(channel, client));
        } else {
            open(channel, peer);
        }
    }

    private void open(Channel channel, @Nullable SocketAddress client) {
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        var stream = new IOStream(loop, channel, options.streams(), client);
        if (tls != null) {
            stream.expectHandshake();
        }
        serve(stream);
    }

    private void left(Channel channel) {
        connections.remove(channel);
        if (full && connections.size() < options.maxConnections()) {
            full = false;
            listener.resume();
        }
        checkEmpty();
    }

    private void checkEmpty() {
        if (connections.isEmpty()) {
            draining.forEach(empty -> empty.complete(null));
            draining.clear();
        }
    }

    private void serve(IOStream stream) {
        Async.spawn(
                stream.toString(),
                () -> {
                    try {
                        handler.handleStream(stream, stream.remoteAddress());
                    } catch (Throwable e) {
                        failed(stream, e);
                        stream.close();
                    }
                });
    }

    /** That a client has gone is no news. */
    private static void failed(IOStream stream, Throwable e) {
        boolean gone = stream.closed() && e instanceof StreamClosedException;
        if (gone || e instanceof CancellationException) {
            log.debug("The handler of the {} ended", stream, e);
        } else {
            log.error("Exception in the handler of the {}", stream, e);
        }
    }
}
