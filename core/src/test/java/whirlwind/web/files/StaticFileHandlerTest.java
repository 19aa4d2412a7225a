package whirlwind.web.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HttpDate;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

class StaticFileHandlerTest {
    private static final String TEXT = "abcdefghijklmnopqrstuvwxyz";

    @TempDir Path folder;

    private Path root;
    private ServedApplication app;

    @BeforeEach
    void serve() throws Exception {
        root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(root.resolve("text.txt"), TEXT);
        Files.writeString(root.resolve("page.html"), "<p>page</p>");
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(root.resolve("sub/index.html"), "index");
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.createDirectory(folder.resolve("root-sibling"));
        Files.writeString(folder.resolve("root-sibling/x.txt"), "secret");
        Files.createSymbolicLink(root.resolve("link.txt"), folder.resolve("secret.txt"));
        app =
                ServedApplication.of(
                        new Application().route("/static/{path:*}", StaticFileHandler.in(root)));
    }

    @AfterEach
    void stop() throws Exception {
        app.close();
    }

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
    void aVersionedUrlMayBeCachedForLong() throws Exception {
        assertThat(app.get("/static/text.txt?v=1").headers().firstValue("Cache-Control"))
                .contains("public, max-age=315360000, immutable");
    }

    @Test
    void headTellsWhatGetWould() throws Exception {
        var head = app.send("HEAD", "/static/text.txt", "");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("Content-Length")).contains("26");
    }

    @Test
    void aFolderStandsForItsIndexAndWantsItsSlash() throws Exception {
        assertThat(app.get("/static/sub/").body()).isEqualTo("index");
        var response = app.get("/static/sub");
        assertThat(response.statusCode()).isEqualTo(301);
        assertThat(response.headers().firstValue("Location")).contains("/static/sub/");
    }

    @Test
    void whatTheClientHasIsNotSentAgain() throws Exception {
        var first = app.get("/static/text.txt").headers();
        var etag = first.firstValue("Etag").orElseThrow();
        var date = first.firstValue("Last-Modified").orElseThrow();
        assertThat(app.get("/static/text.txt", "If-None-Match", etag).statusCode()).isEqualTo(304);
        assertThat(app.get("/static/text.txt", "If-Modified-Since", date).statusCode())
                .isEqualTo(304);
        assertThat(
                        app.get(
                                        "/static/text.txt",
                                        "If-None-Match",
                                        "\"other\"",
                                        "If-Modified-Since",
                                        date)
                                .statusCode())
                .isEqualTo(200);
        assertThat(app.get("/static/text.txt", "If-Modified-Since", "yesterday").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-9 | 206 | abcdefghij | bytes 0-9/26",
                "bytes=22- | 206 | wxyz | bytes 22-25/26",
                "bytes=-4 | 206 | wxyz | bytes 22-25/26",
                "bytes=1-9999 | 206 | bcdefghijklmnopqrstuvwxyz | bytes 1-25/26",
                "bytes=0- | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "bytes=-9999 | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "asdf | 200 | abcdefghijklmnopqrstuvwxyz | ''",
                "bytes=26- | 416 | '' | bytes */26",
                "bytes=-0 | 416 | '' | bytes */26",
            })
    void rangesAreHonoured(String range, int status, String body, String contentRange)
            throws Exception {
        var response = app.get("/static/text.txt", "Range", range);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.headers().firstValue("Content-Range").orElse(""))
                .isEqualTo(contentRange);
    }

    @Test
    void aRangeOfAFileThatHasChangedIsTheWholeFile() throws Exception {
        var response = app.get("/static/text.txt", "Range", "bytes=0-1", "If-Range", "\"old\"");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/../secret.txt",
                "/static/%2e%2e/secret.txt",
                "/static/..%2fsecret.txt",
                "/static/sub/../../secret.txt",
                "/static//etc/passwd",
                "/static/%2fetc/passwd",
                "/static/../root-sibling/x.txt",
                "/static/link.txt",
            })
    void nothingOutsideTheFolderIsShown(String path) throws Exception {
        assertThat(app.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("secret.txt\n", "root:");
    }

    @Test
    void whatIsMissingIsNotFound() throws Exception {
        assertThat(app.get("/static/nothing.txt").statusCode()).isEqualTo(404);
        assertThat(app.get("/static/nul%00byte").statusCode()).isEqualTo(404);
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

    // ---- several ranges ----

    @Test
    void severalRangesAreSeveralParts() throws Exception {
        var response = app.get("/static/text.txt", "Range", "bytes=0-1, 20-21,-3");
        assertThat(response.statusCode()).isEqualTo(206);
        var type = response.headers().firstValue("Content-Type").orElseThrow();
        assertThat(type).startsWith("multipart/byteranges; boundary=");
        var boundary = type.substring(type.indexOf('=') + 1);
        assertThat(response.body())
                .isEqualTo(
                        """

                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 0-1/26

                        ab
                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 20-21/26

                        uv
                        --B
                        Content-Type: text/plain; charset=UTF-8
                        Content-Range: bytes 23-25/26

                        xyz
                        --B--
                        """
                                .replace("--B", "--" + boundary)
                                .replace("\n", "\r\n"));
        assertThat(response.headers().firstValue("Content-Length"))
                .contains(Integer.toString(response.body().length()));
    }

    @Test
    void partsOfALargeFileAreSentFromTheDisk() throws Exception {
        var large = "0123456789".repeat(20_000);
        Files.writeString(root.resolve("large.txt"), large);
        var response = app.get("/static/large.txt", "Range", "bytes=0-99999,100005-100009");
        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body())
                .contains("\r\n\r\n" + large.substring(0, 100_000) + "\r\n--")
                .contains("\r\n\r\n56789\r\n--");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is beyond the end drops out
                "bytes=0-1,99- | 206 | ab",
                "bytes=50-,99- | 416 | ''",
                // nobody is made to send a file many times over
                "bytes=0-,0-,0- | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16"
                        + " | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=0-1,x | 200 | abcdefghijklmnopqrstuvwxyz",
                "bytes=9-1 | 416 | ''",
                "bytes=--3 | 200 | abcdefghijklmnopqrstuvwxyz",
            })
    void oddSetsOfRangesAreCutDown(String range, int status, String body) throws Exception {
        var response = app.get("/static/text.txt", "Range", range);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body);
    }

    @Test
    void aRangeOfAnEmptyFileIsUnsatisfiable() throws Exception {
        Files.writeString(root.resolve("empty.txt"), "");
        assertThat(app.get("/static/empty.txt").statusCode()).isEqualTo(200);
        var response = app.get("/static/empty.txt", "Range", "bytes=0-");
        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(response.headers().firstValue("Content-Range")).contains("bytes */0");
    }

    @Test
    void aPartSaysWhatItIsPartOf() throws Exception {
        var whole = app.get("/static/text.txt").headers();
        var part = app.get("/static/text.txt", "Range", "bytes=1-3").headers();
        for (var name : new String[] {"Etag", "Last-Modified", "Accept-Ranges", "Content-Type"}) {
            assertThat(part.firstValue(name))
                    .as(name)
                    .isEqualTo(whole.firstValue(name))
                    .isPresent();
        }
        assertThat(part.firstValue("Content-Length")).contains("3");
    }

    @Test
    void ifRangeTakesTheTagOrTheDateOfWhatTheClientHas() throws Exception {
        var headers = app.get("/static/text.txt").headers();
        for (var name : new String[] {"Etag", "Last-Modified"}) {
            var version = headers.firstValue(name).orElseThrow();
            assertThat(
                            app.get("/static/text.txt", "Range", "bytes=0-1", "If-Range", version)
                                    .body())
                    .isEqualTo("ab");
        }
    }

    // ---- conditions ----

    @ParameterizedTest
    @CsvSource({"-1, 200", "0, 304", "1, 304"})
    void datesCountToTheSecond(long seconds, int status) throws Exception {
        var modified =
                Files.getLastModifiedTime(root.resolve("text.txt"))
                        .toInstant()
                        .plusSeconds(seconds);
        var response = app.get("/static/text.txt", "If-Modified-Since", HttpDate.format(modified));
        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 304) {
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        }
    }

    @Test
    void aDateLongAgoIsBeforeEveryFile() throws Exception {
        assertThat(
                        app.get(
                                        "/static/text.txt",
                                        "If-Modified-Since",
                                        "Fri, 01 Jan 1960 00:00:00 GMT")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whoWantsAnotherVersionThanThereIsGetsNone() throws Exception {
        var response = app.get("/static/text.txt");
        var tag = response.headers().firstValue("Etag").orElseThrow();
        var date = response.headers().firstValue("Last-Modified").orElseThrow();
        var before = HttpDate.format(HttpDate.parse(date).minusSeconds(1));
        for (var method : List.of("GET", "HEAD")) {
            assertThat(statusIf(method, "If-Match", "\"other\"")).isEqualTo(412);
            assertThat(statusIf(method, "If-Match", "\"other\", " + tag)).isEqualTo(200);
            assertThat(statusIf(method, "If-Match", "*")).isEqualTo(200);
            assertThat(statusIf(method, "If-Unmodified-Since", before)).isEqualTo(412);
            assertThat(statusIf(method, "If-Unmodified-Since", date)).isEqualTo(200);
            assertThat(statusIf(method, "If-Unmodified-Since", "some day")).isEqualTo(200);
        }
        var both = app.get("/static/text.txt", "If-Match", tag, "If-Unmodified-Since", before);
        assertThat(both.statusCode()).as("the tag counts").isEqualTo(200);
    }

    private int statusIf(String method, String name, String value) throws Exception {
        return app.send(method, "/static/text.txt", "", name, value).statusCode();
    }

    @Test
    void theTagIsThatOfTheContentAndFollowsIt() throws Exception {
        Files.writeString(root.resolve("same.txt"), TEXT);
        var tag = app.get("/static/text.txt").headers().firstValue("Etag").orElseThrow();
        assertThat(app.get("/static/same.txt").headers().firstValue("Etag")).contains(tag);

        Files.writeString(root.resolve("same.txt"), "changed");
        assertThat(app.get("/static/same.txt", "If-None-Match", tag).body()).isEqualTo("changed");
    }

    @Test
    void headSaysAllThatGetSays() throws Exception {
        var get = app.get("/static/text.txt", "Range", "bytes=0-1,3-4").headers().map();
        var head = app.send("HEAD", "/static/text.txt", "", "Range", "bytes=0-1,3-4");
        assertThat(head.statusCode()).isEqualTo(206);
        assertThat(head.headers().map().keySet()).isEqualTo(get.keySet());
        assertThat(head.headers().firstValue("Content-Length"))
                .isEqualTo(Optional.of(get.get("content-length").getFirst()));
    }

    // ---- what may not be had ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/..%5csecret.txt",
                "/static/..\\secret.txt",
                "/static/sub%5c..%5c..%5csecret.txt",
                "/static/%00/../../secret.txt",
                "/static/text.txt%00.html",
                "/static/%2e%2e%2f%2e%2e%2fsecret.txt",
                "/static/.%2e/secret.txt",
                "/static/%c0%ae%c0%ae/secret.txt",
                "/static/....//secret.txt",
                "/static/folderlink/secret.txt",
                "/static/sub",
            })
    void oddPathsAreRefusedOrNotFound(String path) throws Exception {
        Files.createSymbolicLink(root.resolve("folderlink"), folder);
        assertThat(app.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (301|400|403|404) .*")
                .doesNotContain("\r\n\r\nsecret");
    }

    /** Or each of the many ways to write a path would be a file of its own to whoever caches it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/static/text.txt/",
                "/static/./text.txt",
                "/static/sub/../text.txt",
                "/static/sub//index.html",
                "/static/sub/./",
                "/static/sub/%2e/index.html",
            })
    void aFileHasOnePath(String path) throws Exception {
        assertThat(app.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void aLinkInsideTheFolderIsFollowed() throws Exception {
        Files.createSymbolicLink(root.resolve("alias.txt"), root.resolve("text.txt"));
        assertThat(app.get("/static/alias.txt").body()).isEqualTo(TEXT);
    }

    @Test
    void aFolderWithoutDefaultAndWhatIsNoFileAreForbidden() throws Exception {
        var settings = new Application().route("/{path:*}", () -> new StaticFileHandler(root));
        try (var bare = ServedApplication.of(settings)) {
            assertThat(bare.get("/sub/").statusCode()).isEqualTo(403);
            assertThat(bare.get("/sub").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void noRedirectLeavesTheHost() throws Exception {
        Files.createDirectories(root.resolve("evil.example"));
        Files.createDirectories(root.resolve("\\evil.example"));
        var application = new Application().route("/{path:*}", StaticFileHandler.in(root));
        try (var bare = ServedApplication.of(application)) {
            for (var path : List.of("//evil.example", "/\\evil.example")) {
                var request = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
                assertThat(bare.raw("GET " + path + request)).startsWith("HTTP/1.1 403 ");
            }
        }
    }

    // ---- caching, compression, types ----

    @Test
    void aVersionedUrlExpiresInTenYears() throws Exception {
        var headers = app.get("/static/text.txt?v=1").headers();
        assertThat(headers.firstValue("Expires")).isPresent();
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

    // ---- other sources and handlers ----

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
