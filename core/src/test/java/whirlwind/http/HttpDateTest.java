package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HttpDateTest {
    private static final Instant INSTANT = Instant.parse("1994-11-06T08:49:37Z");

    @Test
    void formatsAsImfFixdate() {
        assertThat(HttpDate.format(INSTANT)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(Instant.ofEpochSecond(1359312200, 999_999_999)))
                .isEqualTo("Sun, 27 Jan 2013 18:43:20 GMT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994"
            })
    void readsTheFormThatIsCurrentAndTheTwoThatAreNot(String text) {
        assertThat(HttpDate.parse(text)).isEqualTo(INSTANT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "asdf",
                "1994-11-06",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Xyz 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 GMT ",
                "Sun Nov 00 08:49:37 1994"
            })
    void whatIsNoDateIsNull(String text) {
        assertThat(HttpDate.parse(text)).isNull();
    }

    @Test
    void twoDigitYearsTurnAtSeventy() {
        assertThat(HttpDate.parse("Thursday, 01-Jan-70 00:00:00 GMT")).isEqualTo(Instant.EPOCH);
        assertThat(HttpDate.parse("Tuesday, 01-Jan-69 00:00:00 GMT"))
                .isEqualTo(Instant.parse("2069-01-01T00:00:00Z"));
    }

    @Test
    void aLeapSecondIsTheOneBefore() {
        assertThat(HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT"))
                .isEqualTo(Instant.parse("2016-12-31T23:59:59Z"));
    }

    @Test
    void yearsHaveFourDigits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpDate.format(Instant.parse("+10000-01-01T00:00:00Z")));
    }

    @Property
    void everySecondReadsBackAndLooksAsTheJdkWritesIt(
            @ForAll @LongRange(min = 0, max = 253402300799L) long second) {
        var instant = Instant.ofEpochSecond(second);
        var text = HttpDate.format(instant);

        assertThat(HttpDate.parse(text)).isEqualTo(instant);
        var oneDigitDays =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
        assertThat(text.replaceFirst(", 0", ", ")).isEqualTo(oneDigitDays);
    }
}
