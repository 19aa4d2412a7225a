package whirlwind.escape;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class UrlTest {
    @Test
    void formsWriteASpaceAsPlusAndPathsAsPercent20() {
        assertThat(Url.escape("+ #%")).isEqualTo("%2B+%23%25");
        assertThat(Url.escapePath("+ #%")).isEqualTo("%2B%20%23%25");
        assertThat(Url.unescape("%2B+%23%25")).isEqualTo("+ #%");
        assertThat(Url.unescapePath("%2B%20%23%25")).isEqualTo("+ #%");
    }

    @Test
    void pathsKeepSlashesAndFormsDoNot() {
        assertThat(Url.escapePath("a/b~c")).isEqualTo("a/b~c");
        assertThat(Url.escape("a/b~c")).isEqualTo("a%2Fb~c");
    }

    @Test
    void plusInAPathIsAPlus() {
        assertThat(Url.unescapePath("a+b")).isEqualTo("a+b");
        assertThat(Url.unescape("a+b")).isEqualTo("a b");
    }

    @Test
    void charactersBeyondAsciiAreUtf8() {
        assertThat(Url.escape("\u00e9")).isEqualTo("%C3%A9");
        assertThat(Url.unescape("%C3%A9")).isEqualTo("\u00e9");
        assertThat(Url.unescape("\u00e9%20")).isEqualTo("\u00e9 ");
    }

    @Test
    void aUrlKeepsWhatIsAsciiInAHeader() {
        assertThat(Url.toAscii("/a b?c=%20&d#é世")).isEqualTo("/a b?c=%20&d#%C3%A9%E4%B8%96");
        assertThat(Url.toAscii("/a b?c=%20&d#e")).isEqualTo("/a b?c=%20&d#e");
    }

    @Test
    void aLocalPathLeadsToNoOtherHost() {
        assertThat(List.of("/", "/a//b?c=%2F#d", "/.//x", "/%5Cx")).allMatch(Url::isLocalPath);
        assertThat(
                        List.of(
                                "",
                                "a",
                                "//evil.example",
                                "/\\evil.example",
                                "https://evil.example",
                                "/\t/evil.example",
                                "/ü",
                                "/a b",
                                "javascript:x"))
                .noneMatch(Url::isLocalPath);
    }

    @Test
    void otherCharsetsAreReadOnRequest() {
        assertThat(Url.unescape("%C3%A9", ISO_8859_1)).isEqualTo("\u00c3\u00a9");
        assertThat(Url.unescape("%C3%A9".getBytes(UTF_8), true))
                .isEqualTo(new byte[] {(byte) 0xC3, (byte) 0xA9});
    }

    @Test
    void unescapedBytesOfTheWireAreReadAsWhatTheyAre() {
        assertThat(Url.unescapeWire("\u00c3\u00a9", UTF_8)).isEqualTo("\u00e9");
        assertThat(Url.unescapeWirePath("\u00c3\u00a9+%2F")).isEqualTo("\u00e9+/");
    }

    @ParameterizedTest
    @CsvSource({"%, %", "%4, %4", "%zz, %zz", "100%, 100%", "%%41, %A", "%4g1, %4g1"})
    void aPercentSignWithoutTwoDigitsStandsForItself(String escaped, String text) {
        assertThat(Url.unescape(escaped)).isEqualTo(text);
    }

    @Test
    void malformedUtf8IsReportedWithItsPlace() {
        assertThatThrownBy(() -> Url.unescape("ab%E9"))
                .isInstanceOf(MalformedTextException.class)
                .hasMessage("malformed UTF-8: 0xE9 at byte 2");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost/path, http://localhost/path?y=y&z=z",
        "http://localhost/path?, http://localhost/path?y=y&z=z",
        "http://localhost/path?x, http://localhost/path?x=&y=y&z=z",
        "http://localhost/path?x&, http://localhost/path?x=&y=y&z=z",
        "http://localhost/path?a=1&b=2, http://localhost/path?a=1&b=2&y=y&z=z",
        "http://localhost/path?r=1&t=2, http://localhost/path?r=1&t=2&y=y&z=z",
        "http://localhost/path#tab, http://localhost/path?y=y&z=z#tab",
        "http://localhost/path?x=a%20b#t?, http://localhost/path?x=a+b&y=y&z=z#t?",
    })
    void concatAddsArgumentsBehindThoseThatAreThere(String url, String expected) {
        assertThat(Url.concat(url, List.of(Map.entry("y", "y"), Map.entry("z", "z"))))
                .isEqualTo(expected);
    }

    @Test
    void concatKeepsRepeatedNamesAndEscapes() {
        assertThat(
                        Url.concat(
                                "http://localhost/path?r=1&t=2",
                                List.of(Map.entry("y", "/y"), Map.entry("y", "z&"))))
                .isEqualTo("http://localhost/path?r=1&t=2&y=%2Fy&y=z%26");
    }

    @Test
    void concatOfNothingChangesNothing() {
        assertThat(Url.concat("http://localhost/path?r=1&t=2", Map.of()))
                .isEqualTo("http://localhost/path?r=1&t=2");
    }

    @Property
    void whatIsEscapedReadsBack(@ForAll String text) {
        var wellFormed = new String(text.getBytes(UTF_8), UTF_8); // without lone surrogates
        assertThat(Url.unescape(Url.escape(wellFormed))).isEqualTo(wellFormed);
        assertThat(Url.unescapePath(Url.escapePath(wellFormed))).isEqualTo(wellFormed);
    }
}
