package whirlwind.net.connect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host that connects in our place. The proxy resolves the destination's name, so that nothing
 * here has to. Tornado: {@code proxy_host}, {@code proxy_port}, {@code proxy_username}, {@code
 * proxy_password} and {@code proxy_auth_mode}.
 *
 * @param type what it speaks
 * @param host its name or address
 * @param port its port, 1 to 65535
 * @param user for a proxy that wants to know; null for none. SOCKS 4 knows no password
 * @param password null for none
 * @param digest whether an HTTP proxy is shown that the password is known, when it asks, instead of
 *     the password (RFC 7616)
 */
public record Proxy(
        Type type,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        boolean digest) {
    /** What proxies speak. */
    public enum Type {
        /** HTTP/1.1: plain requests are handed over, {@code CONNECT} is for all others. */
        HTTP,
        /** SOCKS version 4a. */
        SOCKS4,
        /** SOCKS version 5, with user name and password (RFC 1928, 1929). */
        SOCKS5
    }

    /** Checks the port, and that a password comes with a user and fits the type. */
    public Proxy {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(host, "host");
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("proxy port: " + port + " (1 to 65535)");
        }
        if (password != null && (user == null || type == Type.SOCKS4)) {
            throw new IllegalArgumentException(
                    "a proxy's password needs a user, and a proxy other than SOCKS4");
        }
        if (digest && (user == null || type != Type.HTTP)) {
            throw new IllegalArgumentException("digest needs a user, and a proxy of type HTTP");
        }
    }

    /** A proxy that needs no authentication. */
    public static Proxy of(Type type, String host, int port) {
        return new Proxy(type, host, port, null, null, false);
    }

    /** The same proxy, with credentials that are sent to it as they are (RFC 7617, 1929). */
    public Proxy withCredentials(String user, @Nullable String password) {
        return new Proxy(type, host, port, user, password, false);
    }

    /** The same HTTP proxy, with credentials for digest authentication. */
    public Proxy withDigest(String user, String password) {
        return new Proxy(type, host, port, user, password, true);
    }

    /** For example {@code HTTP proxy localhost:3128}; never the password. */
    @Override
    public String toString() {
        return type + " proxy " + host + ":" + port;
    }
}
