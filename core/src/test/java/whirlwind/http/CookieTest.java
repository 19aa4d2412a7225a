package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class CookieTest {
    static final List<Arguments> HEADERS =
            List.of(
                    read("chips=ahoy; vienna=finger", Map.of("chips", "ahoy", "vienna", "finger")),
                    read(
                            "keebler=\"E=mc2; L=\\\"Loves\\\"; fudge=\\012;\"",
                            Map.of(
                                    "keebler",
                                    "\"E=mc2",
                                    "L",
                                    "\\\"Loves\\\"",
                                    "fudge",
                                    "\\012",
                                    "",
                                    "\"")),
                    read("keebler=E=mc2", Map.of("keebler", "E=mc2")),
                    read("key:term=value:term", Map.of("key:term", "value:term")),
                    read("a=b; c=[; d=r; f=h", Map.of("a", "b", "c", "[", "d", "r", "f", "h")),
                    read("a=b; Domain=example.com", Map.of("a", "b", "Domain", "example.com")),
                    read("a=b; h=i; a=c", Map.of("a", "c", "h", "i")),
                    read(
                            "abc=def; unnamed; django_language=en",
                            Map.of("abc", "def", "", "unnamed", "django_language", "en")),
                    read("a=b; \"; c=d", Map.of("a", "b", "", "\"", "c", "d")),
                    read("a b c=d e = f; gh=i", Map.of("a b c", "d e = f", "gh", "i")),
                    read(
                            "a   b,c<>@:/[]?{}=d  \"  =e,f g",
                            Map.of("a   b,c<>@:/[]?{}", "d  \"  =e,f g")),
                    read("saint=Andr\u00e9 Bessette", Map.of("saint", "Andr\u00e9 Bessette")),
                    read("  =  b  ;  ;  =  ;   c  =  ;  ", Map.of("", "b", "c", "")),
                    read("", Map.of()));

    private static Arguments read(String header, Map<String, String> jar) {
        return Arguments.of(header, jar);
    }

    @ParameterizedTest
    @FieldSource("HEADERS")
    void cookiesAreReadAsBrowsersReadThem(String header, Map<String, String> jar) {
        assertThat(Cookies.parse(header)).isEqualTo(jar);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"b=\\\"\", b=\"",
                "\"b=\\\\\", b=\\",
                "\"b=\\=\", b==",
                "\"b=\\n\", b=n",
                "\"b=\\042\", b=\"",
                "\"b=\\134\", b=\\",
                "\"b=\\377\", b=\u00ff",
                "\"b=\\400\", b=400",
                "\"b=\\42\", b=42",
                "\"b=\\\\042\", b=\\042",
                "\"b=\\\\134\", b=\\134",
                "\"b=\\\\\\\"\", b=\\\"",
                "\"b=\\134\\042\", b=\\\"",
                "\", \"",
                "b\\042, b\\042",
            })
    void quotedValuesAreUnquotedWithTheirEscapes(String raw, String value) {
        assertThat(Cookies.parse("a=" + raw)).isEqualTo(Map.of("a", value));
    }

    @ParameterizedTest
    @CsvSource({"'\\\\'", "'\\134'"})
    void manyEscapesStayLinear(String escape) {
        assertThat(Cookies.parse("a=\"b=" + escape.repeat(100_000) + "\"").get("a"))
                .hasSize(100_002);
    }

    @Test
    void attributesAreWrittenWhenTheyAreGiven() {
        var cookie =
                Cookie.of("id", "7")
                        .withDomain("example.com")
                        .withExpires(Instant.parse("1994-11-06T08:49:37Z"))
                        .withHttpOnly(true)
                        .withMaxAge(Duration.ofMinutes(1))
                        .withPartitioned(true)
                        .withPath("/app")
                        .withSameSite(Cookie.SameSite.LAX)
                        .withSecure(true);

        assertThat(cookie)
                .hasToString(
                        "id=7; Domain=example.com; Expires=Sun, 06 Nov 1994 08:49:37 GMT; HttpOnly; Max-Age=60; Partitioned; Path=/app;"
                                + " SameSite=Lax; Secure");
        assertThat(Cookie.of("id", "")).hasToString("id=; Path=/");
        assertThat(Cookie.of("id", "7").withPath(null).withValue("8")).hasToString("id=8");
    }

    @Test
    void agesOfZeroAreHonoured() {
        assertThat(Cookie.of("a", "b").withMaxAge(Duration.ZERO))
                .hasToString("a=b; Max-Age=0; Path=/");
        assertThat(Cookie.expired("a"))
                .hasToString("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "a=b, a=b",
                "a;b, \"a\\073b\"",
                "a\"b, \"a\\\"b\"",
                "a\\b, \"a\\\\b\"",
                "\u00e9, \"\\351\"",
                "`a,b`, `\"a\\054b\"`"
            })
    void valuesThatCannotStandBareAreQuoted(String value, String written) {
        assertThat(Cookie.of("n", value).withPath(null)).hasToString("n=" + written);
    }

    @Property
    void whateverMayBeSetReadsBack(@ForAll @CharRange(from = '!', to = '\u00ff') String value) {
        var header = Cookie.of("n", value).withPath(null).toString();

        assertThat(Cookies.parse(header).getOrDefault("n", "")).isEqualTo(value);
    }

    @Test
    void controlCharactersAreRefusedInEveryPart() {
        for (char c = 0; c <= ' '; c++) {
            var bad = "a" + c + "b";
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of(bad, "x"));
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("x", bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Cookie.of("x", "y").withPath(bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Cookie.of("x", "y").withDomain(bad));
        }
        for (var bad : new String[] {"a;b", "a\u007fb", "a\u00e9b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of(bad, "x"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Cookie.of("x", "y").withPath(bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Cookie.of("x", "y").withDomain(bad));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Cookie.of("x", "\u0100"));
    }

    @Test
    void namesThatPromiseSecurityKeepTheirPromise() {
        assertThat(Cookie.of("__Secure-a", "b")).hasToString("__Secure-a=b; Path=/; Secure");
        assertThat(Cookie.of("__Secure-a", "b").withPath("/x").withDomain("example.com"))
                .hasToString("__Secure-a=b; Domain=example.com; Path=/x; Secure");
        assertThat(Cookie.of("__Host-a", "b")).hasToString("__Host-a=b; Path=/; Secure");
        assertThat(Cookie.expired("__Host-a"))
                .hasToString("__Host-a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure");
    }

    @ParameterizedTest
    @ValueSource(strings = {"__Secure-a", "__secure-a", "__Host-a", "__HOST-a"})
    void aNameThatPromisesSecurityIsRefusedWithoutIt(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cookie.of(name, "b").withSecure(false))
                .withMessage("cookie " + name + " must be secure");
    }

    @Test
    void aNameThatPromisesOneHostIsRefusedForOthers() {
        var cookie = Cookie.of("__Host-a", "b");
        assertThatIllegalArgumentException().isThrownBy(() -> cookie.withDomain("example.com"));
        assertThatIllegalArgumentException().isThrownBy(() -> cookie.withPath("/x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cookie.withPath(null))
                .withMessage("cookie __Host-a must have the path / and no domain");
    }
}
