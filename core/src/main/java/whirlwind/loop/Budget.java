package whirlwind.loop;

/**
 * How long one kind of work may go on before the loop's next kind gets its turn. Every turn of a
 * loop has four kinds (callbacks, timers, coroutines, input and output), and each gets one budget,
 * so that none starves the others.
 */
final class Budget {
    /**
     * Half a millisecond: some thousand resumptions, and unnoticed by a client. At least 16 steps.
     */
    static final long NANOS = 500_000;

    /** The clock is read once in so many steps, for reading it costs as much as a short step. */
    private static final int STEPS_PER_LOOK = 16;

    private int steps;
    private long startNanos;

    /**
     * Counts one step; whether to stop now. The clock is first read after some steps, so a short
     * batch reads none.
     */
    boolean isSpent() {
        if (++steps % STEPS_PER_LOOK != 0) {
            return false;
        }
        long now = System.nanoTime();
        if (steps == STEPS_PER_LOOK) {
            startNanos = now;
        }
        return now - startNanos > NANOS;
    }
}
