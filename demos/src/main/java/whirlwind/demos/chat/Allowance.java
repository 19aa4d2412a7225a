package whirlwind.demos.chat;

import java.time.Duration;
import java.time.Instant;

/**
 * How much somebody may say: a few messages at once, and so many a second in the long run. A token
 * bucket.
 */
final class Allowance {
    private static final int AT_ONCE = 8;
    private static final double PER_SECOND = 2;

    private double left = AT_ONCE;
    private Instant counted;

    Allowance(Instant now) {
        counted = now;
    }

    /**
     * Takes one message if there is one left, and returns zero; otherwise how long it takes until
     * there is.
     */
    Duration take(Instant now) {
        var passed = Duration.between(counted, now);
        counted = now;
        left = Math.min(AT_ONCE, left + PER_SECOND * passed.toMillis() / 1000);
        if (left < 1) {
            return Duration.ofMillis((long) Math.ceil((1 - left) / PER_SECOND * 1000));
        }
        left--;
        return Duration.ZERO;
    }
}
