package whirlwind.sync;

import java.time.Duration;

/**
 * A flag that coroutines wait for; it starts cleared. While it is set nobody waits.
 *
 * {@snippet :
 * var ready = new Event();
 * Async.spawn(() -> {
 *     ready.await();
 *     serve();
 * });
 * load();
 * ready.set();
 * }
 *
 * <p>Confined to the loop that uses it first. Tornado: {@code locks.Event}; its {@code wait} is
 * {@code await} here, because {@link Object} has taken that name.
 */
public final class Event {
    private final Confinement confinement = new Confinement(this);
    private final WaitLine<Event> waiters = new WaitLine<>();
    private boolean set;

    /** An event that is cleared. */
    public Event() {}

    /** Whether the flag is set. From another thread the answer may be out of date. */
    public boolean isSet() {
        return set;
    }

    /**
     * Sets the flag and wakes everybody who waits, even if it is cleared before they run. Twice is
     * once.
     */
    public void set() {
        confinement.check();
        set = true;
        for (int left = waiters.size(); left > 0; left--) {
            waiters.handOver(this);
        }
    }

    /** Clears the flag: coroutines wait until the next {@link #set}. Twice is once. */
    public void clear() {
        confinement.check();
        set = false;
    }

    /**
     * Suspends the calling coroutine until the flag is set; returns at once if it is. Tornado:
     * {@code wait}.
     */
    public void await() {
        confinement.check();
        if (!set) {
            waiters.await(null, "Event.await");
        }
    }

    /**
     * The same with a limit.
     *
     * @throws whirlwind.loop.AsyncTimeoutException when the limit passes; at once if it is zero or
     *     less
     */
    public void await(Duration limit) {
        confinement.check();
        if (!set) {
            waiters.await(limit, "Event.await");
        }
    }

    /** For example {@code Event[cleared, waiters 2]}. Any thread. */
    @Override
    public String toString() {
        var state = set ? "set" : "cleared";
        return waiters.isEmpty()
                ? "Event[%s]".formatted(state)
                : "Event[%s, waiters %d]".formatted(state, waiters.size());
    }
}
