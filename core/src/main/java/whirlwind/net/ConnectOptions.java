package whirlwind.net;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.Family;
import whirlwind.net.tls.TlsOptions;

/**
 * How a {@link TcpClient} connects. Start from {@link #DEFAULTS} and change what you need.
 *
 * @param family of the addresses to try
 * @param tls for a connection over TLS; null for a plain one
 * @param alpn protocols to offer within TLS, the best first; empty for none
 * @param proxy that connects in our place; null for none
 * @param sourceAddress to connect from; null: the system chooses
 * @param sourcePort to connect from; 0: the system chooses
 * @param timeout for all of it: name, connection, proxy and TLS; null for none but the system's
 * @param streams limits of the connection's buffers
 */
public record ConnectOptions(
        Family family,
        @Nullable TlsOptions tls,
        List<String> alpn,
        @Nullable Proxy proxy,
        @Nullable InetAddress sourceAddress,
        int sourcePort,
        @Nullable Duration timeout,
        StreamOptions streams) {
    /** A plain connection over IPv4 or IPv6, without limit of time. */
    public static final ConnectOptions DEFAULTS =
            new ConnectOptions(
                    Family.ANY, null, List.of(), null, null, 0, null, StreamOptions.DEFAULTS);

    /** Refuses a source port that is none. */
    public ConnectOptions {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(streams, "streams");
        alpn = List.copyOf(alpn);
        if (sourcePort < 0 || sourcePort > 65_535) {
            throw new IllegalArgumentException("source port: " + sourcePort + " (0 to 65535)");
        }
    }

    /** These options, over addresses of one family. */
    public ConnectOptions withFamily(Family family) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options, over TLS or not. */
    public ConnectOptions withTls(@Nullable TlsOptions tls) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options with protocols to offer within TLS. */
    public ConnectOptions withAlpn(String... alpn) {
        return new ConnectOptions(
                family, tls, List.of(alpn), proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options, through a proxy or not. */
    public ConnectOptions withProxy(@Nullable Proxy proxy) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options, from an address and a port of this machine. */
    public ConnectOptions withSource(@Nullable InetAddress sourceAddress, int sourcePort) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options with a limit of time, or without. */
    public ConnectOptions withTimeout(@Nullable Duration timeout) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }

    /** These options with other limits for buffers. */
    public ConnectOptions withStreams(StreamOptions streams) {
        return new ConnectOptions(
                family, tls, alpn, proxy, sourceAddress, sourcePort, timeout, streams);
    }
}
