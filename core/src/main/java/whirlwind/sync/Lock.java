package whirlwind.sync;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Held by one coroutine at a time, across its suspensions:
 *
 * {@snippet :
 * try (var _ = lock.acquire()) {
 *     var balance = readBalance();
 *     writeBalance(balance + 1);
 * }
 * }
 *
 * <p>It goes to waiters in the order in which they came. It is not reentrant (a coroutine that
 * acquires it twice waits for itself) and not tied to its holder: any coroutine or callback of the
 * loop may release it. Confined to the loop that uses it first. Tornado: {@code locks.Lock}.
 */
public final class Lock {
    private final Confinement confinement = new Confinement(this);
    private final WaitLine<Permit> waiters = new WaitLine<>();
    private final Permit permit = new Permit(this::release);
    private boolean locked;

    /** A lock that nobody holds. */
    public Lock() {}

    /**
     * Takes the lock; suspends the calling coroutine until it gets it. Close the result, or {@link
     * #release}, once.
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
        if (locked) {
            return waiters.await(limit, "Lock.acquire");
        }
        locked = true;
        return permit;
    }

    /**
     * Gives the lock back, to the coroutine that has waited longest if any waits.
     *
     * @throws IllegalStateException if nobody holds it
     */
    public void release() {
        confinement.check();
        if (!locked) {
            throw new IllegalStateException("release of a lock that nobody holds");
        }
        locked = waiters.handOver(permit);
    }

    /** Whether somebody holds it. From another thread the answer may be out of date. */
    public boolean isLocked() {
        return locked;
    }

    /** For example {@code Lock[locked, waiters 2]}. Any thread. */
    @Override
    public String toString() {
        var state = locked ? "locked" : "unlocked";
        return waiters.isEmpty()
                ? "Lock[%s]".formatted(state)
                : "Lock[%s, waiters %d]".formatted(state, waiters.size());
    }
}
