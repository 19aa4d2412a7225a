package whirlwind.web.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HttpInputException;
import whirlwind.testing.OneEngine;

@OneEngine
class PathRegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/; /; []",
                "^/a$; /a; []",
                "/group/(.*); /group/%C3%A9; [\u00e9]",
                "/group/(.*); /group/a%2Fb%3Fc+d; [a/b?c+d]",
                "/optional_path/(.+)?; /optional_path/; [null]",
                "/optional_path/(.+)?; /optional_path/x; [x]",
                "/(?<b>\\w+)/(?<a>\\d+); /x/7; [x, 7]",
                "/a|/b; /b; []",
                "/foo/?; /foo; []",
                "/foo/?; /foo/; []",
                "(?i)/foo; /FOO; []",
                "/x(?:a|b)c; /xbc; []",
                "/a{2}; /aa; []",
                "/[ab]/((c)d); /a/cd; [cd, c]",
                "/\\Q(\\E; /(; []",
                "/(\\Q(\\E); /(; [(]",
            })
    void theWholePathHasToMatch(String regex, String path, String arguments) {
        assertThat(PathPattern.regex(regex).match(path)).isNotNull().hasToString(arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "/a, /ab",
        "/a, x/a",
        "/a|/b, /ac",
        "/echo, /ech%6f",
        "/(\\d+), /x",
        "/static/(.*), /other"
    })
    void aPartOfThePathIsNotEnough(String regex, String path) {
        assertThat(PathPattern.regex(regex).match(path)).isNull();
    }

    @Test
    void namedGroupsNameTheArgumentsInOrder() {
        assertThat(PathPattern.regex("/(?<zeta>.)/(?<alpha>.)").names())
                .containsExactly("zeta", "alpha");
        assertThat(PathPattern.regex("/(.)").names()).isEmpty();
    }

    @Test
    void namedAndUnnamedGroupsDoNotMix() {
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.regex("/(?<a>.)/(.)"));
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.regex("/("));
    }

    @Test
    void argumentsThatAreNotUtf8AreThePeersFault() {
        assertThatThrownBy(() -> PathPattern.regex("/(.*)").match("/%E9"))
                .isInstanceOf(HttpInputException.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "/, /",
                "^/a\\.txt$, /a.txt",
                "/a.txt, null",
                "/a/?, null",
                "/(a), null",
                "/a|/b, null",
                "/\\d, null",
                "/a{2}, null",
                "/[a], null",
            })
    void plainTextIsKnownAsSuch(String regex, String literal) {
        assertThat(PathPattern.regex(regex).literal()).isEqualTo(literal);
    }

    @ParameterizedTest
    @CsvSource({
        "/static/(.*), /static/",
        "/a\\.b(c), /a.b",
        "/foo/?, /foo",
        "/fo{2}, /f",
        "/a.txt, /a",
        "/a\\d, /a",
        "/a/[bc], /a/",
        "/a/(b)/c(d), /a/",
        "/a|/b, ''",
        "/a(b|c), ''",
        "(?i)/a, ''",
        "(a)/b, ''",
        "/plain, /plain",
    })
    void thePrefixIsWhatEveryMatchStartsWith(String regex, String prefix) {
        assertThat(((PathRegex) PathPattern.regex(regex)).prefix()).isEqualTo(prefix);
    }

    /** Arguments between bars, {@code null} for none. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/, ``, /",
                "^/a\\.txt$, ``, /a.txt",
                "/a.txt, ``, /a.txt",
                "/foo/?, ``, /foo/",
                "/user/(\\d+), 42, /user/42",
                "/user/(\\d+)/(.*), 42|1 + 1/\u00e9, /user/42/1%20%2B%201/%C3%A9",
                "/(?<a>x)/y, x, /x/y",
                "/((a)b)c, ab, /abc",
                "/(?<a>[()]+)x, (, /%28x",
                "/(.+)?, x, /x",
                "/(.+)?, null, /",
                "/(a\\)), a), /a%29",
            })
    void fixedTextWithGroupsIsReversed(String regex, String arguments, String path) {
        var values =
                arguments.isEmpty()
                        ? new Object[0]
                        : Arrays.stream(arguments.split("\\|"))
                                .map(a -> a.equals("null") ? null : a)
                                .toArray();

        assertThat(PathPattern.regex(regex).reverse(values)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/\\d",
                "/(?:a)",
                "/[ab]",
                "/a{2}",
                "/a|/b",
                "/(a)+",
                "/(a)*",
                "/(a){2}",
                "(?i)/a",
                "/a(?=b).",
                "/\\Qa\\E"
            })
    void otherExpressionsAreNot(String regex) {
        assertThatThrownBy(() -> PathPattern.regex(regex).reverse())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theNumberOfArgumentsHasToFitInReverse() {
        assertThatIllegalArgumentException().isThrownBy(() -> PathPattern.regex("/(.)").reverse());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.regex("/(.)").reverse(1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.regex("/(.)").reverse((Object) null));
    }
}
