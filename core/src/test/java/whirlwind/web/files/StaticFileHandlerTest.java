package whirlwind.web.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HttpDate;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

/** Files as they are sent: their types, how long they may be kept, and where they can come from. */
class StaticFileHandlerTest extends ServedFolder {
    @Test
    void filesAreServedWithTypeLengthTagAndDate() throws Exception {
        var response = app.get("/static/text.txt");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(TEXT);
        var headers = response.headers();
        assertThat(headers.firstValue("Content-Type")).contains("text/plain; charset=UTF-8");
        assertThat(headers.firstValue("Content-Length")).contains("26");
        assertThat(headers.firstValue("Etag")).isPresent();
        assertThat(headers.firstValue("Last-Modified")).isPresent();
        assertThat(headers.firstValue("Cache-Control")).contains("no-cache");
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        var head = app.send("HEAD", "/static/text.txt", "");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).contains("26");
    }

    @Test
    void aLargeFileArrivesWhole() throws Exception {
        var large = new byte[1_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ('a' + i % 26);
        }
        Files.write(root.resolve("large.bin"), large);
        var response = app.get("/static/large.bin");
        assertThat(Arrays.equals(response.body().getBytes(UTF_8), large)).isTrue();
    }

    @Test
    void aVersionedUrlMayBeCachedForLong() throws Exception {
        assertThat(app.get("/static/text.txt?v=1").headers().firstValue("Cache-Control"))
                .contains("public, max-age=315360000, immutable");
    }

    @Test
    void aUrlWithTheVersionOfAnotherServersFileIsNotCached() throws Exception {
        var etag = app.get("/static/text.txt").headers().firstValue("Etag").orElseThrow();
        var own = etag.replace("\"", "");
        var next = "0".repeat(own.length());
        assertThat(app.get("/static/text.txt?v=" + own).headers().firstValue("Cache-Control"))
                .hasValueSatisfying(value -> assertThat(value).endsWith("immutable"));
        assertThat(app.get("/static/text.txt?v=" + next).headers().firstValue("Cache-Control"))
                .contains("no-cache");
    }

    @Test
    void aVersionedUrlExpiresInTenYears() throws Exception {
        var headers = app.get("/static/text.txt?v=1").headers();
        var sent = HttpDate.parse(headers.firstValue("Date").orElseThrow());
        var expires = HttpDate.parse(headers.firstValue("Expires").orElseThrow());
        assertThat(Duration.between(sent, expires))
                .isCloseTo(Duration.ofDays(3650), Duration.ofMinutes(1));
        assertThat(app.get("/static/text.txt").headers().firstValue("Expires")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "br, gzip | br | brotli",
                "gzip | gzip | gzipped",
                "br;q=0.5, gzip | gzip | gzipped",
                "br;q=0, gzip;q=0 | '' | abcdefghijklmnopqrstuvwxyz",
                "* | br | brotli",
                "*;q=0 | '' | abcdefghijklmnopqrstuvwxyz",
                "identity | '' | abcdefghijklmnopqrstuvwxyz",
            })
    void whatWasCompressedBeforeIsSentToWhoAcceptsIt(String accept, String coding, String body)
            throws Exception {
        Files.writeString(root.resolve("text.txt.br"), "brotli");
        Files.writeString(root.resolve("text.txt.gz"), "gzipped");
        var site = StaticSite.folder(root).withPrecompressed();
        try (var compressed =
                ServedApplication.of(
                        new Application().route("/{path:*}", StaticFileHandler.in(site)))) {
            var response = compressed.get("/text.txt", "Accept-Encoding", accept);
            assertThat(response.body()).isEqualTo(body);
            var headers = response.headers();
            assertThat(headers.firstValue("Content-Encoding").orElse("")).isEqualTo(coding);
            assertThat(headers.firstValue("Content-Type")).contains("text/plain; charset=UTF-8");
            assertThat(headers.firstValue("Vary")).contains("Accept-Encoding");
            assertThat(compressed.get("/page.html", "Accept-Encoding", accept).body())
                    .isEqualTo("<p>page</p>");
        }
    }

    /** RFC 9110 section 15.4.5. */
    @ParameterizedTest
    @ValueSource(strings = {"/packed.txt", "/picture.png", "/long.txt"})
    void whatHasNotChangedHasTheTagThatItHadWhenItWasSent(String path) throws Exception {
        Files.writeString(root.resolve("packed.txt"), "packed");
        Files.writeString(root.resolve("packed.txt.gz"), "gzipped");
        Files.write(root.resolve("picture.png"), new byte[5000]);
        Files.writeString(root.resolve("long.txt"), "long ".repeat(1000));
        var settings = ApplicationSettings.DEFAULTS.withCompressResponse(true);
        var site = StaticSite.folder(root).withPrecompressed();
        try (var served =
                ServedApplication.of(
                        new Application(settings).route("/{path:*}", StaticFileHandler.in(site)))) {
            var tag =
                    served.get(path, "Accept-Encoding", "gzip")
                            .headers()
                            .firstValue("Etag")
                            .orElseThrow();
            var again = served.get(path, "Accept-Encoding", "gzip", "If-None-Match", tag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.headers().firstValue("Etag")).contains(tag);
        }
    }

    @Test
    void whatWasCompressedBeforeTheFileChangedIsNotSent() throws Exception {
        Files.writeString(root.resolve("text.txt.gz"), "old");
        Files.setLastModifiedTime(
                root.resolve("text.txt.gz"), FileTime.fromMillis(1_000_000_000_000L));
        var site = StaticSite.folder(root).withPrecompressed();
        try (var compressed =
                ServedApplication.of(
                        new Application().route("/{path:*}", StaticFileHandler.in(site)))) {
            assertThat(compressed.get("/text.txt", "Accept-Encoding", "gzip").body())
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void aCompressedFileThatIsALinkOutOfTheFolderIsNotSent() throws Exception {
        Files.createSymbolicLink(root.resolve("text.txt.gz"), folder.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("text.txt.br"), folder.resolve("none"));
        Files.createDirectory(root.resolve("page.html.gz"));
        var site = StaticSite.folder(root).withPrecompressed();
        try (var compressed =
                ServedApplication.of(
                        new Application().route("/{path:*}", StaticFileHandler.in(site)))) {
            var response = compressed.get("/text.txt", "Accept-Encoding", "gzip, br");
            assertThat(response.body()).isEqualTo(TEXT);
            assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(compressed.get("/text.txt.gz").statusCode()).isEqualTo(403);
            assertThat(compressed.get("/page.html", "Accept-Encoding", "gzip").body())
                    .isEqualTo("<p>page</p>");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.xml, application/xml",
        "a.xml.gz, application/gzip",
        "a.xml.bz2, application/octet-stream",
        "a.unknown, application/octet-stream",
        "a.PNG, image/png",
        "a.css, text/css; charset=UTF-8",
    })
    void typesGoByTheLastEnding(String name, String type) throws Exception {
        Files.writeString(root.resolve(name), "x");
        assertThat(app.get("/static/" + name).headers().firstValue("Content-Type")).contains(type);
    }

    @Test
    void resourcesOfTheClassPathAreServed() throws Exception {
        var site = StaticSite.classPath(Test.class, "/META-INF").withPrefix("/jar/");
        var near =
                StaticSite.classPath(StaticFileHandlerTest.class, "/whirlwind/web")
                        .withPrefix("/r/");
        var settings = ApplicationSettings.DEFAULTS.withStaticFiles(site);
        try (var resources =
                ServedApplication.of(
                        new Application(settings)
                                .route("/r/{path:*}", StaticFileHandler.in(near)))) {
            var licence = resources.get("/jar/LICENSE.md");
            assertThat(licence.statusCode()).isEqualTo(200);
            assertThat(licence.body()).contains("Eclipse Public License");
            assertThat(licence.headers().firstValue("Etag")).isPresent();
            assertThat(resources.get("/r/template/hello.html").body()).startsWith("Hello, ");
            assertThat(resources.get("/r/none").statusCode()).isEqualTo(404);
            assertThat(resources.get("/r/template/../../../x").statusCode()).isEqualTo(403);
            assertThat(resources.get("/r/%2e%2e/web/ServedApplication.class").statusCode())
                    .isEqualTo(403);
            assertThat(resources.get("/r/ServedApplication.class").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void subclassesChangeWhatTheySay() throws Exception {
        FileSource generated = path -> StaticFile.of(path, null, ("made " + path).getBytes(UTF_8));
        class Custom extends StaticFileHandler {
            Custom(StaticSite site) {
                super(site);
            }

            @Override
            protected String parseUrlPath(String urlPath) {
                return urlPath.toUpperCase(Locale.ROOT);
            }

            @Override
            protected String getContentType(StaticFile file) {
                return "text/made";
            }

            @Override
            protected Duration getCacheTime(StaticFile file) {
                return Duration.ofHours(1);
            }

            @Override
            protected void setExtraHeaders(String path) {
                setHeader("X-Path", path);
            }

            @Override
            protected boolean shouldReturn304(StaticFile file, String etag) {
                return getQueryArgument("known", null) != null;
            }
        }
        var site = StaticSite.of(generated).withHandler(Custom::new);
        var settings = ApplicationSettings.DEFAULTS.withStaticFiles(site);
        try (var custom = ServedApplication.of(new Application(settings))) {
            var response = custom.get("/static/a");
            assertThat(response.body()).isEqualTo("made A");
            var headers = response.headers();
            assertThat(headers.firstValue("Content-Type")).contains("text/made");
            assertThat(headers.firstValue("Cache-Control"))
                    .contains("public, max-age=3600, immutable");
            assertThat(headers.firstValue("X-Path")).contains("A");
            assertThat(headers.firstValue("Last-Modified")).isEmpty();
            assertThat(custom.get("/static/a?known=1").statusCode()).isEqualTo(304);
        }
    }

    @Test
    void aFileSystemThatHangsHoldsOneRequestOnly() throws Exception {
        var hanging = new CountDownLatch(1);
        FileSource source =
                path -> {
                    try {
                        hanging.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return StaticFile.of(path, null, "late".getBytes(UTF_8));
                };
        var application =
                new Application()
                        .route("/slow/{path:*}", StaticFileHandler.in(StaticSite.of(source)))
                        .route("/{path:*}", StaticFileHandler.in(root));
        try (var slow = ServedApplication.of(application)) {
            var late =
                    slow.client()
                            .sendAsync(
                                    HttpRequest.newBuilder(slow.uri("/slow/x")).build(),
                                    BodyHandlers.ofString());
            assertThat(slow.get("/text.txt").body()).isEqualTo(TEXT);
            hanging.countDown();
            assertThat(late.get().body()).isEqualTo("late");
        } finally {
            hanging.countDown();
        }
    }
}
