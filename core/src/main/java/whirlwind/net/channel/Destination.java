package whirlwind.net.channel;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.Family;
import whirlwind.net.tls.TlsOptions;

/**
 * What to connect to, and how: start from {@link #of}.
 *
 * @param host a name or a literal address
 * @param port 1 to 65535
 * @param family of the addresses to try
 * @param tls null for none
 * @param alpn protocols to offer within TLS, the best first; empty for none
 * @param proxy that connects in our place; null for none. Then {@code family} and the source are
 *     about the connection to the proxy
 * @param sourceAddress to connect from; null: the system chooses
 * @param sourcePort to connect from; 0: the system chooses
 * @param timeout for all of it: name, connection, proxy and TLS; null for none but the system's
 */
public record Destination(
        String host,
        int port,
        Family family,
        @Nullable TlsOptions tls,
        List<String> alpn,
        @Nullable Proxy proxy,
        @Nullable InetAddress sourceAddress,
        int sourcePort,
        @Nullable Duration timeout) {
    /** Checks ports, and that source and family agree. */
    public Destination {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(family, "family");
        alpn = List.copyOf(alpn);
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (1 to 65535)");
        }
        if (sourcePort < 0 || sourcePort > 65535) {
            throw new IllegalArgumentException("source port: " + sourcePort + " (0 to 65535)");
        }
        if (sourceAddress != null && !family.includes(sourceAddress)) {
            throw new IllegalArgumentException(
                    "source address: %s is not %s".formatted(sourceAddress, family));
        }
    }

    /** A plain connection, without limit. */
    public static Destination of(String host, int port) {
        return new Destination(host, port, Family.ANY, null, List.of(), null, null, 0, null);
    }

    /** The same over addresses of one family. */
    public Destination withFamily(Family family) {
        return new Destination(
                host, port, family, tls, alpn, proxy, sourceAddress, sourcePort, timeout);
    }

    /** The same over TLS, or not. */
    public Destination withTls(@Nullable TlsOptions tls) {
        return new Destination(
                host, port, family, tls, alpn, proxy, sourceAddress, sourcePort, timeout);
    }

    /** The same with protocols to offer within TLS. */
    public Destination withAlpn(String... alpn) {
        return new Destination(
                host, port, family, tls, List.of(alpn), proxy, sourceAddress, sourcePort, timeout);
    }

    /** The same through a proxy, or not. */
    public Destination withProxy(@Nullable Proxy proxy) {
        return new Destination(
                host, port, family, tls, alpn, proxy, sourceAddress, sourcePort, timeout);
    }

    /** The same from an address and port of this machine. */
    public Destination withSource(@Nullable InetAddress sourceAddress, int sourcePort) {
        return new Destination(
                host, port, family, tls, alpn, proxy, sourceAddress, sourcePort, timeout);
    }

    /** The same with a limit, or without. */
    public Destination withTimeout(@Nullable Duration timeout) {
        return new Destination(
                host, port, family, tls, alpn, proxy, sourceAddress, sourcePort, timeout);
    }

    /** The host and port, and the address that it was found at. */
    String at(SocketAddress address) {
        return hostAndPort() + " at " + Sockets.name(address);
    }

    /** The host, in brackets if it is an IPv6 address, and the port. */
    String hostAndPort() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
