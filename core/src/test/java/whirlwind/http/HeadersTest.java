package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HeadersTest {
    @Test
    void namesAreFoundWithoutRegardToCaseAndKeptAsSpelt() {
        var headers = Headers.of("content-TYPE", "text/html");

        assertThat(headers.get("Content-Type")).isEqualTo("text/html");
        assertThat(headers.contains("CONTENT-TYPE")).isTrue();
        assertThat(headers.names()).containsExactly("content-TYPE");
        assertThat(headers.get("Content-Typ")).isNull();
        assertThat(headers.get("X", "none")).isEqualTo("none");
    }

    @Test
    void severalValuesAreKeptApartAndJoinedOnlyWhenReadAsOne() {
        var headers = Headers.of("Set-Cookie", "A=B", "X", "y");
        headers.add("set-cookie", "C=D");

        assertThat(headers.getList("Set-Cookie")).containsExactly("A=B", "C=D");
        assertThat(headers.get("Set-Cookie")).isEqualTo("A=B,C=D");
        assertThat(headers.size()).isEqualTo(3);
        assertThat(pairs(headers)).containsExactly("Set-Cookie=A=B", "X=y", "set-cookie=C=D");
    }

    @Test
    void setReplacesEveryValueInPlaceOfTheFirst() {
        var headers = Headers.of("A", "1", "B", "2", "a", "3", "C", "4", "A", "5");

        headers.set("a", "6");
        headers.set("D", "7");

        assertThat(pairs(headers)).containsExactly("a=6", "B=2", "C=4", "D=7");
    }

    @Test
    void removeTakesEveryValueAndSaysWhetherThereWasOne() {
        var headers = Headers.of("A", "1", "B", "2", "a", "3");

        assertThat(headers.remove("A")).isTrue();
        assertThat(headers.remove("A")).isFalse();
        assertThat(pairs(headers)).containsExactly("B=2");
        assertThat(headers.remove("b")).isTrue();
        assertThat(headers.isEmpty()).isTrue();
    }

    @Test
    void copiesAreIndependent() {
        var headers = Headers.of("A", "1");
        var copy = headers.copy();
        copy.add("A", "2");
        headers.set("A", "3");

        assertThat(pairs(headers)).containsExactly("A=3");
        assertThat(pairs(copy)).containsExactly("A=1", "A=2");
        assertThat(new Headers().copy().isEmpty()).isTrue();
    }

    @Test
    void fieldsAreReachedByIndexWithinBounds() {
        var headers = Headers.of("A", "1", "B", "2");

        assertThat(headers.nameAt(1) + headers.valueAt(1)).isEqualTo("B2");
        assertThatThrownBy(() -> headers.nameAt(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a b", " a", "a ", "a\t", "a\n", "a\0", "a:", "\u00e9", "a\u212a", "(a)"
            })
    void namesThatAreNoTokensAreRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Headers().add(name, "x"));
        assertThatThrownBy(() -> new Headers().set(name, "x"))
                .isInstanceOf(HeaderSyntaxException.class);
    }

    @Test
    void valuesMayHaveEverythingButControlCharacters() {
        for (char c = 0; c <= 0x100; c++) {
            var value = "bar" + c + "baz";
            boolean allowed = c == '\t' || (c >= 0x20 && c != 0x7F && c <= 0xFF);
            if (allowed) {
                assertThat(Headers.of("Foo", value).get("foo")).isEqualTo(value);
            } else {
                assertThatThrownBy(() -> Headers.of("Foo", value))
                        .isInstanceOf(HeaderSyntaxException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" x", "x ", "\tx", "x\t", " "})
    void valuesHaveNoBlanksAtTheirEnds(String value) {
        assertThatThrownBy(() -> Headers.of("A", value)).isInstanceOf(HeaderSyntaxException.class);
    }

    @ParameterizedTest
    @CsvSource({"J\u00fcrgen \u6f22, U+6F22 at 7", "'a b ', U+0020 at 3", "'\tab', U+0009 at 0"})
    void theMessageNamesWhatIsForbidden(String value, String where) {
        assertThatThrownBy(() -> Headers.of("A", value)).hasMessageContaining(where);
    }

    @Test
    void whatWasRefusedLeavesNoTrace() {
        var headers = Headers.of("A", "1");

        assertThatThrownBy(() -> headers.set("A", "x\r\nSet-Cookie: a=b"))
                .isInstanceOf(HeaderSyntaxException.class)
                .hasMessage(
                        "value of header A has forbidden characters: U+000D at 1 (Latin-1 without"
                                + " controls, blanks inside only)");
        assertThat(pairs(headers)).containsExactly("A=1");
    }

    @Test
    void trustedFieldsAreNotLookedAt() {
        var headers = new Headers();
        headers.addTrusted("A", " x");

        assertThat(headers.get("a")).isEqualTo(" x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "upgrade            | true",
                "Upgrade            | true",
                "keep-alive,Upgrade | true",
                "a ,	upgrade  , b     | true",
                ",,upgrade          | true",
                "upgrades           | false",
                "keep upgrade       | false",
                "''                 | false",
                "','                | false"
            })
    void tokensAreFoundInLists(String list, boolean found) {
        assertThat(Headers.of("Connection", list).containsToken("connection", "upgrade"))
                .isEqualTo(found);
    }

    @Test
    void tokensAreFoundInEveryFieldOfTheName() {
        var headers = Headers.of("Connection", "close", "Connection", "a, Upgrade");

        assertThat(headers.containsToken("Connection", "upgrade")).isTrue();
        assertThat(headers.containsToken("Connection", "CLOSE")).isTrue();
        assertThat(headers.containsToken("Upgrade", "close")).isFalse();
    }

    @Test
    void aBlockIsParsedLineByLine() {
        var headers =
                Headers.parse(
                        "Foo: bar\r\n baz\r\nAsdf: qwer\n\tzxcv\r\nFoo: even\r\n     more\r\n     lines\r\n\r\n");

        assertThat(pairs(headers))
                .containsExactly("Foo=bar baz", "Asdf=qwer zxcv", "Foo=even more lines");
    }

    @Test
    void linesMayComeOneByOneWithOrWithoutTheirEnd() {
        var headers = new Headers();
        List.of("A: 1", "B:2\r\n", "C:\t3 \n", "D:", "\r\n").forEach(headers::addLine);

        assertThat(pairs(headers)).containsExactly("A=1", "B=2", "C=3", "D=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " Foo: bar",
                "no colon",
                "Foo : bar",
                ": bar",
                "Foo: a\rb",
                "Foo: a\r\r\n",
                "Foo: \fbar",
                "A: b\n c\u0001"
            })
    void malformedBlocksAreThePeersFault(String block) {
        assertThatThrownBy(() -> Headers.parse(block))
                .isInstanceOfSatisfying(
                        HttpInputException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u00a0"})
    void onlyLineFeedsEndLinesAndOnlySpacesAndTabsAreTrimmed(String odd) {
        assertThat(pairs(Headers.parse("Foo: " + odd + "bar" + odd + "\r\n")))
                .containsExactly("Foo=" + odd + "bar" + odd);
    }

    @Test
    void textReadsBack() {
        var headers = Headers.of("Foo", "1", "Foo", "2", "Bar", "");

        assertThat(headers.toString()).isEqualTo("Foo: 1\r\nFoo: 2\r\nBar: \r\n");
        assertThat(pairs(Headers.parse(headers.toString()))).isEqualTo(pairs(headers));
    }

    @Test
    void manyValuesOfOneNameStayLinear() {
        var headers = new Headers();
        for (int i = 0; i < 100_000; i++) {
            headers.add("X", "a");
        }

        assertThat(headers.get("x")).hasSize(199_999);
        assertThat(headers.remove("X")).isTrue();
    }

    @Property
    void behavesLikeAListOfPairs(@ForAll @Size(max = 30) List<@IntRange(max = 59) Integer> steps) {
        var headers = new Headers();
        var model = new ArrayList<Map.Entry<String, String>>();
        for (int step : steps) {
            var name = List.of("A", "a", "B", "bb", "C").get(step % 5);
            var value = String.valueOf(step);
            switch (step / 20) {
                case 0 -> {
                    headers.add(name, value);
                    model.add(Map.entry(name, value));
                }
                case 1 -> {
                    headers.remove(name);
                    model.removeIf(entry -> entry.getKey().equalsIgnoreCase(name));
                }
                default -> {
                    int first = 0;
                    while (first < model.size()
                            && !model.get(first).getKey().equalsIgnoreCase(name)) {
                        first++;
                    }
                    headers.set(name, value);
                    model.removeIf(entry -> entry.getKey().equalsIgnoreCase(name));
                    model.add(Math.min(first, model.size()), Map.entry(name, value));
                }
            }
        }
        assertThat(pairs(headers))
                .isEqualTo(model.stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
        assertThat(headers.names())
                .hasSize(
                        (int)
                                model.stream()
                                        .map(e -> e.getKey().toLowerCase(Locale.ROOT))
                                        .distinct()
                                        .count());
    }

    private static List<String> pairs(Headers headers) {
        var pairs = new ArrayList<String>();
        headers.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs;
    }

    @Test
    void aContinuationThatIsBlankAddsNothing() {
        var headers = Headers.parse("A: 1\r\n\t\r\n 2\r\nB:\r\n 3\r\n");

        assertThat(headers).hasToString("A: 1 2\r\nB: 3\r\n");
    }
}
