package whirlwind.web.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.web.Application;
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
                .contains("public, max-age=315360000");
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
}
