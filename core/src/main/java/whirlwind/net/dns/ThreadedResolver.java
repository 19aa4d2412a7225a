package whirlwind.net.dns;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * Asks the operating system on other threads, and so knows all that the system knows: {@code
 * /etc/hosts}, mDNS, whatever {@code nsswitch.conf} says. The default.
 *
 * <p>As many questions are open at once as the executor has threads; the others wait in its queue.
 * The operating system's timeouts apply, often 5 to 30 seconds for a name server that is dead, and
 * can't be cut short: a question given up goes on on its thread.
 *
 * <p>Tornado: {@code DefaultLoopResolver}, {@code ThreadedResolver}, {@code ExecutorResolver}.
 */
public final class ThreadedResolver implements Resolver {
    private final IOLoop loop = IOLoop.current();
    private final @Nullable Executor executor;

    /** A resolver for the current loop, on that loop's default executor. */
    public ThreadedResolver() {
        this.executor = null;
    }

    /** A resolver for the current loop, on an executor that stays the caller's to shut down. */
    public ThreadedResolver(Executor executor) {
        this.executor = executor;
    }

    @Override
    public CompletableFuture<List<InetSocketAddress>> resolve(
            String host, int port, Family family) {
        var literal = Literals.answer(host, port, family);
        return literal != null
                ? literal
                : loop.runInExecutor(executor, () -> Literals.lookUp(host, port, family));
    }

    /** Does nothing: the executor is the loop's or the caller's. */
    @Override
    public void close() {}
}
