package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class PreferenceTest {
    @Test
    void elementsComeInTheirOrderWithTheirWeights() {
        assertThat(
                        Preference.parseList(
                                "text/html, application/xml;charset=utf-8 ; q=0.9 ,*/*;Q=0.8,"))
                .containsExactly(
                        new Preference("text/html", 1000),
                        new Preference("application/xml", 900),
                        new Preference("*/*", 800));
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1000", "a;q=1, 1000", "a;q=1.000, 1000", "a;q=0, 0", "a;q=0.5, 500", "a;q=0.123, 123",
        "a;q=0.001, 1", "a;q=1., 1000", "a;q=, 0", "a;q=2, 0", "a;q=-1, 0", "a;q=1.001, 0",
        "a;q=0.1234, 0", "a;q=x, 0", "a;q=0x5, 0", "a;level=1, 1000", "a;level=1;q=0.2, 200"
    })
    void aWeightIsAThousandfoldAndNothingIfMalformed(String element, int weight) {
        assertThat(Preference.parseList(element)).containsExactly(new Preference("a", weight));
    }

    @Test
    void nothingIsNoPreference() {
        assertThat(Preference.parseList("")).isEmpty();
        assertThat(Preference.parseList(" , ;q=1, ")).isEmpty();
    }
}
