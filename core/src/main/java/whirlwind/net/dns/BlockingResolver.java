package whirlwind.net.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the operating system on the calling thread, which <em>holds the loop</em> until the answer
 * is there: for tools that do nothing else meanwhile.
 *
 * <p>Tornado: {@code BlockingResolver}.
 */
public final class BlockingResolver implements Resolver {
    /** A resolver without state. */
    public BlockingResolver() {}

    @Override
    public CompletableFuture<List<InetSocketAddress>> resolve(
            String host, int port, Family family) {
        var literal = Literals.answer(host, port, family);
        if (literal != null) {
            return literal;
        }
        try {
            return CompletableFuture.completedFuture(Literals.lookUp(host, port, family));
        } catch (ResolveException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Does nothing. */
    @Override
    public void close() {}
}
