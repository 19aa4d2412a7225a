package whirlwind.escape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class JsonTest {
    /** What applications encode most: public so that Jackson may look into it. */
    public record Person(String name, int age, List<String> tags) {}

    /** Has itself in it, which JSON cannot say. */
    public static final class Endless {
        /** Jackson reads fields that are public. */
        public Endless self = this;
    }

    @Test
    void recordsMapsAndListsAreEncoded() {
        var map = new LinkedHashMap<String, Object>();
        map.put("n", 1);
        map.put("list", List.of(true, "x"));

        assertThat(Json.encode(new Person("Ada", 36, List.of("math"))))
                .isEqualTo("{\"name\":\"Ada\",\"age\":36,\"tags\":[\"math\"]}");
        assertThat(Json.encode(map)).isEqualTo("{\"n\":1,\"list\":[true,\"x\"]}");
        assertThat(Json.encode(null)).isEqualTo("null");
    }

    @Test
    void endTagsCannotCloseTheScriptThatJsonStandsIn() {
        var value = List.of("</script></b></", "/<", "<!--<script>");

        assertThat(Json.encode(value))
                .isEqualTo("[\"<\\/script><\\/b><\\/\",\"/<\",\"\\u003C!--<script>\"]");
        assertThat(new String(Json.encodeUtf8(value), UTF_8)).isEqualTo(Json.encode(value));
        assertThat(Json.decode(Json.encode(value)).get(0).asString()).isEqualTo("</script></b></");
    }

    @Test
    void charactersBeyondAsciiAreEscapedAndReadBack() {
        assertThat(Json.encode("\u00e9")).isEqualToIgnoringCase("\"\\u00e9\"");
        assertThat(Json.decode(Json.encode("\u00e9")).asString()).isEqualTo("\u00e9");
        assertThat(Json.decode("\"\u00e9\"".getBytes(UTF_8)).asString()).isEqualTo("\u00e9");
    }

    @Test
    void jsonBecomesTreesMapsAndRecords() {
        var json = "{\"name\":\"Ada\",\"age\":36,\"tags\":[]}";

        assertThat(Json.decode(json).get("age").asInt()).isEqualTo(36);
        assertThat(Json.decodeMap(json))
                .isEqualTo(Map.of("name", "Ada", "age", 36, "tags", List.of()));
        assertThat(Json.decode(json, Person.class)).isEqualTo(new Person("Ada", 36, List.of()));
        assertThat(Json.decode(json.getBytes(UTF_8), Person.class))
                .isEqualTo(new Person("Ada", 36, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "[1,]", "{'a':1}", "1 2", "nul"})
    void malformedJsonIsReportedAsSuch(String json) {
        assertThatThrownBy(() -> Json.decode(json)).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> Json.decode(json.getBytes(UTF_8)))
                .isInstanceOf(MalformedJsonException.class);
    }

    /** A slash in two, three and four bytes, a surrogate, what is beyond Unicode, half a letter. */
    @ParameterizedTest
    @ValueSource(strings = {"C0AF", "E080AF", "F08080AF", "EDA080", "F4908080", "F5808080", "C3"})
    void bytesThatAreNotUtf8AreNoJson(String hex) {
        var json = HexFormat.of().parseHex("22" + hex + "22");
        assertThatThrownBy(() -> Json.decode(json))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("malformed UTF-8");
        assertThatThrownBy(() -> Json.decode(json, String.class))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void malformedJsonIsReportedWithItsPlace() {
        assertThatThrownBy(() -> Json.decode("{\n \"a\" 1}"))
                .hasMessageEndingWith("at line 2, column 6");
        assertThatThrownBy(() -> Json.decode("{"))
                .hasMessage(
                        "Unexpected end-of-input: expected close marker for Object at line 1,"
                                + " column 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "1"})
    void aMapComesOnlyOfAnObject(String json) {
        assertThatThrownBy(() -> Json.decodeMap(json)).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void whatHasNoJsonFormIsTheCallersFault() {
        assertThatThrownBy(() -> Json.encode(new Endless()))
                .isInstanceOf(IllegalArgumentException.class)
                .isNotInstanceOf(MalformedJsonException.class);
    }

    @Test
    void aFutureIsToBeAwaitedFirst() {
        var future = CompletableFuture.completedFuture(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.encode(future))
                .withMessage("no JSON: a future, not what it gives: Async.await it");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Json.encodeUtf8(Map.of("a", List.of(future))))
                .withMessageContaining("[\"a\"]");
    }
}
