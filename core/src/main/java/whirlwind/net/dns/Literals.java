package whirlwind.net.dns;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What all resolvers do alike: literal addresses, ports and families. */
final class Literals {
    private Literals() {}

    /**
     * RFC 4291 section 2.2 and dotted quads; stricter than inet_aton, which takes {@code 127.1}.
     */
    static boolean isValid(String text) {
        return NetUtil.isValidIpV4Address(text)
                || text.indexOf('[') < 0
                        && text.indexOf('%') < 0
                        && NetUtil.isValidIpV6Address(text);
    }

    /** The answer if the host is a literal address; null if it must be looked up. */
    static @Nullable CompletableFuture<List<InetSocketAddress>> answer(
            String host, int port, Family family) {
        checkPort(port);
        if (!isValid(host)) {
            return null;
        }
        try {
            var addresses = Stream.of(InetAddress.ofLiteral(host));
            return CompletableFuture.completedFuture(select(host, port, family, addresses));
        } catch (ResolveException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    static void checkPort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (0 to 65535)");
        }
    }

    /** Asks the operating system, which may take long. */
    static List<InetSocketAddress> lookUp(String host, int port, Family family) {
        try {
            return select(host, port, family, Stream.of(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            throw new ResolveException(host, "the system's resolver doesn't know it", e);
        }
    }

    static List<InetSocketAddress> select(
            String host, int port, Family family, Stream<InetAddress> addresses) {
        var selected =
                addresses
                        .filter(family::includes)
                        .map(address -> new InetSocketAddress(address, port))
                        .distinct()
                        .toList();
        if (selected.isEmpty()) {
            throw new ResolveException(host, "it has no " + family + " address", null);
        }
        return selected;
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
