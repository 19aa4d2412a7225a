package whirlwind.web.locale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.testing.VirtualTime;

class UserLocaleTest {
    private static final Instant NOW = Instant.parse("2013-04-28T18:35:00Z");

    private static UserLocale locale(String code) {
        return new UserLocale(code, Catalogue.EMPTY);
    }

    private static String date(String code, Duration ago, DateStyle style) {
        return locale(code).formatDate(NOW.minus(ago), NOW, style);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT0S | 0 seconds ago",
                "PT1S | 1 second ago",
                "PT2S | 2 seconds ago",
                "PT49S | 49 seconds ago",
                "PT50S | 1 minute ago",
                "PT2M | 2 minutes ago",
                "PT49M59S | 50 minutes ago",
                "PT50M | 1 hour ago",
                "PT2H | 2 hours ago",
                "PT23H59M | 24 hours ago",
                "PT-30S | 0 seconds ago",
                "P1D | yesterday at 6:35 pm",
                "P2D | Friday at 6:35 pm",
                "P4D | Wednesday at 6:35 pm",
                "P5D | April 23 at 6:35 pm",
                "P300D | July 2 at 6:35 pm",
                "P333D | May 30 at 6:35 pm",
                "P334D | May 29, 2012 at 6:35 pm",
                "P500D | December 15, 2011 at 6:35 pm",
                "PT-90S | April 28, 2013 at 6:36 pm",
                "P-2D | April 30, 2013 at 6:35 pm",
            })
    void datesAreSaidAsSeenFromNow(Duration ago, String expected) {
        assertThat(date("en_US", ago, DateStyle.DEFAULT)).isEqualTo(expected);
    }

    @Test
    void stylesLeaveOutOrSayMore() {
        var day = Duration.ofDays(1);
        var absolute = DateStyle.DEFAULT.absolute();
        var full = DateStyle.DEFAULT.inFull();
        assertThat(date("en", day, DateStyle.DEFAULT.withoutTime())).isEqualTo("yesterday");
        assertThat(date("en", day.multipliedBy(2), DateStyle.DEFAULT.withoutTime()))
                .isEqualTo("Friday");
        assertThat(date("en", day.multipliedBy(300), DateStyle.DEFAULT.withoutTime()))
                .isEqualTo("July 2");
        assertThat(date("en", day.multipliedBy(500), DateStyle.DEFAULT.withoutTime()))
                .isEqualTo("December 15, 2011");
        assertThat(date("en", Duration.ofHours(2), absolute)).isEqualTo("4:35 pm");
        assertThat(date("en", day, absolute)).isEqualTo("Saturday at 6:35 pm");
        assertThat(date("en", Duration.ofSeconds(2), full)).isEqualTo("April 28, 2013 at 6:34 pm");
    }

    @Test
    void datesAreThoseOfTheReadersZone() {
        var tokyo = DateStyle.DEFAULT.inFull().in(ZoneId.of("Asia/Tokyo"));
        assertThat(date("en_US", Duration.ZERO, tokyo)).isEqualTo("April 29, 2013 at 3:35 am");
        assertThat(locale("en_US").formatDay(NOW, ZoneOffset.ofHours(9), true))
                .isEqualTo("Monday, April 29");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en_GB | 28 April 2013, 18:35 | 2 July, 18:35 | 28 April",
                "de_DE | 28. April 2013, 18:35 | 2. Juli, 18:35 | 28. April",
                "es | 28 de abril de 2013, 18:35 | 2 de julio, 18:35 | 28 de abril",
                "ja_JP | 2013\u5e744\u670828\u65e5 18:35 | 7\u67082\u65e5, 18:35 | 4\u670828\u65e5",
            })
    void otherLanguagesHaveTheirOwnOrderNamesAndClock(
            String code, String full, String monthAgo, String day) {
        assertThat(date(code, Duration.ZERO, DateStyle.DEFAULT.inFull())).isEqualTo(full);
        assertThat(date(code, Duration.ofDays(300), DateStyle.DEFAULT)).isEqualTo(monthAgo);
        assertThat(locale(code).formatDay(NOW, ZoneOffset.UTC, false)).isEqualTo(day);
    }

    @Test
    void timesHaveTwelveHoursWhereTheLanguageDoes() {
        var absolute = DateStyle.DEFAULT.absolute();
        assertThat(date("en", Duration.ZERO, absolute)).isEqualTo("6:35 pm");
        assertThat(date("en_GB", Duration.ZERO, absolute)).isEqualTo("18:35");
        assertThat(date("zh_CN", Duration.ZERO, absolute)).isEqualTo("\u4e0b\u53486:35");
        assertThat(date("fr", Duration.ZERO, absolute)).isEqualTo("18:35");
    }

    @Test
    void aCataloguesPhrasesComeBeforeTheJdks() {
        var german =
                new UserLocale(
                        "de",
                        Catalogue.csv(
                                """
                                1 hour ago,vor einer Stunde,singular
                                %(hours)d hours ago,vor %(hours)d Stunden,plural
                                yesterday at %(time)s,gestern um %(time)s
                                %(weekday)s,am %(weekday)s
                                "%(month_name)s %(day)s, %(year)s at %(time)s",am %(day)s. %(month_name)s %(year)s um %(time)s
                                """));
        var relative = DateStyle.DEFAULT;
        assertThat(german.formatDate(NOW.minus(Duration.ofHours(1)), NOW, relative))
                .isEqualTo("vor einer Stunde");
        assertThat(german.formatDate(NOW.minus(Duration.ofHours(3)), NOW, relative))
                .isEqualTo("vor 3 Stunden");
        assertThat(german.formatDate(NOW.minus(Duration.ofDays(1)), NOW, relative))
                .isEqualTo("gestern um 18:35");
        assertThat(german.formatDate(NOW.minus(Duration.ofDays(2)), NOW, relative))
                .isEqualTo("am Freitag, 18:35");
        assertThat(german.formatDate(NOW, NOW, relative.inFull()))
                .isEqualTo("am 28. April 2013 um 18:35");
    }

    @Test
    void nowIsWhatTheLoopsClockSays() {
        var text =
                new VirtualTime()
                        .run(() -> {
                            var start = IOLoop.current().time();
                            Async.sleep(Duration.ofMinutes(3));
                            return locale("en").formatDate(start);
                        });
        assertThat(text).isEqualTo("3 minutes ago");
    }

    @Test
    void daysHaveTheirWeekday() {
        assertThat(locale("en").formatDay(NOW)).isEqualTo("Sunday, April 28");
        assertThat(locale("en").formatDay(NOW, ZoneOffset.UTC, false)).isEqualTo("April 28");
    }

    @Test
    void listsAreEnumeratedAsTheLanguageDoes() {
        var english = locale("en_US");
        assertThat(english.list(List.of())).isEmpty();
        assertThat(english.list(List.of("A"))).isEqualTo("A");
        assertThat(english.list(List.of("A", "B"))).isEqualTo("A and B");
        assertThat(english.list(List.of("A", "B", "C"))).isEqualTo("A, B, and C");
        assertThat(locale("de").list(List.of("A", "B", "C"))).isEqualTo("A, B und C");
        assertThat(locale("fa").list(List.of("A", "B"))).contains("\u0648");
    }

    @Test
    void numbersHaveTheLanguagesSeparators() {
        assertThat(locale("en_US").friendlyNumber(1_000_000)).isEqualTo("1,000,000");
        assertThat(locale("de").friendlyNumber(1_000_000)).isEqualTo("1.000.000");
        assertThat(locale("de").friendlyNumber(0.5)).isEqualTo("0,5");
    }

    @Test
    void aLanguageKnowsItsNameAndDirection() {
        assertThat(locale("es").name()).isEqualTo("Espa\u00f1ol");
        assertThat(locale("es_ES").name()).isEqualTo("Espa\u00f1ol (Espa\u00f1a)");
        assertThat(Map.of("ar", true, "fa", true, "he", true, "ur", true, "en", false, "ja", false))
                .allSatisfy((code, rightToLeft) ->
                        assertThat(locale(code).isRightToLeft()).as(code).isEqualTo(rightToLeft));
    }
}
