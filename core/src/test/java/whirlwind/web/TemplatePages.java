package whirlwind.web;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import whirlwind.web.template.PebbleTemplateLoader;
import whirlwind.web.template.TemplateSource;

/** Renders a page from a template. */
final class TemplatePages {
    /** Renders the template {@code t}. */
    static class Page extends RequestHandler {
        @Override
        protected void get() {
            render("t", Map.of());
        }
    }

    private TemplatePages() {}

    static PebbleTemplateLoader templates(String... namesAndTexts) {
        var texts = new HashMap<String, String>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            texts.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return new PebbleTemplateLoader(TemplateSource.map(texts));
    }

    static ApplicationSettings settings(String... namesAndTexts) {
        return ApplicationSettings.DEFAULTS.withTemplates(templates(namesAndTexts));
    }

    static String rendered(
            ApplicationSettings settings, Supplier<RequestHandler> page, String... headers)
            throws Exception {
        try (var app = ServedApplication.of(new Application(settings).route("/", page, "home"))) {
            return app.get("/", headers).body();
        }
    }
}
