package whirlwind.sync;

import java.time.Duration;
import whirlwind.check.Check;

/**
 * Lets coroutines wait until they are told to go on. There is no lock with it: between two
 * suspensions a coroutine runs alone on its loop, so whoever wakes up may look at shared state and
 * change it.
 *
 * {@snippet :
 * while (!cache.isLoaded()) {
 *     loaded.await();
 * }
 * }
 *
 * <p>A signal wakes those that wait at that moment and is not remembered; an {@link Event} is.
 * Confined to the loop that uses it first. Tornado: {@code locks.Condition}; its {@code wait},
 * {@code notify} and {@code notify_all} have the names of {@link
 * java.util.concurrent.locks.Condition} here, because {@link Object} has taken theirs.
 */
public final class Condition {
    private final Confinement confinement = new Confinement(this);
    private final WaitLine<Condition> waiters = new WaitLine<>();

    /** A condition that nobody waits for. */
    public Condition() {}

    /** Suspends the calling coroutine until it is signalled. Tornado: {@code wait}. */
    public void await() {
        confinement.check();
        waiters.await(null, "Condition.await");
    }

    /**
     * The same with a limit; a limit of zero or less answers false at once.
     *
     * @return whether it was signalled; false: the limit passed before
     */
    public boolean await(Duration limit) {
        confinement.check();
        return waiters.awaitWithin(limit);
    }

    /** Wakes the coroutine that has waited longest, if any waits. Tornado: {@code notify}. */
    public void signal() {
        signal(1);
    }

    /**
     * Wakes the {@code count} coroutines that have waited longest, or fewer if fewer wait. They
     * run, in that order, when the caller suspends or ends. Tornado: {@code notify(n)}.
     *
     * @throws IllegalArgumentException if the count is negative
     */
    public void signal(int count) {
        confinement.check();
        Check.notNegative("count", count);
        for (int left = count; left > 0 && waiters.handOver(this); ) {
            left--;
        }
    }

    /** Wakes every coroutine that waits now. Tornado: {@code notify_all}. */
    public void signalAll() {
        signal(waiters.size());
    }

    /** For example {@code Condition[waiters 2]}. Any thread. */
    @Override
    public String toString() {
        return waiters.isEmpty() ? "Condition" : "Condition[waiters " + waiters.size() + "]";
    }
}
