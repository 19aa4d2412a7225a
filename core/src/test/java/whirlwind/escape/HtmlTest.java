package whirlwind.escape;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.OneEngine;

@OneEngine
class HtmlTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "<foo>, &lt;foo&gt;",
                "<>&\"', &lt;&gt;&amp;&quot;&#x27;",
                "&amp;, &amp;amp;",
                "<\u00e9>, &lt;\u00e9&gt;",
                "plain, plain"
            })
    void escapesWhatHtmlGivesAMeaning(String text, String escaped) {
        assertThat(Html.escape(text)).isEqualTo(escaped);
        assertThat(Html.unescape(escaped)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "foo&#32;bar, foo bar",
        "foo&#x20;bar, foo bar",
        "foo&#X20;bar, foo bar",
        "foo&#xabc;bar, foo\u0abcbar",
        "foo&#xyz;bar, foo&#xyz;bar",
        "foo&#;bar, foo&#;bar",
        "foo&#x;bar, foo&#x;bar",
        "&eacute;&hellip;, \u00e9\u2026",
    })
    void unescapesCharacterReferencesAndLeavesTheRest(String escaped, String text) {
        assertThat(Html.unescape(escaped)).isEqualTo(text);
    }

    @Property
    void whatIsEscapedHasNoMarkupLeft(@ForAll String text) {
        assertThat(Html.escape(text)).doesNotContain("<", ">", "\"", "'");
    }
}
