package whirlwind.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class Utf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "\u00e9", "\u20ac", "\ud83c\udf00", "\ufffd"})
    void wellFormedTextReadsBack(String text) {
        assertThat(Utf8.decode(Utf8.encode(text))).isEqualTo(text);
    }

    @Test
    void malformedInputIsReportedWithItsPlaceAndNotReplaced() {
        byte[] bytes = {'a', 'b', (byte) 0xC3, 'c'};

        assertThatThrownBy(() -> Utf8.decode(bytes))
                .isInstanceOfSatisfying(
                        MalformedTextException.class, e -> assertThat(e.offset()).isEqualTo(2))
                .hasMessage("malformed UTF-8: 0xC3 at byte 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080",
                "\u00c0\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f5\u0080\u0080\u0080",
                "a\u00e2\u0082",
                "\u00ef\u00bf\u00bd\u00ff"
            })
    void strayOverlongSurrogateAndCutSequencesAreMalformed(String bytesAsLatin1) {
        var bytes = bytesAsLatin1.getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Utf8.decode(bytes)).isInstanceOf(MalformedTextException.class);
    }

    @Test
    void aRangeIsDecodedAloneAndItsOffsetsCountFromItsStart() {
        byte[] bytes = {(byte) 0xFF, 'a', 'b', (byte) 0xFF};

        assertThat(Utf8.decode(bytes, 1, 2)).isEqualTo("ab");
        assertThatThrownBy(() -> Utf8.decode(bytes, 1, 3))
                .hasMessage("malformed UTF-8: 0xFF at byte 2");
    }
}
