package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.TemplatePages.rendered;
import static whirlwind.web.TemplatePages.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.LogCapture;
import whirlwind.web.TemplatePages.Page;
import whirlwind.web.files.StaticSite;
import whirlwind.web.template.TemplateArguments;

/** Parts of pages that bring their styles and scripts along. */
class UIModuleTest {
    private static final String PAGE = "<html><head></head><body>%s</body></html>";

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
    void aModuleIsForOnePage() throws Exception {
        class Shared extends UIModule {
            @Override
            protected String render(TemplateArguments arguments) {
                return "shared";
            }
        }
        var only = new Shared();
        var settings = settings("t", "{% module Shared() %}").withUiModule("Shared", () -> only);
        try (var log = LogCapture.of(RequestHandler.class)) {
            assertThat(rendered(settings, Page::new)).isEqualTo("shared");
            assertThat(rendered(settings, Page::new)).contains("500");
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(
                            again -> assertThat(again).hasStackTraceContaining("in a page before"));
        }
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
}
