package whirlwind.net.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends some questions elsewhere: for tests, and for staging systems behind production's names.
 *
 * {@snippet :
 * new OverrideResolver(Resolver.create(), Map.of(
 *         Key.of("example.com"), Target.of("127.0.0.1"),
 *         Key.of("login.example.com", 443), Target.of("localhost", 1443)))
 * }
 *
 * <p>Of several keys that fit, the one that says most is taken: host, port and family; then host
 * and port; then host. What no key fits is asked as it is. Host names are compared without regard
 * to case.
 *
 * <p>Tornado: {@code OverrideResolver}.
 */
public final class OverrideResolver implements Resolver {
    private final Resolver resolver;
    private final Map<Key, Target> targets;

    /**
     * What is asked for.
     *
     * @param host a host name, kept in lower case
     * @param port null for any
     * @param family null for any question; otherwise only questions for just that family
     */
    public record Key(String host, @Nullable Integer port, @Nullable Family family) {
        /** Keeps the host in lower case. */
        public Key {
            host = host.toLowerCase(Locale.ROOT);
        }

        /** All questions for a host. */
        public static Key of(String host) {
            return new Key(host, null, null);
        }

        /** The questions for a host and port. */
        public static Key of(String host, int port) {
            return new Key(host, port, null);
        }

        /** The questions for a host, port and family. */
        public static Key of(String host, int port, Family family) {
            return new Key(host, port, family);
        }
    }

    /**
     * What is asked for instead.
     *
     * @param host a name or an address
     * @param port null to keep the port
     */
    public record Target(String host, @Nullable Integer port) {
        /** Another host, the same port. */
        public static Target of(String host) {
            return new Target(host, null);
        }

        /** Another host and port. */
        public static Target of(String host, int port) {
            Literals.checkPort(port);
            return new Target(host, port);
        }
    }

    /** A resolver that asks {@code resolver}, and closes it when it is closed. */
    public OverrideResolver(Resolver resolver, Map<Key, Target> targets) {
        this.resolver = resolver;
        this.targets = Map.copyOf(targets);
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> resolve(
            String host, int port, Family family) {
        var target = find(host, port, family);
        if (target == null) {
            return resolver.resolve(host, port, family);
        }
        var otherPort = target.port();
        return resolver.resolve(target.host(), otherPort != null ? otherPort : port, family);
    }

    private @Nullable Target find(String host, int port, Family family) {
        for (var key : List.of(Key.of(host, port, family), Key.of(host, port), Key.of(host))) {
            var target = targets.get(key);
            if (target != null) {
                return target;
            }
        }
        return null;
    }

    @Override
    public void close() {
        resolver.close();
    }
}
