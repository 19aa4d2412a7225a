package whirlwind.loop;

import java.time.Duration;
import java.time.Instant;

/** A loop's time: its ticker's nanoseconds, and the same as an instant. */
final class Clock {
    /** Far enough for any timer, and near enough that differences don't overflow: 146 years. */
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE / 2);

    private final Ticker ticker;
    private final Instant startInstant = Instant.now();
    private final long startNanos;

    Clock(Ticker ticker) {
        this.ticker = ticker;
        this.startNanos = ticker.nanoTime();
    }

    boolean isSystem() {
        return ticker == Ticker.SYSTEM;
    }

    long nanos() {
        return ticker.nanoTime();
    }

    Instant now() {
        return startInstant.plusNanos(ticker.nanoTime() - startNanos);
    }

    long nanosAfter(Duration delay) {
        var bounded =
                delay.isNegative() ? Duration.ZERO : delay.compareTo(FOREVER) > 0 ? FOREVER : delay;
        return ticker.nanoTime() + bounded.toNanos();
    }
}
