package whirlwind.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates as HTTP writes them, RFC 9110 section 5.6.7: in GMT, to the second. */
public final class HttpDate {
    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    private static final String TIME = "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)";
    private static final List<Pattern> FORMS =
            List.of(
                    // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
                    Pattern.compile(
                            "[A-Z][a-z]{2}, (?<day>\\d\\d) (?<month>[A-Z][a-z]{2}) (?<year>\\d{4}) "
                                    + TIME
                                    + " GMT"),
                    // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
                    Pattern.compile(
                            "[A-Z][a-z]{5,8}, (?<day>\\d\\d)-(?<month>[A-Z][a-z]{2})-(?<year>\\d\\d) "
                                    + TIME
                                    + " GMT"),
                    // asctime: Sun Nov  6 08:49:37 1994
                    Pattern.compile(
                            "[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) "
                                    + TIME
                                    + " (?<year>\\d{4})"));

    private HttpDate() {}

    /**
     * An IMF-fixdate such as {@code Sun, 06 Nov 1994 08:49:37 GMT}; fractions of a second are cut
     * off. Tornado's {@code format_timestamp}.
     *
     * @throws IllegalArgumentException if the year has not four digits
     */
    public static String format(Instant instant) {
        var date = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        if (date.getYear() < 0 || date.getYear() > 9999) {
            throw new IllegalArgumentException(
                    "date: " + instant + " (expected the years 0000 to 9999)");
        }
        var out =
                new StringBuilder(29).append(DAYS.get(date.getDayOfWeek().ordinal())).append(", ");
        twoDigits(out, date.getDayOfMonth())
                .append(' ')
                .append(MONTHS.get(date.getMonthValue() - 1))
                .append(' ');
        twoDigits(twoDigits(out, date.getYear() / 100), date.getYear() % 100).append(' ');
        twoDigits(out, date.getHour()).append(':');
        twoDigits(out, date.getMinute()).append(':');
        return twoDigits(out, date.getSecond()).append(" GMT").toString();
    }

    private static StringBuilder twoDigits(StringBuilder out, int number) {
        return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /**
     * Reads an IMF-fixdate or one of the two obsolete forms (RFC 850's and {@code asctime}'s), null
     * for anything else: a header with a bad date is to be ignored. The day of the week is not
     * compared with the date. A two-digit year from 70 on is in the 20th century, as POSIX has it
     * (the RFC's rule needs today's date).
     */
    public static @Nullable Instant parse(String text) {
        for (var form : FORMS) {
            var fields = form.matcher(text);
            if (fields.matches()) {
                return instant(fields);
            }
        }
        return null;
    }

    private static @Nullable Instant instant(Matcher fields) {
        int year = number(fields, "year");
        if (fields.end("year") - fields.start("year") == 2) {
            year += year >= 70 ? 1900 : 2000;
        }
        int month = MONTHS.indexOf(fields.group("month")) + 1;
        int second =
                Math.min(
                        59,
                        number(
                                fields,
                                "second")); // 60 is a leap second, which Instant does not count
        if (number(fields, "second") > 60) {
            return null;
        }
        try {
            var date =
                    LocalDateTime.of(
                            year,
                            month,
                            number(fields, "day"),
                            number(fields, "hour"),
                            number(fields, "minute"),
                            second);
            return date.toInstant(ZoneOffset.UTC);
        } catch (DateTimeException outOfRange) {
            return null;
        }
    }

    private static int number(Matcher fields, String name) {
        return Integer.parseInt(fields.group(name).strip());
    }
}
