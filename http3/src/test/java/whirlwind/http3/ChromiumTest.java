package whirlwind.http3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.server.TestServer;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.testing.OneEngine;

/** The server's HTTP/3, for the system's Chromium (Debian's package is chromium). */
@OneEngine
@Timeout(120)
class ChromiumTest {
    /** Posts a body that takes several packets, and shows what both requests came by. */
    private static final String PAGE =
            """
            <!doctype html><title>h3</title><p id=page>%s</p><p id=post></p><script>
            fetch("/post", {method: "POST", body: "x".repeat(1 << 20)}).then(r => r.text())
                .then(text => document.getElementById("post").textContent = text);
            </script>
            """;

    private static final HttpHandler TELLING =
            exchange -> {
                var request = exchange.request();
                var told = request.method() + " " + request.body().length + " " + request.version();
                var page = request.path().equals("/") ? PAGE.formatted(told) : told;
                exchange.respond(
                        200,
                        Headers.of("Content-Type", "text/html; charset=UTF-8"),
                        page.getBytes(StandardCharsets.UTF_8));
            };

    @TempDir private Path folder;

    @Test
    void aBrowserLoadsAPageAndPostsOverQuic() throws Exception {
        var identity = new TestCertificates(folder).identity("localhost");
        var options =
                HttpServerOptions.DEFAULTS.withTls(TlsServerOptions.of(identity)).withHttp3(true);
        try (var server = TestServer.start(TELLING, options)) {
            var dom = domOf("localhost:" + server.port(), keyHash(identity));
            assertThat(dom)
                    .contains("<p id=\"page\">GET 0 HTTP/3</p>")
                    .contains("<p id=\"post\">POST 1048576 HTTP/3</p>");
        }
    }

    /** What a browser makes of the page at {@code /}, when it has been still for a while. */
    private String domOf(String origin, String keyHash) throws IOException, InterruptedException {
        var browser =
                new ProcessBuilder(
                                "chromium",
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--user-data-dir=" + folder.resolve("profile"),
                                "--enable-quic",
                                "--host-resolver-rules=MAP localhost 127.0.0.1",
                                "--origin-to-force-quic-on=" + origin,
                                "--ignore-certificate-errors-spki-list=" + keyHash,
                                "--virtual-time-budget=10000",
                                "--dump-dom",
                                "https://" + origin + "/")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            var dom = new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(browser.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return dom;
        } finally {
            browser.destroyForcibly();
        }
    }

    /** By which the browser knows that this authority, which is nobody's, is meant. */
    private static String keyHash(Identity identity) throws Exception {
        var key = identity.credentials().chain().getFirst().getPublicKey().getEncoded();
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    }
}
