package whirlwind.web.locale;

import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * How to write a date: {@code DateStyle.DEFAULT.in(zone).absolute()}. Tornado: the keyword
 * arguments of {@code format_date}.
 *
 * @param zone where the reader is; UTC by default
 * @param relative whether to say how long ago something was, while that is short; true by default
 * @param shorter whether to leave out the time of a day before today; false by default
 * @param full whether to write date, year and time in any case; false by default
 */
public record DateStyle(ZoneId zone, boolean relative, boolean shorter, boolean full) {
    /** Relative, with times, in UTC. */
    public static final DateStyle DEFAULT = new DateStyle(ZoneOffset.UTC, true, false, false);

    /** The same for a reader in another zone. Tornado: {@code gmt_offset}. */
    public DateStyle in(ZoneId zone) {
        return new DateStyle(zone, relative, shorter, full);
    }

    /** The same as a date, however recent. Tornado: {@code relative=False}. */
    public DateStyle absolute() {
        return new DateStyle(zone, false, shorter, full);
    }

    /** The same without the time, for days before today. Tornado: {@code shorter=True}. */
    public DateStyle withoutTime() {
        return new DateStyle(zone, relative, true, full);
    }

    /** The same with date, year and time in any case. Tornado: {@code full_format=True}. */
    public DateStyle inFull() {
        return new DateStyle(zone, relative, shorter, true);
    }
}
