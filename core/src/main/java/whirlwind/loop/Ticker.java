package whirlwind.loop;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a loop. Every timer, timeout and deadline of a loop reads this clock and no other,
 * so a test that brings its own decides what time it is ({@code whirlwind.testing.VirtualTime}).
 */
public interface Ticker {
    /** For {@link #skipTo}: no timer is pending. */
    long NEVER = Long.MAX_VALUE;

    /** The machine's monotonic clock. */
    Ticker SYSTEM = System::nanoTime;

    /** Nanoseconds since some fixed moment; never goes back. */
    long nanoTime();

    /**
     * Asked by a loop that has nothing to do: may time move on to {@code nextTimerNanos}, when its
     * next timer is due ({@link #NEVER}: none is pending)? A clock that tests control moves on and
     * answers true; then the loop looks at its timers again instead of waiting. After false, as
     * here, it waits until something happens, not until the timer is due: no other clock than
     * {@link #SYSTEM} is known to move by itself.
     */
    default boolean skipTo(long nextTimerNanos) {
        return false;
    }

    /**
     * This clock's time as instants: the wall clock's time at this call, plus what this clock has
     * counted since. For what is shared by loops, and so can't ask one of them for {@link
     * IOLoop#time()}.
     */
    default InstantSource instants() {
        var start = Instant.now();
        long startNanos = nanoTime();
        return () -> start.plusNanos(nanoTime() - startNanos);
    }
}
