package whirlwind.web.locale;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A date in words. The phrases are messages of the catalogue, those that Tornado's catalogues have,
 * with {@code %(name)s} in them. Where a catalogue lacks one, American English has the message
 * itself, and any other language what the JDK knows of it.
 */
final class DateWords {
    private static final Pattern SLOT = Pattern.compile("%\\((\\w+)\\)[sd]");

    /** Up to that far ahead a date is taken for now: clocks differ. */
    private static final Duration AHEAD = Duration.ofSeconds(60);

    private final UserLocale locale;
    private final Locale java;

    DateWords(UserLocale locale) {
        this.locale = locale;
        this.java = locale.java();
    }

    String date(Instant then, Instant now, DateStyle style) {
        boolean full = style.full();
        if (then.isAfter(now)) {
            if (style.relative() && Duration.between(now, then).compareTo(AHEAD) < 0) {
                then = now;
            } else {
                full = true;
            }
        }
        var age = Duration.between(then, now);
        if (!full && style.relative() && age.toDays() == 0) {
            return ago(age.toSeconds());
        }
        var local = then.atZone(style.zone());
        var time = style.shorter() && !full ? null : time(local);
        if (full || age.toDays() >= 334) { // nearly a year, when a month may mean two years
            return dated(local, time, true);
        }
        var yesterday = now.atZone(style.zone()).toLocalDate().minusDays(1);
        if (age.toDays() == 0) {
            return time(local);
        }
        if (style.relative() && age.toDays() == 1 && local.toLocalDate().equals(yesterday)) {
            return phrase("yesterday", time, Map.of());
        }
        if (age.toDays() < 5) {
            return phrase("%(weekday)s", time, Map.of("weekday", weekday(local)));
        }
        return dated(local, time, false);
    }

    private String ago(long seconds) {
        if (seconds < 50) {
            return counted("1 second ago", "%(seconds)d seconds ago", "seconds", seconds);
        }
        if (seconds < 50 * 60) {
            long minutes = Math.round(seconds / 60.0);
            return counted("1 minute ago", "%(minutes)d minutes ago", "minutes", minutes);
        }
        long hours = Math.round(seconds / 3600.0);
        return counted("1 hour ago", "%(hours)d hours ago", "hours", hours);
    }

    private String counted(String one, String several, String name, long count) {
        return filled(locale.translate(one, several, count), Map.of(name, Long.toString(count)));
    }

    String day(ZonedDateTime day, boolean withWeekday) {
        var message =
                withWeekday ? "%(weekday)s, %(month_name)s %(day)s" : "%(month_name)s %(day)s";
        var written = known(message);
        return written != null
                ? filled(written, parts(day))
                : localized(withWeekday ? "MMMMEEEEd" : "MMMMd").format(day);
    }

    private String dated(ZonedDateTime day, @Nullable String time, boolean withYear) {
        var message = withYear ? "%(month_name)s %(day)s, %(year)s" : "%(month_name)s %(day)s";
        var written = known(time == null ? message : message + " at %(time)s");
        if (written != null) {
            var parts = new HashMap<>(parts(day));
            parts.put("time", time == null ? "" : time);
            return filled(written, parts);
        }
        if (withYear && time != null) {
            return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
                    .withLocale(java)
                    .format(day);
        }
        var date =
                withYear
                        ? DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                                .withLocale(java)
                                .format(day)
                        : localized("MMMMd").format(day);
        return time == null ? date : date + ", " + time;
    }

    /** A message that is worth translating even without its time, and with it if there is one. */
    private String phrase(String message, @Nullable String time, Map<String, String> parts) {
        if (time == null) {
            return filled(locale.translate(message), parts);
        }
        var all = new HashMap<>(parts);
        all.put("time", time);
        var whole = known(message + " at %(time)s");
        return whole != null
                ? filled(whole, all)
                : filled(locale.translate(message), parts) + ", " + time;
    }

    /** What to write for a message; null if the JDK knows better. */
    private @Nullable String known(String message) {
        var translated = locale.catalogue().find(null, message);
        return translated != null ? translated : isAmerican() ? message : null;
    }

    private boolean isAmerican() {
        return locale.code().equals("en") || locale.code().equals("en_US");
    }

    private Map<String, String> parts(ZonedDateTime day) {
        return Map.of(
                "month_name", day.getMonth().getDisplayName(TextStyle.FULL, java),
                "weekday", weekday(day),
                "day", Integer.toString(day.getDayOfMonth()),
                "year", Integer.toString(day.getYear()));
    }

    private String weekday(ZonedDateTime day) {
        return day.getDayOfWeek().getDisplayName(TextStyle.FULL_STANDALONE, java);
    }

    /** The time of day; Tornado's choices for English and Chinese, the JDK's for all others. */
    private String time(ZonedDateTime day) {
        if (isAmerican()) {
            return DateTimeFormatter.ofPattern("h:mm a", Locale.US).format(day).toLowerCase(java);
        }
        var pattern =
                locale.code().equals("zh_CN")
                        ? "ah:mm"
                        : DateTimeFormatterBuilder.getLocalizedDateTimePattern(
                                null, FormatStyle.SHORT, IsoChronology.INSTANCE, java);
        return DateTimeFormatter.ofPattern(pattern, java).format(day);
    }

    private DateTimeFormatter localized(String template) {
        return DateTimeFormatter.ofLocalizedPattern(template).withLocale(java);
    }

    private static String filled(String message, Map<String, String> values) {
        return SLOT.matcher(message)
                .replaceAll((MatchResult slot) ->
                        Matcher.quoteReplacement(values.getOrDefault(slot.group(1), slot.group())));
    }
}
