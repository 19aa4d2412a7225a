package whirlwind.net;

import java.util.concurrent.CompletableFuture;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Connector;
import whirlwind.net.channel.Destination;
import whirlwind.net.dns.Resolver;

/**
 * Makes connections by name: looks the name up without holding the loop, races its addresses (Happy
 * Eyeballs, RFC 8305), and shakes hands for TLS. It belongs to the loop that is current where it is
 * made.
 *
 * <pre>{@code
 * try (var client = new TcpClient(); var stream = await(client.connect("example.com", 7))) {
 *     await(stream.write("hello\n"));
 *     var answer = await(stream.readUntil("\n"));
 * }
 * }</pre>
 *
 * <p>Tornado: {@code tcpclient.TCPClient}.
 */
public final class TcpClient implements AutoCloseable {
    private final IOLoop loop = IOLoop.current();
    private final Resolver resolver;
    private final boolean ownsResolver;

    /** A client with a resolver of its own, of the {@linkplain Resolver#create configured} kind. */
    public TcpClient() {
        this(Resolver.create(), true);
    }

    /** A client that asks this resolver, which stays the caller's to close. */
    public TcpClient(Resolver resolver) {
        this(resolver, false);
    }

    private TcpClient(Resolver resolver, boolean ownsResolver) {
        this.resolver = resolver;
        this.ownsResolver = ownsResolver;
    }

    /** As {@link #connect(String, int, ConnectOptions)} with {@link ConnectOptions#DEFAULTS}. */
    public CompletableFuture<IOStream> connect(String host, int port) {
        return connect(host, port, ConnectOptions.DEFAULTS);
    }

    /**
     * Connects; called in a coroutine or a callback of the loop. With TLS the future is done when
     * the handshake is. Cancelling it gives every attempt up.
     *
     * <p>Fails with {@link whirlwind.net.dns.ResolveException}, {@link
     * whirlwind.net.connect.ConnectFailedException}, {@link
     * whirlwind.net.connect.ConnectTimeoutException} or {@link whirlwind.net.tls.TlsException},
     * which name the host and what was being done.
     *
     * @throws IllegalArgumentException if the port is not 1 to 65535, or the source address is not
     *     of the family
     */
    public CompletableFuture<IOStream> connect(String host, int port, ConnectOptions options) {
        var destination =
                new Destination(
                        host,
                        port,
                        options.family(),
                        options.tls(),
                        options.alpn(),
                        options.proxy(),
                        options.sourceAddress(),
                        options.sourcePort(),
                        options.timeout());
        var connecting = new Connector(loop, resolver).connect(destination);
        return IOStream.of(loop, connecting, options.streams());
    }

    /** Closes the client's own resolver. Connections go on. */
    @Override
    public void close() {
        if (ownsResolver) {
            resolver.close();
        }
    }
}
