package whirlwind.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.escape.Url;
import whirlwind.testing.OneEngine;

@OneEngine
class FormsTest {
    @Test
    void queriesKeepOrderRepeatsAndBlanks() {
        assertThat(Forms.parseQuery("b=1&a=x+y%26&b=&&flag&=v&c=d=e;f=g"))
                .containsExactly(
                        Map.entry("b", List.of("1", "")),
                        Map.entry("a", List.of("x y&")),
                        Map.entry("flag", List.of("")),
                        Map.entry("", List.of("v")),
                        Map.entry("c", List.of("d=e;f=g")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "&&"})
    void nothingIsNoArguments(String query) {
        assertThat(Forms.parseQuery(query)).isEmpty();
    }

    @Test
    void argumentsBecomePairsAndAQueryAgain() {
        var pairs = Forms.pairs(Forms.parseQuery("a=1&b=x+y&a=2"));

        assertThat(pairs)
                .containsExactly(Map.entry("a", "1"), Map.entry("a", "2"), Map.entry("b", "x y"));
        assertThat(Url.concat("/p", pairs)).isEqualTo("/p?a=1&a=2&b=x+y");
    }

    @Test
    void otherCharsetsAreReadOnRequest() {
        var gbk = Charset.forName("GBK");

        assertThat(Forms.parseQuery("q=%D6%D0", gbk, FormLimits.DEFAULTS))
                .isEqualTo(Map.of("q", List.of("\u4e2d")));
    }

    @Test
    void argumentsAreCounted() {
        var limits = new FormLimits(true, 1, 1, 3, 1 << 20);

        assertThat(Forms.parseQuery("a&b&c", UTF_8, limits)).hasSize(3);
        assertThatThrownBy(() -> Forms.parseQuery("a&b&c&d", UTF_8, limits)).satisfies(status(413));
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8",
        "Application/X-WWW-Form-Urlencoded",
    })
    void urlencodedBodiesAreForms(String contentType) {
        var form =
                Forms.parseBody(
                        Headers.of("Content-Type", contentType),
                        "a=1&b=".getBytes(UTF_8),
                        UTF_8,
                        FormLimits.DEFAULTS);

        assertThat(form.arguments()).isEqualTo(Map.of("a", List.of("1"), "b", List.of("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "multipart/form-dataxyz; boundary=1234",
                "text/plain",
                ""
            })
    void otherBodiesAreNone(String contentType) {
        var headers = Headers.of("Content-Type", contentType, "Content-Encoding", "gzip");

        assertThat(Forms.parseBody(headers, "a=1".getBytes(UTF_8), UTF_8, FormLimits.DEFAULTS))
                .isSameAs(FormData.EMPTY);
        assertThat(
                        Forms.parseBody(
                                new Headers(), "a=1".getBytes(UTF_8), UTF_8, FormLimits.DEFAULTS))
                .isSameAs(FormData.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded", "multipart/form-data; boundary=1234"})
    void encodedFormsAreNotSupported(String contentType) {
        var headers = Headers.of("Content-Type", contentType, "Content-Encoding", "gzip");

        assertThatThrownBy(() -> Forms.parseBody(headers, new byte[0], UTF_8, FormLimits.DEFAULTS))
                .satisfies(status(415));
    }

    @Test
    void partsBecomeFilesAndArguments() {
        var form =
                multipart(
                        """
                        --1234
                        Content-Disposition: form-data; name="files"; filename="ab.txt"
                        Content-Type: text/plain

                        Foo
                        --1234
                        Content-Disposition: form-data; name=title

                        two
                        lines
                        --1234
                        content-disposition: FORM-DATA; name="title"

                        \u00c3\u00a9
                        --1234
                        Content-Disposition: form-data; name="files"; filename="empty"


                        --1234
                        Content-Disposition: form-data; name="none"; filename=""


                        --1234--
                        whatever\
                        """);

        assertThat(form.arguments())
                .isEqualTo(Map.of("title", List.of("two\r\nlines", "\u00e9"), "none", List.of("")));
        var files = form.files().get("files");
        assertThat(files).hasSize(2);
        assertThat(files.getFirst())
                .hasToString("HttpFile[filename=ab.txt, contentType=text/plain, body=3 bytes]");
        assertThat(files.getFirst().body()).isEqualTo("Foo".getBytes(UTF_8));
        assertThat(files.getLast())
                .hasToString(
                        "HttpFile[filename=empty, contentType=application/unknown, body=0 bytes]");
    }

    @Test
    void bodiesMayBeAnyBytes() {
        var bytes =
                IntStream.range(0, 256)
                        .mapToObj(i -> String.valueOf((char) i))
                        .collect(Collectors.joining());
        var body = bytes + "\r\n--123\r\n--12345\r\n\r\n-- 1234--";

        var form = parse("1234", file("f", "a.bin", body) + "--1234--");

        assertThat(form.files().get("f").getFirst().body()).isEqualTo(body.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a;b.txt",
                "a\"b.txt",
                "a\";b.txt",
                "a;\"b.txt",
                "a\";\";.txt",
                "a\\\"b.txt",
                "a\\b.txt",
                "a b.txt",
                "a\tb.txt"
            })
    void fileNamesMayHaveWhatSeparatesElsewhere(String filename) {
        var quoted = '"' + filename.replace("\\", "\\\\").replace("\"", "\\\"") + '"';

        var form =
                parse(
                        "1234",
                        "--1234\r\nContent-Disposition: form-data; name=f; filename="
                                + quoted
                                + "\r\n\r\nFoo\r\n--1234--");

        assertThat(form.files().get("f").getFirst().filename()).isEqualTo(filename);
    }

    @Test
    void fileNamesBeyondAsciiComeRawOrEncoded() {
        var raw = new String("\u6d4b\u8bd5.txt".getBytes(UTF_8), ISO_8859_1);

        assertThat(
                        parse("1234", file("f", raw, "x") + "--1234--")
                                .files()
                                .get("f")
                                .getFirst()
                                .filename())
                .isEqualTo("\u6d4b\u8bd5.txt");
        assertThat(
                        parse(
                                        "1234",
                                        "--1234\r\nContent-Disposition: form-data; name=f; filename=\"ab.txt\"; filename*=UTF-8''%C3%A1b.txt\r\n\r\nFoo\r\n--1234--")
                                .files()
                                .get("f")
                                .getFirst()
                                .filename())
                .isEqualTo("\u00e1b.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb.txt", "a\u0000b.txt", "a\u0008b.txt", "a\nb.txt", "a\u007fb"})
    void fileNamesWithControlCharactersAreRefused(String filename) {
        assertThatThrownBy(() -> parse("1234", file("f", filename, "x") + "--1234--"))
                .satisfies(status(400));
    }

    @Test
    void theBoundaryMayBeQuoted() {
        assertThat(
                        parse(
                                        "\"12 34\"",
                                        "--12 34\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--12 34--")
                                .arguments())
                .isEqualTo(Map.of("a", List.of("b")));
    }

    @Test
    void aFormWithoutPartsIsEmpty() {
        assertThat(parse("foo", "--foo--\r\n")).isEqualTo(FormData.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                                           | does not start with its boundary",
                "preamble\\n--1234--                                                          | does not start with its boundary",
                "--1234                                                                       | does not start with its boundary",
                "--1234x\\n                                                                   | does not start with its boundary",
                "--1234\\n\\nFoo\\n--1234--                                                   | part without headers",
                "--1234\\nContent-Disposition: form-data; name=a\\n\\nFoo--1234--             | last boundary is missing",
                "--1234\\nContent-Disposition: form-data; name=a\\n\\nFoo\\n--1234-           | last boundary is missing",
                "--1234\\nContent-Disposition: form-data; name=a\\n\\nFoo                     | last boundary is missing",
                "--1234\\nContent-Disposition: invalid; name=a\\n\\nFoo\\n--1234--            | part with disposition \"invalid\"",
                "--1234\\nX: y\\n\\nFoo\\n--1234--                                            | part with disposition \"\"",
                "--1234\\nContent-Disposition: form-data; filename=a\\n\\nFoo\\n--1234--      | part without a name",
                "--1234\\nno colon\\n\\nFoo\\n--1234--                                        | part header \"no colon\"",
                "--1234\\nA : b\\n\\nFoo\\n--1234--                                           | part header \"A : b\"",
            })
    void malformedMultipartIsThePeersFault(String body, String why) {
        assertThatThrownBy(() -> parse("1234", body.replace("\\n", "\r\n")))
                .satisfies(status(400))
                .hasMessage("multipart/form-data: " + why);
    }

    @Test
    void partsThatAreNotUtf8AreRefused() {
        assertThatThrownBy(() ->
                        parse(
                                "1234",
                                "--1234\r\nContent-Disposition: form-data; name=a\r\n\r\n\u00e9\r\n--1234--"))
                .satisfies(status(400));
        assertThatThrownBy(() -> parse("1234", file("f", "\u00e9", "x") + "--1234--"))
                .satisfies(status(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary=",
                "multipart/form-data; boundary"
            })
    void aBoundaryIsRequired(String contentType) {
        assertThatThrownBy(() ->
                        Forms.parseBody(
                                Headers.of("Content-Type", contentType),
                                new byte[0],
                                UTF_8,
                                FormLimits.DEFAULTS))
                .satisfies(status(400));
    }

    /** One that is long and repeats itself would be compared at every byte of the body. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "boundary*=utf-8''x%0D%0A--x%0D%0A--",
                "boundary*=utf-8''a%00b",
                "boundary=\"a\tb\"",
                "boundary=\u00e9",
                "boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void aBoundaryHasNoControlsAndAtMostSeventyCharacters(String boundary) {
        assertThatThrownBy(() ->
                        Forms.parseBody(
                                Headers.of("Content-Type", "multipart/form-data; " + boundary),
                                new byte[0],
                                UTF_8,
                                FormLimits.DEFAULTS))
                .satisfies(status(400))
                .hasMessageContaining("boundary");
    }

    @Test
    void partsAndTheirHeadersAreLimited() {
        var body = file("a", "b", "c").repeat(3) + "--1234--";

        assertThat(parse("1234", body, new FormLimits(true, 3, 1000, 1, 1 << 20)).files().get("a"))
                .hasSize(3);
        assertThatThrownBy(() -> parse("1234", body, new FormLimits(true, 2, 1000, 1, 1 << 20)))
                .satisfies(status(413));
        assertThatThrownBy(() -> parse("1234", body, new FormLimits(true, 3, 50, 1, 1 << 20)))
                .satisfies(status(413));
        assertThatThrownBy(() -> parse("1234", body, new FormLimits(false, 3, 1000, 1, 1 << 20)))
                .satisfies(status(415));
    }

    @Test
    void limitsArePositive() {
        assertThatThrownBy(() -> new FormLimits(true, 0, 1, 1, 1 << 20))
                .hasMessage("maxParts: 0 (at least 1)");
    }

    private static String file(String name, String filename, String body) {
        return "--1234\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n%s\r\n"
                .formatted(name, filename, body);
    }

    private static FormData multipart(String text) {
        return parse("1234", text.replace("\n", "\r\n"));
    }

    private static FormData parse(String boundary, String latin1) {
        return parse(boundary, latin1, FormLimits.DEFAULTS);
    }

    private static FormData parse(String boundary, String latin1, FormLimits limits) {
        var headers = Headers.of("Content-Type", "multipart/form-data; boundary=" + boundary);
        return Forms.parseBody(headers, latin1.getBytes(ISO_8859_1), UTF_8, limits);
    }

    private static ThrowingConsumer<Throwable> status(int status) {
        return thrown ->
                assertThat(thrown)
                        .isInstanceOfSatisfying(
                                HttpInputException.class,
                                e -> assertThat(e.status()).isEqualTo(status));
    }
}
