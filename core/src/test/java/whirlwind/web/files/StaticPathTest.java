package whirlwind.web.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** Which paths lead to a file, and which to none. */
class StaticPathTest extends ServedFolder {
    @Test
    void aFolderStandsForItsIndexAndWantsItsSlash() throws Exception {
        assertThat(app.get("/static/sub/").body()).isEqualTo("index");
        var response = app.get("/static/sub");
        assertThat(response.statusCode()).isEqualTo(301);
        assertThat(response.headers().firstValue("Location")).contains("/static/sub/");
    }

    @Test
    void whatIsMissingIsNotFound() throws Exception {
        assertThat(app.get("/static/nothing.txt").statusCode()).isEqualTo(404);
        assertThat(app.get("/static/nul%00byte").statusCode()).isEqualTo(404);
    }

    @Test
    void whatCannotBeAFileIsNotFound() throws Exception {
        assertThat(app.get("/static/text.txt/more").statusCode()).isEqualTo(404);
        assertThat(app.get("/static/" + "x".repeat(300)).statusCode()).isEqualTo(404);
        Files.createSymbolicLink(root.resolve("circle"), root.resolve("circle"));
        assertThat(app.get("/static/circle").statusCode()).isEqualTo(404);
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
        assertThat(app.rawGet(path))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("\r\n\r\nsecret", "root:");
    }

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
        assertThat(app.rawGet(path))
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
        assertThat(app.rawGet(path)).startsWith("HTTP/1.1 404 ");
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
}
