package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class ByteRangeTest {
    /** Of the 26 letters. */
    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, bytes 0-9/26",
        "bytes=0-, bytes 0-25/26",
        "bytes=0-10000000, bytes 0-25/26",
        "bytes=1-10000000, bytes 1-25/26",
        "bytes=22-, bytes 22-25/26",
        "bytes=-4, bytes 22-25/26",
        "bytes=-10000000, bytes 0-25/26",
        "bytes=-99999999999999999999, bytes 0-25/26",
        "' Bytes = 1 - 2 ', bytes 1-2/26",
        "bytes=25-25, bytes 25-25/26",
    })
    void aRangeIsCutToFit(String header, String expected) {
        assertThat(of(header, 26)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=26-", "bytes=-0", "bytes=10-3", "bytes=99999999999999999999-"})
    void aRangeWithoutAByteIsUnsatisfiable(String header) {
        assertThat(ByteRange.parse(header)).isNotNull();
        assertThat(of(header, 26)).isNull();
        assertThat(ContentRange.unsatisfied(26)).isEqualTo("bytes */26");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "asdf",
                "foo=42",
                "bytes=",
                "bytes=-",
                "bytes=26",
                "bytes=1-2,6-10",
                "bytes=--3",
                "bytes=1--3",
                "bytes=+1-2",
                "bytes=a-b",
                "bytes=0x1-2"
            })
    void whatIsNotOneRangeOfBytesIsIgnored(String header) {
        assertThat(ByteRange.parse(header)).isNull();
    }

    @Test
    void nothingHasNoRange() {
        assertThat(of("bytes=0-", 0)).isNull();
        assertThat(of("bytes=-5", 0)).isNull();
    }

    @Test
    void aContentRangeKnowsItsLengthAndWhetherItIsAll() {
        assertThat(new ContentRange(1, 2, 4).length()).isEqualTo(2);
        assertThat(new ContentRange(1, 2, 4).isWhole()).isFalse();
        assertThat(new ContentRange(0, 3, 4).isWhole()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new ContentRange(2, 1, 4));
    }

    private static ContentRange of(String header, long total) {
        var range = ByteRange.parse(header);
        assertThat(range).isNotNull();
        return range.of(total);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-9 | 0-9",
                "bytes=0-9,20-29 | 0-9 20-29",
                "bytes = 0-9 , , -5 | 0-9 95-99",
                "bytes=90-,200- | 90-99 none",
                "bytes=0-9,x | ''",
                "bytes=, | ''",
                "lines=0-9,20-29 | ''",
                "0-9,20-29 | ''",
            })
    void aSetHasItsRangesInTheirOrder(String header, String of100) {
        var ranges = new StringJoiner(" ");
        for (var range : ByteRange.parseSet(header)) {
            var part = range.of(100);
            ranges.add(part == null ? "none" : part.first() + "-" + part.last());
        }
        assertThat(ranges).hasToString(of100);
    }

    @Test
    void aSetIsNotTooLarge() {
        var most = "bytes=" + "0-0,".repeat(ByteRange.MAX_RANGES - 1) + "0-0";
        assertThat(ByteRange.parseSet(most)).hasSize(ByteRange.MAX_RANGES);
        assertThat(ByteRange.parseSet(most + ",0-0")).isEmpty();
    }
}
