package whirlwind.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT1S, 1 s",
        "PT1.5S, 1.5 s",
        "PT59.999999999S, 59.999999999 s",
        "PT60S, 1 min",
        "PT90S, 90 s",
        "PT30M, 30 min",
        "PT90M, 90 min",
        "PT24H, 1 day",
        "PT25H, 25 h",
        "P36500D, 36500 days",
        "PT0.25S, 250 ms",
        "PT0.0005S, 0.5 ms",
        "PT0.000000001S, 0.000001 ms",
        "PT-1S, -1 s",
        "PT-0.001S, -1 ms",
        "PT-1.5S, -1.5 s",
        "PT-2H, -2 h",
        "PT9223372036854775807.999999999S, 9223372036854775807.999999999 s",
    })
    void aDurationIsSaidInItsLargestUnitAndNotRounded(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
