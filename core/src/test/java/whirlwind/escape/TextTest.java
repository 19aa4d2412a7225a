package whirlwind.escape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import whirlwind.testing.OneEngine;

@OneEngine
class TextTest {
    @Test
    void squeezeLeavesOneSpaceBetweenWordsAndNoneAround() {
        assertThat(Text.squeeze("  sequences     of \t\n\0 whitespace   chars "))
                .isEqualTo("sequences of whitespace chars");
        assertThat(Text.squeeze(" \t ")).isEmpty();
    }

    @Test
    void quotedTextCannotForgeALogLine() {
        assertThat(Text.quoted("a\r\nb\t\"c\"\\\u0000\u0085\u2028"))
                .isEqualTo("\"a\\r\\nb\\t\\\"c\\\"\\\\\\u0000\\u0085\\u2028\"");
    }

    @Test
    void aMessageIsOneLineHoweverMuchOfAPeersWordsIsInIt() {
        assertThat(Text.oneLine("no \"a\\b\"")).isEqualTo("no \"a\\b\"");
        assertThat(Text.oneLine("a\r\nb\u001b\u2028")).isEqualTo("a\\r\\nb\\u001b\\u2028");
        assertThat(Text.oneLine("x".repeat(1001)))
                .isEqualTo("x".repeat(1000) + "... (1001 characters)");
    }

    @Test
    void quotedTextIsCutAndSaysHowLongItWas() {
        assertThat(Text.quoted("x".repeat(1000)))
                .isEqualTo("\"" + "x".repeat(100) + "\"... (1000 characters)");
    }
}
