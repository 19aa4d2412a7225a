package whirlwind.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A loop's time: its ticker's nanoseconds, and the same as an instant. */
final class Clock {
    /** Far enough for any timer, and near enough that differences don't overflow: 146 years. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final Ticker ticker;
    private final InstantSource instants;

    Clock(Ticker ticker) {
        this.ticker = ticker;
        this.instants = ticker.instants();
    }

    boolean isSystem() {
        return ticker == Ticker.SYSTEM;
    }

    long nanos() {
        return ticker.nanoTime();
    }

    Instant now() {
        return instants.instant();
    }

    long nanosAfter(Duration delay) {
        var bounded =
                delay.isNegative() ? Duration.ZERO : delay.compareTo(FOREVER) > 0 ? FOREVER : delay;
        return ticker.nanoTime() + bounded.toNanos();
    }
}
