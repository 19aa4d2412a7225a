package whirlwind.realtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class TopicPatternTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "room.1", "user:7/inbox", "A-Z_0.9", "*", "**", "a.*.b.**"})
    void namesAndPatternsAreTaken(String text) {
        assertThat(new TopicPattern(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a.", ".a", "a..b", "a b", "ä", "a*", "*a", "***", "**.a", "a\n"})
    void othersAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TopicPattern(text));
    }

    @Test
    void namesHaveALimit() {
        assertThat(new TopicPattern("x".repeat(255)).isTopic()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPattern("x".repeat(256)))
                .withMessage("topic: 256 characters (expected 1 to 255)");
    }

    @Test
    void aPatternIsNoTopic() {
        assertThat(TopicPattern.topic("a.b").isTopic()).isTrue();
        assertThat(new TopicPattern("a.*").isTopic()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> TopicPattern.topic("a.*"));
    }

    @ParameterizedTest
    @CsvSource({
        "a.b, a.b, true",
        "a.b, a.c, false",
        "a.b, a.b.c, false",
        "a.*, a.b, true",
        "a.*, a, false",
        "a.*, a.b.c, false",
        "*.b, a.b, true",
        "*, a, true",
        "*, a.b, false",
        "**, a, true",
        "**, a.b.c, true",
        "a.**, a, false",
        "a.**, a.b, true",
        "a.**, a.b.c, true",
        "a.*.c, a.b.c, true",
        "a.*.c, a.b.d, false",
        "*.*, a.b, true",
        "*.*, a, false",
        "ab.*, a.b, false"
    })
    void patternsMatchWholeSegments(String pattern, String topic, boolean matches) {
        assertThat(new TopicPattern(pattern).matches(topic)).isEqualTo(matches);
    }
}
