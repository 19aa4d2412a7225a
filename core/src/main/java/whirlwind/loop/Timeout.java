package whirlwind.loop;

/**
 * A callback that waits for its time; made by {@link IOLoop#callLater} and {@link IOLoop#callAt}.
 * Confined to its loop.
 *
 * <p>Tornado: the opaque handle that {@code add_timeout} returns.
 */
public final class Timeout {
    /** Not in the heap: fired or cancelled. */
    static final int GONE = -1;

    final long deadlineNanos;

    /** Orders timers of the same deadline as they were made. */
    final long sequence;

    final Runnable callback;

    /** Place in the heap of {@link Timers}, which makes cancelling cheap. */
    int index = GONE;

    private final Timers timers;

    Timeout(Timers timers, long deadlineNanos, long sequence, Runnable callback) {
        this.timers = timers;
        this.deadlineNanos = deadlineNanos;
        this.sequence = sequence;
        this.callback = callback;
    }

    /** Whether the callback is still to come. */
    public boolean isPending() {
        return index != GONE;
    }

    /**
     * Makes sure that the callback doesn't run any more. After it has run, or twice, does nothing.
     */
    public void cancel() {
        timers.cancel(this);
    }

    boolean isBefore(Timeout other) {
        long difference = deadlineNanos - other.deadlineNanos;
        return difference != 0 ? difference < 0 : sequence < other.sequence;
    }

    @Override
    public String toString() {
        return "Timeout[" + callback + (isPending() ? "]" : ", done]");
    }
}
