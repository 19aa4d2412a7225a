package whirlwind.realtime.engine;

import java.time.Duration;
import whirlwind.check.Check;
import whirlwind.check.DurationText;

/**
 * How much of a topic's past is kept: the last {@code count} publications that are not older than
 * {@code age}.
 *
 * @param count 0 for none
 * @param age more than zero if there is a count; at most 36,500 days
 */
public record HistoryLimits(int count, Duration age) {
    private static final Duration MAX_AGE = Duration.ofDays(36_500);

    /** Nothing is kept. */
    public static final HistoryLimits NONE = new HistoryLimits(0, Duration.ZERO);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the count is negative, or the age isn't positive although
     *     something is to be kept, or is too long to be subtracted from a date
     */
    public HistoryLimits {
        Check.notNegative("history count", count);
        if (age.isNegative() || count > 0 && age.isZero()) {
            throw new IllegalArgumentException(
                    "history age: " + DurationText.of(age) + " (more than 0)");
        }
        if (age.compareTo(MAX_AGE) > 0) {
            throw new IllegalArgumentException(
                    "history age: %s (at most %s)"
                            .formatted(DurationText.of(age), DurationText.of(MAX_AGE)));
        }
    }
}
