package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.LogCapture;
import whirlwind.web.files.StaticSite;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;
import whirlwind.web.locale.UserLocale;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateArguments;
import whirlwind.web.template.TemplateLoader;
import whirlwind.web.template.TemplateSource;

/** What handlers show: templates, modules, languages. */
class ViewsTest {
    private static final String PAGE = "<html><head></head><body>%s</body></html>";

    /** Renders the template {@code t}. */
    static class Page extends RequestHandler {
        @Override
        protected void get() {
            render("t", Map.of());
        }
    }

    /** Has more to show. */
    static class Extra extends Page {
        /** For templates. */
        public String extra() {
            return "<extra>";
        }

        @Override
        protected Object getCurrentUser() {
            return "ada";
        }

        @Override
        protected Map<String, ?> getTemplateNamespace() {
            return Map.of("own", "mine");
        }
    }

    private static PebbleTemplateLoader templates(String... namesAndTexts) {
        var texts = new HashMap<String, String>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return new PebbleTemplateLoader(TemplateSource.map(texts));
    }

    private static ApplicationSettings settings(String... namesAndTexts) {
        return ApplicationSettings.DEFAULTS.withTemplates(templates(namesAndTexts));
    }

    private static String rendered(
            ApplicationSettings settings, Supplier<RequestHandler> page, String... headers)
            throws Exception {
        try (var app = ServedApplication.of(new Application(settings).route("/", page, "home"))) {
            return app.get("/", headers).body();
        }
    }

    // ---- what templates see ----

    @Test
    void templatesSeeTheHandlerAndItsFunctions() throws Exception {
        var settings =
                settings(
                                "t",
                                "{{ handler.extra }} {{ request.path }} {{ current_user }} {{ locale.code }}"
                                        + " {{ _('yes') }} {{ translate('yes') }} {{ _('one', 'many', 2) }}"
                                        + " {{ pgettext('noun', 'yes') }} {{ reverse_url('home') }}"
                                        + " {{ own }} {{ xsrf_form_html() }}")
                        .withLocales(Locales.of(Map.of("de", Catalogue.of(Map.of("yes", "ja")))));
        assertThat(rendered(settings, Extra::new, "Accept-Language", "de"))
                .startsWith("&lt;extra&gt; / ada de ja ja many ja / mine ")
                .contains("<input type=\"hidden\" name=\"_xsrf\"");
    }

    @Test
    void whatIsHandedToATemplateComesBeforeTheNamespace() throws Exception {
        Supplier<RequestHandler> page =
                () ->
                        new RequestHandler() {
                            @Override
                            protected void get() {
                                render("t", Map.of("locale", "mine", "own", 2));
                            }

                            @Override
                            protected Map<String, ?> getTemplateNamespace() {
                                return Map.of("own", 1);
                            }
                        };
        assertThat(rendered(settings("t", "{{ locale }} {{ own }}"), page)).isEqualTo("mine 2");
    }

    @Test
    void uiMethodsGetTheHandlerFirst() throws Exception {
        var settings =
                settings("t", "{{ greet('<Ada>', loud=true) }}")
                        .withUiMethod(
                                "greet",
                                (handler, arguments) ->
                                        handler.request().path()
                                                + arguments.text(0)
                                                + arguments.get("loud", false));
        assertThat(rendered(settings, Page::new)).isEqualTo("/&lt;Ada&gt;true");
        assertThatThrownBy(() -> settings.withUiMethod("_x", (handler, arguments) -> ""))
                .hasMessageContaining("uiMethod: \"_x\"");
    }

    @Test
    void withoutATemplatePathTemplatesLieBesideTheHandlersClass() throws Exception {
        Supplier<RequestHandler> page =
                () ->
                        new RequestHandler() {
                            @Override
                            protected void get() {
                                render("template/hello.html", Map.of("name", "Ada"));
                            }
                        };
        assertThat(rendered(ApplicationSettings.DEFAULTS, page)).isEqualTo("Hello, Ada!\n");
    }

    @Test
    void aHandlerCanHaveTemplatesOfItsOwn() throws Exception {
        Supplier<RequestHandler> page =
                () ->
                        new Page() {
                            @Override
                            protected TemplateLoader getTemplateLoader() {
                                return templates("t", "own");
                            }
                        };
        assertThat(rendered(settings("t", "application's"), page)).isEqualTo("own");
    }

    @Test
    void templatesAreReadAgainOnlyWhereTheyAreNotKept(@TempDir Path folder) throws Exception {
        for (boolean cached : new boolean[] {true, false}) {
            Files.writeString(folder.resolve("t"), "old");
            var settings =
                    ApplicationSettings.DEFAULTS.withTemplatePath(folder).withTemplateCache(cached);
            try (var app = ServedApplication.of(new Application(settings).route("/", Page::new))) {
                assertThat(app.get("/").body()).isEqualTo("old");
                Files.writeString(folder.resolve("t"), "new");
                assertThat(app.get("/").body()).isEqualTo(cached ? "old" : "new");
            }
        }
    }

    @Test
    void aFaultyTemplateIsLoggedAndNotShown() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class)) {
            assertThat(rendered(settings("t", "\n{{ secret_name }}"), Page::new))
                    .contains("500")
                    .doesNotContain("secret_name");
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageStartingWith("t:2: "));
        }
    }

    @Test
    void inDebugModeTheLinesAroundAFaultAreShown() throws Exception {
        var settings = settings("t", "<h1>\nbefore\n{{ nobody }}\nafter\n</h1>").withDebug(true);
        try (var log = LogCapture.of(RequestHandler.class)) {
            assertThat(rendered(settings, Page::new, "Accept", "text/html"))
                    .contains("   1  &lt;h1&gt;\n   2  before\n<mark>   3  {{ nobody }}</mark>\n")
                    .contains("   4  after\n");
            assertThat(log.failures()).hasSize(1);
        }
    }

    @Test
    void debugModeReadsTemplatesAnew(@TempDir Path folder) throws Exception {
        var settings = ApplicationSettings.DEFAULTS.withDebug(true);
        assertThat(settings.templateCache()).isFalse();
        assertThat(settings.staticHashCache()).isFalse();
        assertThat(settings.withTemplateCache(true).templateCache()).isTrue();
        Files.writeString(folder.resolve("t"), "old");
        try (var app =
                ServedApplication.of(
                        new Application(settings.withTemplatePath(folder)).route("/", Page::new))) {
            assertThat(app.get("/").body()).isEqualTo("old");
            Files.writeString(folder.resolve("t"), "new");
            assertThat(app.get("/").body()).isEqualTo("new");
        }
    }

    // ---- languages ----

    private static final Locales LOCALES =
            Locales.of(Map.of("de", Catalogue.of(Map.of("yes", "ja")), "fr", Catalogue.EMPTY));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fr;q=0.2, de;q=0.9 | de",
                "fr;q=0.2, de; q=0.9 | de",
                "de;q=0, fr | fr",
                "de;q=-1, fr;q=0.1 | fr",
                "it | en_US",
                "'' | en_US",
            })
    void theBrowserChoosesTheLanguage(String header, String expected) throws Exception {
        var settings = settings("t", "{{ locale.code }}").withLocales(LOCALES);
        assertThat(rendered(settings, Page::new, "Accept-Language", header)).isEqualTo(expected);
    }

    @Test
    void theUsersChoiceComesBeforeTheBrowsersAndAnAssignedOneFirst() throws Exception {
        var asked = new AtomicInteger();
        class Chosen extends Page {
            @Override
            protected UserLocale getUserLocale() {
                asked.incrementAndGet();
                return settings().locales().get("fr");
            }
        }
        var settings = settings("t", "{{ locale.code }}{{ locale.code }}").withLocales(LOCALES);
        assertThat(rendered(settings, Chosen::new, "Accept-Language", "de")).isEqualTo("frfr");
        assertThat(asked).hasValue(1);

        class Assigned extends Chosen {
            @Override
            protected void prepare() {
                setLocale(settings().locales().get("de"));
            }
        }
        assertThat(rendered(settings, Assigned::new)).isEqualTo("dede");
        assertThat(asked).hasValue(1);
    }

    @Test
    void pebblesOwnFiltersSpeakTheLanguageToo() throws Exception {
        var settings =
                settings("t", "{{ 1234.5 | numberformat('#,##0.00') }}").withLocales(LOCALES);
        assertThat(rendered(settings, Page::new, "Accept-Language", "de")).isEqualTo("1.234,50");
        assertThat(rendered(settings, Page::new, "Accept-Language", "en")).isEqualTo("1,234.50");
    }

    // ---- static URLs ----

    @Test
    void staticUrlsHaveTheFilesVersion(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("a b.css"), "a");
        var settings =
                settings(
                                "t",
                                "{{ static_url('a b.css') }} {{ static_url('a b.css', include_host=true) }}"
                                        + " {{ static_url('none.css') }}")
                        .withStaticFiles(StaticSite.folder(folder).withPrefix("/s/"));
        try (var app = ServedApplication.of(new Application(settings).route("/", Page::new))) {
            var urls = app.get("/").body().split(" ");
            assertThat(urls[0]).matches("/s/a%20b\\.css\\?v=[0-9a-f]{32}");
            assertThat(urls[1]).isEqualTo("http://127.0.0.1:" + app.port() + urls[0]);
            assertThat(urls[2]).isEqualTo("/s/none.css");
            var file = app.get(urls[0]);
            assertThat(file.body()).isEqualTo("a");
            assertThat(file.headers().firstValue("Etag"))
                    .contains('"' + urls[0].substring(urls[0].indexOf('=') + 1) + '"');
        }
    }

    @Test
    void staticFilesHaveRoutesBeforeAllOthers(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("robots.txt"), "robots");
        Files.write(folder.resolve("favicon.ico"), "icon".getBytes(UTF_8));
        var settings = settings().withStaticFiles(StaticSite.folder(folder));
        try (var app =
                ServedApplication.of(new Application(settings).route("/{path:*}", Page::new))) {
            assertThat(app.get("/robots.txt").body()).isEqualTo("robots");
            assertThat(app.get("/favicon.ico").body()).isEqualTo("icon");
            assertThat(app.get("/static/robots.txt").body()).isEqualTo("robots");
        }
    }

    // ---- modules ----

    /** With everything that a module can bring. */
    static final class Entry extends UIModule {
        @Override
        protected String render(TemplateArguments arguments) {
            return renderString("entry", Map.of("text", arguments.get(0)));
        }

        @Override
        protected List<String> cssFiles() {
            return List.of("entry.css", "/absolute.css", "entry.css");
        }

        @Override
        protected String embeddedCss() {
            return ".entry {}";
        }

        @Override
        protected String htmlHead() {
            return "<!-- head -->";
        }

        @Override
        protected List<String> javascriptFiles() {
            return List.of("https://cdn.example/entry.js");
        }

        @Override
        protected String embeddedJavascript() {
            return "js()";
        }

        @Override
        protected String htmlBody() {
            return "<!-- body -->";
        }
    }

    @Test
    void aModulesResourcesAreInThePageOnce(@TempDir Path folder) throws Exception {
        var settings =
                settings(
                                "t",
                                PAGE.formatted("{% module Entry('<a>') %}{% module Entry('b') %}"),
                                "entry",
                                "<p>{{ text }}</p>")
                        .withUiModule("Entry", Entry::new)
                        .withStaticFiles(StaticSite.folder(folder));
        assertThat(rendered(settings, Page::new))
                .isEqualTo(
                        """
                        <html><head><link href="/static/entry.css" rel="stylesheet"><link href="/absolute.css" rel="stylesheet">
                        <style>
                        .entry {}
                        </style>
                        <!-- head -->
                        </head><body><p>&lt;a&gt;</p><p>b</p><script src="https://cdn.example/entry.js"></script>
                        <script>
                        js()
                        </script>
                        <!-- body -->
                        </body></html>\
                        """);
    }

    @Test
    void scriptsGoBeforeTheLastEndOfABody() throws Exception {
        class Script extends UIModule {
            @Override
            protected String render(TemplateArguments arguments) {
                return "";
            }

            @Override
            protected String embeddedJavascript() {
                return "js()";
            }
        }
        var text = "<body><script>'</body>'</script>{% module Script() %}</body>";
        var settings = settings("t", text).withUiModule("Script", Script::new);
        assertThat(rendered(settings, Page::new))
                .isEqualTo("<body><script>'</body>'</script><script>\njs()\n</script>\n</body>");

        try (var log = LogCapture.of(RequestHandler.class)) {
            var headless =
                    settings("t", "{% module Script() %}").withUiModule("Script", Script::new);
            assertThat(rendered(headless, Page::new)).contains("500");
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure).hasMessageContaining("no </body>"));
        }
    }

    @Test
    void aHandlerCanWriteTheElementsItself() throws Exception {
        Supplier<RequestHandler> page =
                () ->
                        new Page() {
                            @Override
                            protected PageMarkup pageMarkup() {
                                return new PageMarkup() {
                                    @Override
                                    protected String linkedJavascript(List<String> urls) {
                                        return "<script nonce=\"n\" src=\""
                                                + urls.getFirst()
                                                + "\"></script>";
                                    }
                                };
                            }
                        };
        var text = PAGE.formatted("{% module Template('x') %}");
        var settings = settings("t", text, "x", "{{ set_resources(javascript_files='/x.js') }}");
        assertThat(rendered(settings, page))
                .contains("<script nonce=\"n\" src=\"/x.js\"></script>\n</body>");
    }

    @Test
    void aModuleKnowsItsHandlerAndIsOneForAPage() throws Exception {
        var made = new AtomicInteger();
        class Counting extends UIModule {
            private int calls;

            Counting() {
                made.incrementAndGet();
            }

            @Override
            protected String render(TemplateArguments arguments) {
                return request().path() + locale().code() + currentUser() + ++calls + " ";
            }
        }
        var settings =
                settings("t", "{% module C() %}{{ modules.C() }}").withUiModule("C", Counting::new);
        assertThat(rendered(settings, Page::new)).isEqualTo("/en_USnull1 /en_USnull2 ");
        assertThat(made).hasValue(1);
    }

    @Test
    void templateModulesSeeWhatTheyAreHandedAndBringResources() throws Exception {
        var settings =
                settings(
                        "t",
                        PAGE.formatted(
                                "{% set secret = 1 %}{% module Template('e', x='<1>') %}{% module Template('e', x=2) %}"),
                        "e",
                        "{{ set_resources(embedded_css='.e {}', css_files=['/e.css']) }}{{ x }}{{ secret is defined }}");
        assertThat(rendered(settings, Page::new))
                .isEqualTo(
                        """
                        <html><head><link href="/e.css" rel="stylesheet">
                        <style>
                        .e {}
                        </style>
                        </head><body>&lt;1&gt;false2false</body></html>\
                        """);
    }

    @Test
    void aTemplateModuleAsksForTheSameResourcesEveryTime() throws Exception {
        var settings =
                settings(
                        "t",
                        "{% module Template('e', x='1') %}{% module Template('e', x='2') %}",
                        "e",
                        "{{ set_resources(embedded_css=x) }}");
        try (var log = LogCapture.of(RequestHandler.class)) {
            assertThat(rendered(settings, Page::new)).contains("500");
            assertThat(log.failures().getFirst())
                    .hasRootCauseMessage("e asks for other resources than when it was used before");
        }
    }

    @Test
    void someModulesAreBuiltIn() throws Exception {
        var settings =
                settings("t", "{% module linkify('<www.x>') %} {% module xsrf_form_html() %}");
        assertThat(rendered(settings, Page::new))
                .startsWith("&lt;<a href=\"http://www.x\">www.x</a>&gt; <input type=\"hidden\"");
    }

    @Test
    void aFaultInAModulesTemplateIsFoundThere() throws Exception {
        var settings = settings("t", "\n\n{% module Template('e') %}", "e", "\n{{ 1 / zero }}");
        try (var log = LogCapture.of(RequestHandler.class)) {
            assertThat(rendered(settings, Page::new)).contains("500");
            assertThat(log.failures().getFirst()).hasMessageStartingWith("e:2: ");
        }
    }

    @Test
    void aPageIsRenderedOnce() throws Exception {
        var second = new CompletableFuture<@Nullable Throwable>();
        Supplier<RequestHandler> page =
                () ->
                        new Page() {
                            @Override
                            protected void onFinish() {
                                try {
                                    render("t", Map.of());
                                    second.complete(null);
                                } catch (IllegalStateException e) {
                                    second.complete(e);
                                }
                            }
                        };
        assertThat(rendered(settings("t", "page"), page)).isEqualTo("page");
        assertThat(second.get()).isInstanceOf(IllegalStateException.class);
    }
}
