package whirlwind.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;

/**
 * A number of permits that coroutines acquire and release, for example to bound how many requests
 * go to one peer at a time:
 *
 * {@snippet :
 * private final Semaphore slots = new Semaphore(10);
 *
 * Page load(URI uri) {
 *     try (var _ = slots.acquire()) {
 *         return fetch(uri);
 *     }
 * }
 * }
 *
 * <p>Permits belong to nobody: any coroutine or callback of the loop may release one, also one that
 * was never acquired, and then there are more than at first ({@link BoundedSemaphore} refuses
 * that). Released permits go to waiters in the order in which they came. Confined to the loop that
 * uses it first. Tornado: {@code locks.Semaphore}.
 */
public sealed class Semaphore permits BoundedSemaphore {
    private final Confinement confinement = new Confinement(this);
    private final WaitLine<Permit> waiters = new WaitLine<>();
    private final Permit permit = new Permit(this::release);

    /** Positive only while nobody waits. */
    private int available;

    /** A semaphore of one permit. */
    public Semaphore() {
        this(1);
    }

    /**
     * A semaphore of {@code permits} permits, which may be none at first.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Semaphore(int permits) {
        Check.notNegative("permits", permits);
        available = permits;
    }

    /**
     * Takes a permit; suspends the calling coroutine until there is one. Close the result, or
     * {@link #release}, once.
     */
    public Permit acquire() {
        return acquireWithin(null);
    }

    /**
     * The same with a limit.
     *
     * @throws whirlwind.loop.AsyncTimeoutException when the limit passes; at once if it is zero or
     *     less
     */
    public Permit acquire(Duration limit) {
        return acquireWithin(limit);
    }

    private Permit acquireWithin(@Nullable Duration limit) {
        confinement.check();
        if (available == 0) {
            return waiters.await(limit, "Semaphore.acquire");
        }
        available--;
        return permit;
    }

    /** Gives a permit back, to the coroutine that has waited longest for one if any waits. */
    public void release() {
        confinement.check();
        if (!waiters.handOver(permit)) {
            available = Math.incrementExact(available);
        }
    }

    /**
     * How many {@code acquire}s would return at once. From another thread the answer may be out of
     * date.
     */
    public int availablePermits() {
        return available;
    }

    /**
     * For example {@code Semaphore[unlocked, value 3]} or {@code Semaphore[locked, waiters 2]}. Any
     * thread.
     */
    @Override
    public String toString() {
        var state = available > 0 ? "unlocked, value " + available : "locked";
        var line = waiters.isEmpty() ? "" : ", waiters " + waiters.size();
        return "%s[%s%s]".formatted(getClass().getSimpleName(), state, line);
    }
}
