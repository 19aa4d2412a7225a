package whirlwind.demos.page;

import java.util.List;
import whirlwind.web.Application;

/** Adds a demo's page to its application. */
public final class Pages {
    private static final List<String> SHARED = List.of("icon.svg", "page.css", "page.js");

    private Pages() {}

    /**
     * Adds {@code index.html} at {@code /}, and below {@code /static/} what it needs: files beside
     * {@code neighbour}'s class file, and those that all pages share.
     */
    public static Application add(Application application, Class<?> neighbour, String... files) {
        application.route("/", PageHandler.of(neighbour, "index.html"));
        for (var file : files) {
            application.route("/static/" + file, PageHandler.of(neighbour, file));
        }
        for (var file : SHARED) {
            application.route("/static/" + file, PageHandler.of(PageHandler.class, file));
        }
        return application;
    }
}
