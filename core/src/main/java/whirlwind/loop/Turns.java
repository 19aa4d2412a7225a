package whirlwind.loop;

import java.time.Duration;

/**
 * Counts a loop's turns and how long they kept others waiting. Written by the loop, read racily by
 * {@link #metrics}.
 */
final class Turns {
    private volatile long turns;
    private volatile long lagNanos;
    private volatile long maxLagNanos;
    private volatile long slowCallbacks;
    private volatile long longestStallNanos;
    private long startNanos;

    void begin() {
        startNanos = System.nanoTime();
    }

    /** Whether the turn has gone on for so long that input and output must have theirs. */
    boolean isOver() {
        return System.nanoTime() - startNanos > Budget.NANOS;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void end() {
        long nanos = System.nanoTime() - startNanos;
        turns++;
        lagNanos = nanos;
        if (nanos > maxLagNanos) {
            maxLagNanos = nanos;
        }
    }

    /** Called by the watchdog, which is one thread, when it notices a stall. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void stallBegan() {
        slowCallbacks++;
    }

    void stallEnded(long nanos) {
        longestStallNanos = Math.max(longestStallNanos, nanos);
    }

    LoopMetrics metrics(long callbacks, long started, int live, int timers) {
        return new LoopMetrics(
                turns,
                callbacks,
                started,
                live,
                timers,
                slowCallbacks,
                Duration.ofNanos(longestStallNanos),
                Duration.ofNanos(lagNanos),
                Duration.ofNanos(maxLagNanos));
    }
}
