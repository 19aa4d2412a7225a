package whirlwind.web.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HttpInputException;
import whirlwind.testing.OneEngine;

@OneEngine
class PathTemplateTest {
    /** The arguments that are taken out of the path, between bars. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/, /, ``",
                "/a/b, /a/b, ``",
                "/a/, /a/, ``",
                "//a, //a, ``",
                "/user/{id}, /user/7, 7",
                "/user/{id}, /user/a%2Fb+c%20d, a/b+c d",
                "/user/{id}/, /user/7/, 7",
                "/{a}/x/{b}, /1/x/2, 1|2",
                "/files/{path:*}, /files/a/b//c, a/b//c",
                "/files/{path:*}, /files/, ``",
                "/user/{id:[0-9]+}, /user/42, 42",
                "/user/{id:[0-9]{2}}, /user/42, 42",
                "/user/{id:a|b}/x, /user/b/x, b",
                "/{name}.{ext}, /a.b.txt, a.b|txt",
                "/v{version:[0-9]+}/x, /v12/x, 12",
                "/{any:[0-9]*}, /, ``",
            })
    void pathsMatchAndGiveTheirArguments(String template, String path, String arguments) {
        var match = PathPattern.template(template).match(path);

        assertThat(match).isNotNull();
        assertThat(String.join("|", match)).isEqualTo(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "/, ``",
                "/, *",
                "/a, /a/",
                "/a/, /a",
                "/a, /b",
                "/a, a",
                "/a, /%61",
                "/user/{id}, /user/",
                "/user/{id}, /user",
                "/user/{id}, /user/7/",
                "/user/{id}, /user/7/8",
                "/user/{id}, user/7",
                "/files/{path:*}, /files",
                "/user/{id:[0-9]+}, /user/4x",
                "/user/{id:a|b}, /user/bb",
                "/user/{id:.*}/x, /user/a/b/x",
                "/{name}.{ext}, /a.",
            })
    void otherPathsDoNot(String template, String path) {
        assertThat(PathPattern.template(template).match(path)).isNull();
    }

    @Test
    void argumentsThatAreNotUtf8AreThePeersFault() {
        assertThatThrownBy(() -> PathPattern.template("/{a}").match("/%E9"))
                .isInstanceOfSatisfying(
                        HttpInputException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a          | does not start with a slash",
                "/{a        | a brace is not closed",
                "/a}        | a brace is not opened",
                "/{a}}      | a brace is not opened",
                "/{}        | \"\" is not a name",
                "/{1a}      | \"1a\" is not a name",
                "/{a}/{a}   | two arguments have the same name",
                "/{a:*}/b   | {...:*} is not its last piece",
                "/b{a:*}    | {...:*} is not a piece of its own",
                "/{a:*}b    | {...:*} is not a piece of its own",
                "/{a:[}     | in \"[\"",
                "/{a:b/c}   | a slash or a capturing group in \"b/c\"",
                "/{a:(b)}   | a slash or a capturing group in \"(b)\"",
                "/([0-9]+)  | a regular expression goes into an argument",
                "/(.*)      | a regular expression goes into an argument",
                "/(\\w+)/b | a regular expression goes into an argument",
                "/:id       | an argument is written {id} here",
                "/a/<id>/b  | an argument is written {id} here",
                "/a/**      | the rest of a path {path:*}",
                "/a?x=1     | a query is no part of it: see getQueryArgument",
                "/{a:long}  | \"long\" is neither int, uuid nor *",
            })
    void malformedTemplatesAreRefused(String template, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.template(template))
                .withMessageContaining(why);
    }

    @Test
    void argumentsAreEscapedInReverse() {
        assertThat(PathPattern.template("/user/{id}/x").reverse(42)).isEqualTo("/user/42/x");
        assertThat(PathPattern.template("/user/{id}").reverse("1 + 1/\u00e9"))
                .isEqualTo("/user/1%20%2B%201%2F%C3%A9");
        assertThat(PathPattern.template("/files/{path:*}").reverse("a b/c"))
                .isEqualTo("/files/a%20b/c");
        assertThat(PathPattern.template("/{name}.{ext}").reverse("a", "txt")).isEqualTo("/a.txt");
        assertThat(PathPattern.template("/").reverse()).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x"})
    void argumentsThatWouldNotMatchAreRefusedInReverse(String argument) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.template("/{id:[0-9]+}").reverse(argument));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.template("/{id}").reverse(argument, argument));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PathPattern.template("/{id}").reverse());
    }

    @Property
    void whatIsReversedMatchesWithTheSameArguments(
            @ForAll @StringLength(min = 1) @CharRange(from = ' ', to = '\ud7ff') String id,
            @ForAll @AlphaChars String rest) {
        var template = PathPattern.template("/user/{id}/{rest:*}");

        assertThat(template.match(template.reverse(id, rest))).containsExactly(id, rest);
    }
}
