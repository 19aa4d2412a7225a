package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.TemplatePages.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.web.TemplatePages.Page;
import whirlwind.web.files.StaticSite;

/** Where pages find the static files of their application. */
class StaticUrlTest {
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
}
