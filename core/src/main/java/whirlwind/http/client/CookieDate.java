package whirlwind.http.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a cookie ends, as servers really write it: Netscape's {@code Wed, 09-Jun-2021 10:18:14 GMT}
 * is as frequent as HTTP's own dates. Time, day, month and year are found in whatever order and
 * whatever stands between them; RFC 6265 section 5.1.1.
 */
final class CookieDate {
    private static final Pattern DELIMITERS = Pattern.compile("[\\t -/;-@\\[-`{-~]+");
    private static final Pattern TIME =
            Pattern.compile("(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\D.*)?");
    private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:\\D.*)?");
    private static final Pattern YEAR = Pattern.compile("(\\d{2,4})(?:\\D.*)?");
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");

    private @Nullable MatchResult time;
    private int day = -1;
    private int month = -1;
    private int year = -1;

    private CookieDate() {}

    /** Null for what is no date. */
    static @Nullable Instant parse(String text) {
        var date = new CookieDate();
        for (var token : DELIMITERS.split(text)) {
            date.read(token);
        }
        return date.instant();
    }

    /** A token is the first of these that it can be and that is missing yet. */
    private void read(String token) {
        var timeOfDay = TIME.matcher(token);
        if (time == null && timeOfDay.matches()) {
            time = timeOfDay.toMatchResult();
            return;
        }
        var number = DAY.matcher(token);
        if (day < 0 && number.matches()) {
            day = Integer.parseInt(number.group(1));
            return;
        }
        int named =
                token.length() < 3
                        ? -1
                        : MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT));
        if (month < 0 && named >= 0) {
            month = named + 1;
            return;
        }
        number = YEAR.matcher(token);
        if (year < 0 && number.matches()) {
            year = Integer.parseInt(number.group(1));
        }
    }

    private @Nullable Instant instant() {
        if (time == null || year < 0) {
            return null;
        }
        int century = year > 99 ? 0 : year < 70 ? 2000 : 1900;
        try {
            return LocalDateTime.of(
                            century + year, month, day, part(time, 1), part(time, 2), part(time, 3))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static int part(MatchResult time, int group) {
        return Integer.parseInt(time.group(group));
    }
}
