package whirlwind.web.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

/** What Tornado's template language can say, said in ours. */
@OneEngine
class TemplateLanguageTest {
    private static final TemplateFunction SHOUT =
            arguments -> arguments.text(0).toUpperCase(Locale.ROOT);

    private static PebbleTemplateLoader loader(TemplateOptions options, String... namesAndTexts) {
        var texts = new HashMap<String, String>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return new PebbleTemplateLoader(TemplateSource.map(texts), options);
    }

    private static String render(String text, Map<String, Object> values) {
        return loader(TemplateOptions.DEFAULTS, "t", text).render("t", values);
    }

    // ---- functions ----

    @Test
    void functionsAreValuesAndTheirResultsAreEscaped() {
        TemplateFunction bold =
                arguments -> new TemplateFunction.Raw("<b>" + arguments.text(0) + "</b>");
        TemplateFunction tag =
                arguments -> arguments.text(0) + arguments.count() + arguments.get("by", "nobody");
        var values = Map.<String, Object>of("shout", SHOUT, "bold", bold, "tag", tag);

        assertThat(render("{{ shout('<a>') }} {{ bold('x') }}", values))
                .isEqualTo("&lt;A&gt; <b>x</b>");
        assertThat(render("{{ tag('a', 1) }} {{ tag('a', by='me') }}", values))
                .isEqualTo("a2nobody a1me");
    }

    @Test
    void functionsAreThereInIncludesParentsAndMacros() {
        var templates =
                loader(
                        TemplateOptions.DEFAULTS,
                        "base",
                        "{{ shout('a') }}{% block b %}{% endblock %}",
                        "part",
                        "{{ shout('c') }}",
                        "t",
                        "{% extends 'base' %}{% block b %}{{ shout('b') }}{% include 'part' %}{{ m() }}{% endblock %}"
                                + "{% macro m() %}{{ shout('d') }}{% endmacro %}");
        assertThat(templates.render("t", Map.of("shout", SHOUT))).isEqualTo("ABCD");
    }

    @Test
    void globalFunctionsAndThoseOfARenderingGoTogether() {
        var templates =
                loader(
                        TemplateOptions.DEFAULTS.withGlobal("shout", SHOUT),
                        "t",
                        "{{ shout('a') }}{{ whisper('B') }}");
        TemplateFunction whisper = arguments -> arguments.text(0).toLowerCase(Locale.ROOT);
        assertThat(templates.render("t", Map.of("whisper", whisper))).isEqualTo("Ab");
        assertThatThrownBy(() -> templates.render("t", Map.of("whisper", 1)))
                .isInstanceOf(TemplateException.class)
                .hasMessage("t:1: \"whisper\" is no function here");
    }

    @Test
    void whatAFunctionThrowsIsReportedWithTemplateAndLine() {
        TemplateFunction failing =
                arguments -> {
                    throw new java.io.IOException("no disk");
                };
        assertThatThrownBy(() -> render("\n\n{{ failing() }}", Map.of("failing", failing)))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("t:3: failing failed")
                .hasRootCauseMessage("no disk");
        assertThatThrownBy(() -> render("{{ shout() }}", Map.of("shout", SHOUT)))
                .hasMessageContaining("argument 1 is missing: there are 0");
    }

    @Test
    void modulesAreRenderedByTagAndExpressionWithoutEscaping() {
        TemplateFunction entry =
                arguments ->
                        new TemplateFunction.Raw(
                                "<p>" + arguments.text(0) + arguments.get("full", false) + "</p>");
        TemplateFunction.Group modules =
                name -> name.equals("Entry") ? Optional.of(entry) : Optional.empty();
        var values = Map.<String, Object>of("modules", modules, "x", "y");

        assertThat(render("{% module Entry(x, full=true) %}{{ modules.Entry(x) }}", values))
                .isEqualTo("<p>ytrue</p><p>yfalse</p>");
        assertThatThrownBy(() -> render("\n{% module Other() %}", values))
                .hasMessage("t:2: no module \"Other\"");
        assertThatThrownBy(() -> render("{% module Entry(1) %}", Map.of("modules", 1)))
                .hasMessageContaining("only there where a request handler renders");
    }

    @Test
    void applyPassesABlockThroughAFunctionOrFilter() {
        assertThat(
                        render(
                                "{% apply shout %}<b>{{ x }}</b>{% endapply %}",
                                Map.of("shout", SHOUT, "x", "&")))
                .isEqualTo("<B>&AMP;</B>");
        assertThat(render("{% apply squeeze %} a \n b {% endapply %}", Map.of())).isEqualTo("a b");
        assertThat(render("{% filter upper %}a{% endfilter %}", Map.of())).isEqualTo("A");
        assertThatThrownBy(() -> render("\n{% apply nothing %}{% endapply %}", Map.of()))
                .hasMessage("t:2: no function \"nothing\"");
    }

    // ---- control ----

    @Test
    void ifHasAsManyBranchesAsNeeded() {
        var text = "{% if x > 1 %}many{% elseif x == 1 %}one{% else %}{% endif %}";
        assertThat(render(text, Map.of("x", 2))).isEqualTo("many");
        assertThat(render(text, Map.of("x", 1))).isEqualTo("one");
        assertThat(render(text, Map.of("x", 0))).isEmpty();
    }

    @Test
    void loopsCanBeLeftAndTurnsCutShort() {
        assertThat(
                        render(
                                "{% for i in range(0, 9) %}{% if i == 2 %}{% continue %}{% endif %}"
                                        + "{% if i == 7 %}{% break %}{% endif %}{{ i }}{% else %}none{% endfor %}!",
                                Map.of()))
                .isEqualTo("013456!");
        assertThat(
                        render(
                                "{% for i in xs %}{{ i }}{% else %}none{% endfor %}",
                                Map.of("xs", List.of())))
                .isEqualTo("none");
        assertThat(
                        render(
                                "{% for i in range(0, 2) %}{% for j in range(0, 5) %}"
                                        + "{% if j > i %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}",
                                Map.of()))
                .isEqualTo("00 10 11 20 21 22 ");
    }

    @Test
    void whileGoesOnAsLongAsItsConditionHolds() {
        assertThat(
                        render(
                                "{% set i = 0 %}{% while i < 10 %}{% set i = i + 1 %}"
                                        + "{% if i == 2 %}{% continue %}{% endif %}"
                                        + "{% if i == 5 %}{% break %}{% endif %}{{ i }}{% endwhile %}",
                                Map.of()))
                .isEqualTo("134");
        assertThatThrownBy(() -> render("\n{% while true %}{% endwhile %}", Map.of()))
                .hasMessageStartingWith("t:2: while: 1,000,000 turns");
    }

    @Test
    void failuresCanBeTried() {
        var text =
                "{% try %}{% set y = 12 / x %}{% except %}{{ error is null }}-{% else %}{{ y }}"
                        + "{% finally %}.{% endtry %}";
        assertThat(render(text, Map.of("x", 3))).isEqualTo("4.");
        assertThat(render(text, Map.of("x", 0))).isEqualTo("false-.");
        assertThat(render("{% try %}{{ nobody }}{% except %}no{% endtry %}", Map.of()))
                .isEqualTo("no");
        assertThat(
                        render(
                                "{% for i in range(0, 3) %}{% try %}{% break %}{% except %}caught{% endtry %}{{ i }}{% endfor %}",
                                Map.of()))
                .isEmpty();
        assertThatThrownBy(() -> render("{% try %}{{ nobody }}{% finally %}{% endtry %}", Map.of()))
                .hasMessageContaining("nobody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n{% break %}",
                "\n{% continue %}",
                "\n{% else %}",
                "\n{% elseif x %}",
                "\n{% except %}",
                "\n{% endif %}",
                "\n{% for x in [1] %}",
                "\n{% while true %}",
                "\n{% try %}",
                "\n{% apply %}x{% endapply %}",
                "\n{% module %}",
                "\n{% block %}x{% endblock %}",
                "\n{% extends %}",
                "\n{% include %}",
                "\n{% set %}",
                "\n{% set x %}",
                "\n{% whitespace %}",
                "\n{% whitespace wide %}",
                "\n{{ }}",
                "\n{% %}",
                "\n{{ 1 ",
                "\n{% if true ",
                "\n{# no end",
            })
    void whatIsMisplacedOrUnfinishedIsReportedWithItsLine(String text) {
        assertThatThrownBy(() -> render(text, Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> assertThat(e.template() + ":" + e.line()).matches("t:[12]"));
    }

    // ---- text ----

    @Test
    void bracesAndCommentsAreTextWhereTheyAreMeantTo() {
        assertThat(
                        render(
                                "{ } {{ '{{' }} {% verbatim %}{{ x }} {% y %}{% endverbatim %}",
                                Map.of()))
                .isEqualTo("{ } {{ {{ x }} {% y %}");
        assertThat(render("a{# {{ no }} {% one %} sees #}b", Map.of())).isEqualTo("ab");
        assertThat(render("{{\n  'a'\n}}{%\n if true\n%}b{% endif %}", Map.of())).isEqualTo("ab");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"all|a  b_ _c", "single|a b_c", "oneline|a b c"})
    void whitespaceIsTreatedInThreeWays(String mode, String expected) {
        var text = "a \t b\n \nc".replace(" \t ", "  ");
        assertThat(Whitespace.of(mode).filter(text).replace('\n', '_')).isEqualTo(expected);
        assertThat(Whitespace.of(mode).filter("<pre>a  b\n\nc</pre>"))
                .isEqualTo("<pre>a  b\n\nc</pre>");
        assertThatThrownBy(() -> Whitespace.of("wide"))
                .hasMessage("whitespace: 'wide' (one of all, single, oneline)");
    }

    @Test
    void whitespaceGoesByTheNameOfEachFileUnlessTheLoaderSays() {
        var texts =
                new String[] {
                    "a.html", "a  b\n\n{% include 'a.txt' %}",
                    "a.txt", "c  d",
                    "b.txt", "e  f {% include 'a.js' %}",
                    "a.js", "g  h"
                };
        var byName = loader(TemplateOptions.DEFAULTS, texts);
        assertThat(byName.render("a.html", Map.of())).isEqualTo("a b\nc  d");
        assertThat(byName.render("b.txt", Map.of())).isEqualTo("e  f g h");
        var oneline = loader(TemplateOptions.DEFAULTS.withWhitespace(Whitespace.ONELINE), texts);
        assertThat(oneline.render("a.html", Map.of())).isEqualTo("a b c d");
    }

    @Test
    void aTemplateChangesItsWhitespaceAsItGoes() {
        assertThat(
                        render(
                                "{% whitespace oneline %}a\n\n b{% if true %} \t c{% endif %}{% whitespace all %}  d",
                                Map.of()))
                .isEqualTo("a b c  d");
    }

    // ---- escaping ----

    @Test
    void escapingIsChosenByLoaderByTemplateAndByExpression() {
        var none =
                loader(
                        TemplateOptions.DEFAULTS.withAutoescape("none"),
                        "t",
                        "{{ x }}{{ x | escape }}");
        assertThat(none.render("t", Map.of("x", "<"))).isEqualTo("<&lt;");
        assertThat(
                        render(
                                "{{ x }}{{ x | raw }}{% autoescape false %}{{ x }}{% endautoescape %}"
                                        + "{% autoescape 'url_param' %}{{ x }}{% endautoescape %}",
                                Map.of("x", "<")))
                .isEqualTo("&lt;<<%3C");
    }

    @Test
    void aLoaderCanHaveWaysToEscapeOfItsOwn() {
        var brackets = TemplateOptions.DEFAULTS.withEscape("brackets", text -> "[" + text + "]");
        var text =
                "{% autoescape 'brackets' %}{{ 1 }}{% endautoescape %}{{ 'a' | escape(strategy='brackets') }}";
        assertThat(loader(brackets, "t", text).render("t", Map.of())).isEqualTo("[1][a]");
        assertThat(
                        loader(brackets.withAutoescape("brackets"), "t", "{{ x }}")
                                .render("t", Map.of("x", 2)))
                .isEqualTo("[2]");
    }

    @Test
    void aBlockIsEscapedAsTheFileThatDefinesItSays() {
        var templates =
                loader(
                        TemplateOptions.DEFAULTS,
                        "base",
                        "{% block b %}{{ x }}{% endblock %}",
                        "raw",
                        "{% extends 'base' %}{% block b %}{% autoescape false %}{{ x }}{% endautoescape %}{% endblock %}",
                        "escaped",
                        "{% extends 'raw' %}{% block b %}{{ x }}{{ parent() }}{% endblock %}",
                        "inherits",
                        "{% extends 'raw' %}");
        assertThat(templates.render("base", Map.of("x", "<"))).isEqualTo("&lt;");
        assertThat(templates.render("raw", Map.of("x", "<"))).isEqualTo("<");
        assertThat(templates.render("inherits", Map.of("x", "<"))).isEqualTo("<");
        assertThat(templates.render("escaped", Map.of("x", "<"))).isEqualTo("&lt;<");
    }

    // ---- limits and faults ----

    @Test
    void whatATemplateMakesHasALimit() {
        var templates =
                loader(
                        TemplateOptions.DEFAULTS.withMaxLength(1000),
                        "t",
                        "{% for i in range(0, n) %}0123456789{% endfor %}");
        assertThat(templates.render("t", Map.of("n", 9))).hasSize(100);
        assertThatThrownBy(() -> templates.render("t", Map.of("n", 200)))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> TemplateOptions.DEFAULTS.withMaxLength(0))
                .hasMessage("maxLength: 0 characters (at least 1)");
    }

    @Test
    void aFaultIsShownAmongTheLinesAroundIt() {
        var text = "1\n2\n3\n4\n5\n6\n7 {{ nobody }}\n8\n9\n10\n11\n12\n13";
        assertThatThrownBy(() -> render(text, Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> {
                            assertThat(e.line()).isEqualTo(7);
                            assertThat(e.excerpt()).hasSize(11);
                            assertThat(e.excerpt().getFirst())
                                    .isEqualTo(new TemplateException.Line(2, "2"));
                            assertThat(e.excerpt().get(5))
                                    .isEqualTo(new TemplateException.Line(7, "7 {{ nobody }}"));
                        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "base | base:2",
                "leaf | leaf:3",
                "included | part:2",
                "three | part:2",
            })
    void aFaultIsFoundInTheFileThatHasIt(String name, String where) {
        var templates =
                loader(
                        TemplateOptions.DEFAULTS,
                        "base",
                        "\n{% block b %}{{ 1 / zero }}{% endblock %}",
                        "leaf",
                        "{% extends 'base' %}\n{% block b %}\n{{ 1 / zero }}{% endblock %}",
                        "part",
                        "\n{{ 1 / zero }}",
                        "included",
                        "{% include 'part' %}",
                        "three",
                        "{% include 'included' %}");
        assertThatThrownBy(() -> templates.render(name, Map.of("zero", 0)))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> assertThat(e.template() + ":" + e.line()).isEqualTo(where))
                .satisfies(e -> {
                    if (!where.startsWith(name + ":")) {
                        assertThat(e).hasMessageEndingWith(" (rendering " + name + ")");
                    }
                });
    }
}
