package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.web.TemplatePages.rendered;
import static whirlwind.web.TemplatePages.settings;
import static whirlwind.web.TemplatePages.templates;
import static whirlwind.web.Verbs.onGet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.LogCapture;
import whirlwind.web.TemplatePages.Page;
import whirlwind.web.locale.Catalogue;
import whirlwind.web.locale.Locales;
import whirlwind.web.template.TemplateLoader;

/** What handlers show by templates. */
class ViewsTest {
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

    @Test
    void aFutureForATemplateIsToBeAwaitedFirst() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class)) {
            rendered(
                    settings("t", "{{ cards }}"),
                    onGet(h -> h.render("t", Map.of("cards", new CompletableFuture<>()))));
            assertThat(log.failures())
                    .singleElement()
                    .asString()
                    .contains("t: cards is a future", "Async.await it");
        }
    }
}
