package whirlwind.http.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.exchange.Exchanges;
import whirlwind.http.codec.exchange.ServerExchange;
import whirlwind.http.codec.server.HttpAcceptor;
import whirlwind.loop.Async;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;
import whirlwind.net.AddressInUseException;
import whirlwind.net.channel.OwnThread;
import whirlwind.net.connect.MemoryAddress;

/**
 * Serves HTTP/2, HTTP/1.1 and HTTP/1.0, and HTTP/3 with a module for it, on one loop: the one that
 * is current where the server is made. Tornado's {@code HTTPServer}.
 *
 * <pre>{@code
 * var server = new HttpServer(exchange -> exchange.respond(200, new Headers(), "Hello".getBytes(UTF_8)));
 * server.listen(8888);
 * IOLoop.current().start();
 * }</pre>
 *
 * <p>{@link #listen} may be called before the loop runs, by the thread that will run it; it runs
 * the loop for a moment then. All methods may be called from coroutines and callbacks of the loop,
 * unless they say otherwise.
 */
public final class HttpServer implements Drainable, AutoCloseable {
    private final IOLoop loop = IOLoop.current();
    private final HttpServerOptions options;
    private final HttpAcceptor acceptor;
    private final List<Runnable> drainCallbacks = new ArrayList<>();

    /** Done when no connection is left; null before {@link #drain}. */
    private @Nullable CompletableFuture<@Nullable Void> empty;

    /** A server with {@link HttpServerOptions#DEFAULTS}. */
    public HttpServer(HttpHandler handler) {
        this(handler, HttpServerOptions.DEFAULTS);
    }

    /**
     * A server with options of your own.
     *
     * @throws IllegalArgumentException if options can't be used together: HTTP/3 without TLS, the
     *     PROXY protocol without proxies to trust, a mark for writers beyond what may wait
     * @throws IllegalStateException if there is HTTP/3 and the module for it is missing
     */
    public HttpServer(HttpHandler handler, HttpServerOptions options) {
        this.options = options;
        this.acceptor =
                new HttpAcceptor(
                        loop,
                        options.limits(),
                        options.tls(),
                        new Exchanges() {
                            @Override
                            public boolean streamsBody(HttpServerRequest head) {
                                return handler.streamsBody(head);
                            }

                            @Override
                            public Owner begin(ServerExchange exchange) {
                                return new Serving(loop, handler, exchange).start();
                            }
                        });
    }

    /** As {@link #listen(String, int)} on all of the machine's addresses, IPv4 and IPv6. */
    public void listen(int port) {
        listen(new InetSocketAddress(Check.port(port)));
    }

    /**
     * Accepts connections on an address of this machine; when it returns, clients can connect. May
     * be called again for another address. Suspends a coroutine; elsewhere it doesn't wait.
     *
     * @param host a name or an address; a name is looked up, which may hold the loop for long: give
     *     addresses
     * @param port 0 lets the system choose one that is free, see {@link #port()}
     * @throws AddressInUseException if another program has the port
     * @throws java.io.UncheckedIOException if listening fails for another reason
     * @throws IllegalArgumentException if the port is not 0 to 65535 or the host is unknown
     */
    public void listen(String host, int port) {
        var address = new InetSocketAddress(host, Check.port(port));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("host: '" + host + "' is unknown");
        }
        listen(address);
    }

    /**
     * Accepts connections on a Unix-domain socket. Its file is made with mode 0600, in place of the
     * socket that an earlier server may have left there, and removed when the server stops. Clients
     * have no address there: {@code 0.0.0.0}.
     *
     * @throws java.io.UncheckedIOException if listening fails, for one because a file is in the way
     *     that is no socket
     */
    public void listen(Path socket) {
        bind(UnixDomainSocketAddress.of(socket));
    }

    /**
     * Accepts connections from within this process, without sockets, as {@code IOStream.connect}
     * makes them. Clients have no address there: {@code 0.0.0.0}.
     *
     * @throws java.io.UncheckedIOException if somebody listens there
     */
    public void listen(MemoryAddress address) {
        bind(address);
    }

    private void bind(SocketAddress address) {
        openServers().add(this);
        onOwnThread(() -> {
            try {
                acceptor.listen(address, options.backlog(), false);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "can't listen on " + address + ": " + e.getMessage(), e);
            }
        });
    }

    private void listen(InetSocketAddress address) {
        openServers().add(this);
        onOwnThread(() -> {
            try {
                acceptor.listen(
                        address,
                        options.backlog(),
                        options.reusePort() || loop.options().reusePort());
            } catch (BindException e) {
                throw new AddressInUseException(address.getPort(), e);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "can't listen on " + address + ": " + e.getMessage(), e);
            }
        });
    }

    /**
     * The port of the first address that has one.
     *
     * @throws IllegalStateException if the server doesn't listen on a port
     */
    public int port() {
        int port = acceptor.port();
        if (port < 0) {
            throw new IllegalStateException("the server doesn't listen on a port");
        }
        return port;
    }

    /** The open connections, WebSockets included. */
    public int connectionCount() {
        return acceptor.connectionCount();
    }

    /** Accepts no more connections and lets go of the addresses. Open connections go on. */
    public void stop() {
        if (acceptor.isListening()) {
            onOwnThread(acceptor::stop);
        }
    }

    /**
     * Calls back on the loop when {@link #drain} begins, for what holds requests open and can end
     * by itself. Several run in the order they were added.
     */
    public void onDrain(Runnable callback) {
        drainCallbacks.add(callback);
    }

    /**
     * Ends gracefully: accepts no more, closes connections without a request at once, lets the
     * requests that run finish (their responses say {@code Connection: close}), says goodbye to
     * WebSockets with 1001, in batches if they are many, and after {@code limit} drops what is
     * left. Suspends the calling coroutine until no connection is left. Called again, it waits for
     * the same end, and the shorter limit counts.
     *
     * @throws IllegalStateException if called from anything but a coroutine of the loop
     */
    @Override
    public void drain(Duration limit) {
        if (OwnThread.isCurrent(loop) || !loop.isCurrent()) {
            throw new IllegalStateException(
                    "HttpServer.drain waits: call it from a coroutine of " + loop.name());
        }
        var ended = empty != null ? empty : beginDraining();
        var timer = loop.callLater(limit, acceptor::dropAll);
        try {
            Async.await(Async.shield(ended));
            openServers().remove(this);
        } finally {
            timer.cancel();
        }
    }

    private OpenServers openServers() {
        return loop.shared(OpenServers.class, OpenServers::new);
    }

    private CompletableFuture<@Nullable Void> beginDraining() {
        var ended = loop.<@Nullable Void>newFuture();
        empty = ended;
        onOwnThread(() -> {
            acceptor.stop();
            acceptor.drain();
            acceptor.whenEmpty(() -> ended.complete(null));
        });
        drainCallbacks.forEach(loop::addCallback);
        return ended;
    }

    /**
     * Ends at once: accepts no more and drops all connections. Twice is once. The loop does it when
     * it closes.
     */
    @Override
    public void close() {
        openServers().remove(this);
        if (acceptor.isListening() || acceptor.connectionCount() > 0) {
            onOwnThread(() -> {
                acceptor.stop();
                acceptor.dropAll();
            });
        }
    }

    private void onOwnThread(Runnable action) {
        OwnThread.run(loop, action);
    }
}
