package whirlwind.net.connect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A host that connects in our place. The proxy resolves the destination's name, so that nothing
 * here has to (but for {@code SOCKS4}, version 4a is spoken).
 *
 * @param type what it speaks
 * @param host its name or address
 * @param port its port, 1 to 65535
 * @param user for a proxy that wants to know; null for none. SOCKS 4 knows no password
 * @param password null for none
 */
public record Proxy(
        Type type, String host, int port, @Nullable String user, @Nullable String password) {
    /** What proxies speak. */
    public enum Type {
        /** The {@code CONNECT} method of HTTP/1.1, with basic authentication (RFC 9110, 7617). */
        HTTP,
        /** SOCKS version 4a. */
        SOCKS4,
        /** SOCKS version 5, with user name and password (RFC 1928, 1929). */
        SOCKS5
    }

    /** Checks the port, and that a password comes with a user. */
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
    }

    /** A proxy that needs no authentication. */
    public static Proxy of(Type type, String host, int port) {
        return new Proxy(type, host, port, null, null);
    }

    /** The same proxy, with credentials. */
    public Proxy withCredentials(String user, @Nullable String password) {
        return new Proxy(type, host, port, user, password);
    }

    /** For example {@code HTTP proxy localhost:3128}; never the password. */
    @Override
    public String toString() {
        return type + " proxy " + host + ":" + port;
    }
}
