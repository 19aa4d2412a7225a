package whirlwind.check;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as messages say them. */
public final class DurationText {
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private DurationText() {}

    /**
     * For example {@code 250 ms}, {@code 1.5 s}, {@code 90 s}, {@code 30 min}, {@code 2 h}, {@code
     * 3 days}: the largest unit of which it is a whole number, but for seconds and milliseconds,
     * which may have decimals. Nothing is rounded.
     */
    public static String of(Duration duration) {
        long whole = duration.getSeconds();
        if (duration.getNano() != 0 || whole == 0) {
            return fraction(duration);
        }
        if (whole % DAY == 0) {
            long days = whole / DAY;
            return days + (Math.abs(days) == 1 ? " day" : " days");
        }
        if (whole % HOUR == 0) {
            return whole / HOUR + " h";
        }
        return whole % MINUTE == 0 ? whole / MINUTE + " min" : whole + " s";
    }

    private static String fraction(Duration duration) {
        var seconds =
                BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), 9));
        boolean lessThanOne = seconds.abs().compareTo(BigDecimal.ONE) < 0 && !duration.isZero();
        return lessThanOne ? plain(seconds.movePointRight(3)) + " ms" : plain(seconds) + " s";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
