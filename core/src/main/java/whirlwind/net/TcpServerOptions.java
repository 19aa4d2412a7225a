package whirlwind.net;

import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.net.channel.Listener;
import whirlwind.net.channel.TrustedProxies;
import whirlwind.net.tls.TlsServerOptions;

/**
 * How a {@link TcpServer} listens and what it puts up with. Start from {@link #DEFAULTS} and change
 * what you need.
 *
 * @param backlog connections that may wait to be accepted
 * @param reusePort whether several processes or loops may listen on one port and share its
 *     connections ({@code SO_REUSEPORT})
 * @param maxConnections further ones wait in the backlog until one closes
 * @param streams limits of each connection's buffers
 * @param tls for connections over TLS; null for plain ones
 * @param trustedProxies addresses and networks, such as {@code 10.0.0.1} and {@code 10.1.0.0/16},
 *     of proxies that begin each connection with a PROXY header, version 1 or 2, which tells the
 *     client's address. From there the header is required; from elsewhere it is input like any
 */
public record TcpServerOptions(
        int backlog,
        boolean reusePort,
        int maxConnections,
        StreamOptions streams,
        @Nullable TlsServerOptions tls,
        List<String> trustedProxies) {
    /** A backlog of 128, a port of its own, 100,000 connections, no TLS, no proxies. */
    public static final TcpServerOptions DEFAULTS =
            new TcpServerOptions(
                    Listener.BACKLOG, false, 100_000, StreamOptions.DEFAULTS, null, List.of());

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a limit is not positive, or a proxy no address
     */
    public TcpServerOptions {
        Check.positive("backlog", backlog);
        Check.positive("maxConnections", maxConnections);
        trustedProxies = List.copyOf(trustedProxies);
        TrustedProxies.of(trustedProxies);
    }

    /** These options with another backlog. */
    public TcpServerOptions withBacklog(int backlog) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, trustedProxies);
    }

    /** These options with another choice of sharing the port or not. */
    public TcpServerOptions withReusePort(boolean reusePort) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, trustedProxies);
    }

    /** These options with another number of connections. */
    public TcpServerOptions withMaxConnections(int maxConnections) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, trustedProxies);
    }

    /** These options with other limits for buffers. */
    public TcpServerOptions withStreams(StreamOptions streams) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, trustedProxies);
    }

    /** These options with TLS, or without. */
    public TcpServerOptions withTls(@Nullable TlsServerOptions tls) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, trustedProxies);
    }

    /** These options with other proxies to believe. */
    public TcpServerOptions withTrustedProxies(String... trustedProxies) {
        return new TcpServerOptions(
                backlog, reusePort, maxConnections, streams, tls, List.of(trustedProxies));
    }
}
