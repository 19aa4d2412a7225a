package whirlwind.web.locale;

import java.text.ListFormat;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import whirlwind.loop.IOLoop;

/**
 * A language, perhaps as one country speaks it: translates messages, and writes dates, numbers and
 * lists. Templates have that of their reader as {@code locale}. Immutable, for any thread. Tornado:
 * {@code locale.Locale}.
 */
public final class UserLocale {
    private final String code;
    private final Locale java;
    private final Catalogue catalogue;
    private final DateWords dates;

    /**
     * A language with its messages; most are made by {@link Locales}.
     *
     * @param code such as {@code de} or {@code pt_BR}
     */
    public UserLocale(String code, Catalogue catalogue) {
        this.code = code;
        this.java = Locale.forLanguageTag(code.replace('_', '-'));
        this.catalogue = catalogue;
        this.dates = new DateWords(this);
    }

    /** Such as {@code de} or {@code pt_BR}. */
    public String code() {
        return code;
    }

    /** The language's name in itself: {@code Español (España)}. */
    public String name() {
        var name = java.getDisplayName(java);
        int first = name.offsetByCodePoints(0, name.isEmpty() ? 0 : 1);
        return name.substring(0, first).toUpperCase(java) + name.substring(first);
    }

    /** Whether it is written from right to left. Tornado: {@code rtl}. */
    public boolean isRightToLeft() {
        var name = java.getDisplayLanguage(java);
        if (name.isEmpty()) {
            return false;
        }
        byte direction = Character.getDirectionality(name.codePointAt(0));
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** The same for the JDK's own classes. */
    public Locale java() {
        return java;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** The message in this language, or itself if the catalogue lacks it. */
    public String translate(String message) {
        return Objects.requireNonNullElse(catalogue.find(null, message), message);
    }

    /**
     * The message in the form for so many, or one of the two as it is, if the catalogue lacks it.
     * The number is not put in.
     *
     * @param message for one
     * @param plural for several
     */
    public String translate(String message, String plural, long count) {
        return Objects.requireNonNullElse(
                catalogue.find(null, message, plural, count), count == 1 ? message : plural);
    }

    /** As {@link #translate(String)}, told apart by a context. */
    public String pgettext(String context, String message) {
        return Objects.requireNonNullElse(catalogue.find(context, message), message);
    }

    /** As {@link #translate(String, String, long)}, told apart by a context. */
    public String pgettext(String context, String message, String plural, long count) {
        return Objects.requireNonNullElse(
                catalogue.find(context, message, plural, count), count == 1 ? message : plural);
    }

    /** As {@link #formatDate(Instant, DateStyle)}, relative and in UTC. */
    public String formatDate(Instant date) {
        return formatDate(date, DateStyle.DEFAULT);
    }

    /**
     * A point in time as seen from now, on the clock of the current loop: seconds, minutes or hours
     * ago within a day, then yesterday, a weekday within five days, month and day within eleven
     * months, then with the year. What is less than a minute ahead is now; anything further ahead
     * is written in full.
     */
    public String formatDate(Instant date, DateStyle style) {
        return formatDate(date, IOLoop.current().time(), style);
    }

    /** The same as seen from another point in time. */
    public String formatDate(Instant date, Instant now, DateStyle style) {
        return dates.date(date, now, style);
    }

    /** A day with its weekday, in UTC: {@code Monday, January 22}. */
    public String formatDay(Instant day) {
        return formatDay(day, ZoneOffset.UTC, true);
    }

    /** A day in a zone, with or without its weekday. */
    public String formatDay(Instant day, ZoneId zone, boolean withWeekday) {
        return dates.day(day.atZone(zone), withWeekday);
    }

    /** The parts as one enumeration: {@code A, B, and C}; empty for none. */
    public String list(List<String> parts) {
        return parts.isEmpty()
                ? ""
                : ListFormat.getInstance(java, ListFormat.Type.STANDARD, ListFormat.Style.FULL)
                        .format(parts);
    }

    /** A number with the language's separators: {@code 1,000,000}. */
    public String friendlyNumber(Number number) {
        return NumberFormat.getInstance(java).format(number);
    }

    /** The code. */
    @Override
    public String toString() {
        return code;
    }
}
