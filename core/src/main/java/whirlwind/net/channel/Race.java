package whirlwind.net.channel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;
import whirlwind.net.dns.Family;

/**
 * Happy Eyeballs (RFC 8305 section 5): connection attempts to several addresses, each started when
 * the one before has failed or has not succeeded for a while, until one succeeds. The others are
 * cancelled then, and one that succeeds all the same is closed.
 *
 * <p>Runs where its attempts complete. {@link #cancel} it to end it early.
 */
final class Race<T> extends CompletableFuture<T> {
    /** RFC 8305 section 8 recommends 250 ms. */
    static final Duration STAGGER = Duration.ofMillis(250);

    private final IOLoop loop;
    private final Function<InetSocketAddress, CompletableFuture<T>> attempt;
    private final Consumer<T> close;
    private final Queue<InetSocketAddress> waiting;
    private final List<CompletableFuture<T>> attempts = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private int running;
    private @Nullable Timeout stagger;

    /**
     * @param addresses at least one, in the order of the resolver
     * @param attempt starts to connect; its future may be cancelled
     * @param close what to do with a connection that came too late
     */
    Race(
            IOLoop loop,
            List<InetSocketAddress> addresses,
            Function<InetSocketAddress, CompletableFuture<T>> attempt,
            Consumer<T> close) {
        this.loop = loop;
        this.attempt = attempt;
        this.close = close;
        this.waiting = interleaved(addresses);
        whenComplete((winner, failure) -> stop());
    }

    /** The first family of the list first, then one of each in turn (RFC 8305 section 4). */
    static Queue<InetSocketAddress> interleaved(List<InetSocketAddress> addresses) {
        var first = Family.of(ip(addresses.getFirst()));
        var preferred = new ArrayDeque<InetSocketAddress>();
        var others = new ArrayDeque<InetSocketAddress>();
        for (var address : addresses) {
            (first.includes(ip(address)) ? preferred : others).add(address);
        }
        var order = new ArrayDeque<InetSocketAddress>();
        while (!preferred.isEmpty() || !others.isEmpty()) {
            var turn = preferred.isEmpty() ? others : preferred;
            order.add(turn.remove());
            if (turn == preferred && !others.isEmpty()) {
                order.add(others.remove());
            }
        }
        return order;
    }

    private static InetAddress ip(InetSocketAddress address) {
        return address.getAddress();
    }

    /** Starts the next attempt, if there is one, and the clock for the one after it. */
    void startNext() {
        if (stagger != null) {
            stagger.cancel();
        }
        var address = waiting.poll();
        if (isDone() || address == null) {
            return;
        }
        if (!waiting.isEmpty()) {
            stagger = loop.callLater(STAGGER, this::startNext);
        }
        var attempted = attempt.apply(address);
        attempts.add(attempted);
        running++;
        attempted.whenComplete((connection, failure) -> {
            running--;
            if (failure == null) {
                succeeded(connection);
            } else if (!isDone()) {
                failed(failure);
            }
        });
    }

    private void succeeded(T connection) {
        if (!complete(connection)) {
            close.accept(connection);
        }
    }

    private void failed(Throwable failure) {
        failures.add(failure);
        if (!waiting.isEmpty()) {
            startNext();
        } else if (running == 0) {
            var last = failures.removeLast();
            failures.forEach(last::addSuppressed);
            completeExceptionally(last);
        }
    }

    private void stop() {
        waiting.clear();
        if (stagger != null) {
            stagger.cancel();
        }
        List.copyOf(attempts).forEach(attempted -> attempted.cancel(true));
    }
}
