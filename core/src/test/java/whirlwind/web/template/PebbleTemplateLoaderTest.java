package whirlwind.web.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class PebbleTemplateLoaderTest {
    /** What templates show: public so that Pebble may look into it. */
    public record User(String name) {
        /** Fails, to see where it is said to. */
        public String broken() {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void valuesAreEscapedUnlessTheTemplateSaysRaw() {
        var templates =
                templates(
                        "t",
                        "{{ x }} {{ x | raw }} {% autoescape false %}{{ x }}{% endautoescape %}");

        assertThat(templates.render("t", Map.of("x", "<&\"'>")))
                .isEqualTo("&lt;&amp;&quot;&#x27;&gt; <&\"'> <&\"'>");
    }

    @Test
    void recordsMapsAndListsAreReached() {
        var templates =
                templates(
                        "t",
                        "{{ user.name }} {{ map.key }} {% for x in list %}{{ x }};{% endfor %}{% if none is null %}null{% endif %}");
        var values = new HashMap<String, Object>();
        values.put("user", new User("Ada"));
        values.put("map", Map.of("key", 1));
        values.put("list", List.of(1, 2));
        values.put("none", null);

        assertThat(templates.render("t", Collections.unmodifiableMap(values)))
                .isEqualTo("Ada 1 1;2;null");
    }

    @Test
    void templatesExtendOthersBlockByBlock() {
        var templates =
                templates(
                        "base",
                                "<{% block title %}base{% endblock %}|{% block body %}body{% endblock %}>",
                        "middle",
                                "{% extends \"base\" %}{% block title %}middle{% endblock %}ignored",
                        "leaf",
                                "{% extends \"middle\" %}{% block body %}{{ parent() }} of {{ x }}{% endblock %}");

        assertThat(templates.render("leaf", Map.of("x", "<leaf>")))
                .isEqualTo("<middle|body of &lt;leaf&gt;>");
    }

    @Test
    void namesAreRelativeToTheTemplateThatHasThem() {
        var templates =
                templates(
                        "a/1",
                        "1{% include \"2\" %}",
                        "a/2",
                        "2{% include \"../b/3\" %}",
                        "b/3",
                        "3{% include \"/4\" %}",
                        "4",
                        "4{% include \"./a/../5\" %}",
                        "5",
                        "5");

        assertThat(templates.render("a/1", Map.of())).isEqualTo("12345");
        assertThat(templates.render("/a/./1", Map.of())).isEqualTo("12345");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "a/../../secret", "/../secret", ".."})
    void namesThatLeadOutOfTheRootAreRefused(String name, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("secret"), "secret");
        var root = Files.createDirectory(folder.resolve("templates"));
        Files.writeString(root.resolve("include"), "{% include name %}");
        var templates = new PebbleTemplateLoader(TemplateSource.folder(root));

        assertThatThrownBy(() -> templates.render(name, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("leads out of");
        assertThatThrownBy(() -> templates.render("include", Map.of("name", name)))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("leads out of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..\\secret", "..%2Fsecret"})
    void nothingElseLeadsOutOfAFolderEither(String name, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("secret"), "secret");
        var root = Files.createDirectory(folder.resolve("templates"));
        var templates = new PebbleTemplateLoader(TemplateSource.folder(root));

        assertThatThrownBy(() -> templates.render(name, Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageEndingWith("no such template in " + root);
        assertThatThrownBy(() -> templates.render("", Map.of()))
                .isInstanceOf(TemplateException.class);
    }

    @Test
    void aFolderThatIsNotThereIsNamed(@TempDir Path folder) {
        var missing = folder.resolve("templates");
        var templates = new PebbleTemplateLoader(TemplateSource.folder(missing));

        assertThatThrownBy(() -> templates.render("home.html", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("home.html: cannot be read: there is no folder " + missing);
    }

    @Test
    void tornadosEndOfABlockIsAnsweredWithOurs() {
        var templates = templates("t", "{% if true %}\nyes\n{% end %}");

        assertThatThrownBy(() -> templates.render("t", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage(
                        "t:3: Unexpected tag name \"end\": {% if %} ends with {% endif %}, {% for %} with"
                                + " {% endfor %}");
    }

    @Test
    void aMissingTemplateIsNamedWithWhereItWasLookedFor(@TempDir Path folder) {
        assertThatThrownBy(() -> missing(TemplateSource.folder(folder)))
                .hasMessage("a/b: no such template in " + folder);
        var here = PebbleTemplateLoaderTest.class;
        assertThatThrownBy(() -> missing(TemplateSource.classPath(here, "")))
                .hasMessage(
                        "a/b: no such template beside %s; the setting templatePath names a folder",
                        here.getName());
        assertThatThrownBy(() -> missing(TemplateSource.classPath(here, "/pages")))
                .hasMessage(
                        "a/b: no such template in /pages on the class path of %s", here.getName());
        assertThatThrownBy(() -> missing(TemplateSource.classPath(List.class, "")))
                .hasMessage(
                        "a/b: no such template beside java.util.List, where only \"opens java.util;\""
                                + " in its module-info.java lets us look");
    }

    private static void missing(TemplateSource source) {
        new PebbleTemplateLoader(source).render("a/b", Map.of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% include \"t\" %}",
                "{% extends \"t\" %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"
            })
    void aTemplateThatNeverEndsIsNamed(String text) {
        assertThatThrownBy(() -> templates("t", text).render("t", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("t: nested too deep: does a template extend or include");
    }

    @Test
    void aMissingTemplateIsNamed() {
        var templates = templates("t", "{% include \"u\" %}");

        assertThatThrownBy(() -> templates.render("a/b", Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> assertThat(e.template() + e.line()).isEqualTo("a/b0"))
                .hasMessage("a/b: no such template");
        assertThatThrownBy(() -> templates.render("t", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("u: no such template");
    }

    @Test
    void aMissingVariableIsReportedWithTemplateAndLine() {
        var templates = templates("t", "\n{% include \"u\" %}", "u", "\n\n{{ nobody }}");

        assertThatThrownBy(() -> templates.render("t", Map.of()))
                .isInstanceOfSatisfying(
                        TemplateException.class,
                        e -> {
                            assertThat(e.template()).isEqualTo("u");
                            assertThat(e.line()).isEqualTo(3);
                        })
                .hasMessageStartingWith("u:3: ")
                .hasMessageContaining("nobody");
    }

    @Test
    void aMissingAttributeIsReportedWithTemplateAndLine() {
        assertThatThrownBy(() ->
                        templates("t", "\n{{ user.age }}")
                                .render("t", Map.of("user", new User("Ada"))))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("t:2: ");
    }

    @Test
    void whatAMethodThrowsIsReportedWithTemplateAndLine() {
        assertThatThrownBy(() ->
                        templates("t", "\n{{ user.broken }}")
                                .render("t", Map.of("user", new User("Ada"))))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("t:2: ")
                .hasRootCauseMessage("broken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n{% if %}", "\n{% nonsense %}", "\n{{ a", "\n{% endif %}"})
    void malformedTemplatesAreReportedWithTheirLine(String text) {
        assertThatThrownBy(() -> templates("t", text).render("t", Map.of("a", 1)))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("t:2: ");
    }

    @Test
    void textThatIsNotUtf8IsReported(@TempDir Path folder) throws IOException {
        Files.write(folder.resolve("t"), new byte[] {'a', (byte) 0xE9});

        assertThatThrownBy(() ->
                        new PebbleTemplateLoader(TemplateSource.folder(folder))
                                .render("t", Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessage("t: cannot be read: malformed UTF-8: 0xE9 at byte 1");
    }

    @Test
    void changesAreSeenAfterAReset(@TempDir Path folder) throws IOException {
        var templates = new PebbleTemplateLoader(TemplateSource.folder(folder));
        Files.writeString(folder.resolve("t"), "old \u00e9");
        assertThat(templates.render("t", Map.of())).isEqualTo("old \u00e9");

        Files.writeString(folder.resolve("t"), "new");
        assertThat(templates.render("t", Map.of())).isEqualTo("old \u00e9");
        templates.reset();
        assertThat(templates.render("t", Map.of())).isEqualTo("new");
    }

    @Test
    void templatesLieBesideAClassOrAtTheRootOfTheClassPath() {
        assertThat(
                        new PebbleTemplateLoader(
                                        TemplateSource.classPath(
                                                PebbleTemplateLoaderTest.class, ""))
                                .render("hello.html", Map.of("name", "<x>")))
                .isEqualTo("Hello, &lt;x&gt;!\n");
        assertThat(
                        new PebbleTemplateLoader(
                                        TemplateSource.classPath(
                                                PebbleTemplateLoaderTest.class, "/whirlwind/web"))
                                .render("template/hello.html", Map.of("name", "x")))
                .isEqualTo("Hello, x!\n");
    }

    @Test
    void tornadosFunctionsAreFiltersAndFunctions() {
        var templates =
                templates(
                        "t",
                        "{{ a | url_escape }} {{ b | json_encode | raw }} {{ a | squeeze | escape }}"
                                + " {{ url_escape(a) }} {{ squeeze(a) }} {{ escape(c) }} {{ c | xhtml_escape }}"
                                + " {{ c | linkify }} {{ linkify(c) }}");

        var values = Map.of("a", " <a>  b ", "b", List.of("</x>"), "c", "<www.x>");
        assertThat(templates.render("t", values))
                .isEqualTo(
                        "+%3Ca%3E++b+ [\"<\\/x>\"] &lt;a&gt; b +%3Ca%3E++b+ &lt;a&gt; b"
                                + " &lt;www.x&gt; &lt;www.x&gt;"
                                + " &lt;<a href=\"http://www.x\">www.x</a>&gt;"
                                + " &lt;<a href=\"http://www.x\">www.x</a>&gt;");
    }

    @Test
    void globalsAreSeenByEveryTemplateAndYieldToItsValues() {
        var templates =
                new PebbleTemplateLoader(
                        TemplateSource.map(Map.of("t", "{{ site }}")),
                        TemplateOptions.DEFAULTS.withGlobal("site", "global"));

        assertThat(templates.render("t", Map.of())).isEqualTo("global");
        assertThat(templates.render("t", Map.of("site", "own"))).isEqualTo("own");
    }

    private static TemplateLoader templates(String... namesAndTexts) {
        var texts = new HashMap<String, String>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return new PebbleTemplateLoader(TemplateSource.map(texts));
    }
}
