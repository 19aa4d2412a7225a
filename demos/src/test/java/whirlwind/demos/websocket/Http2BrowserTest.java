package whirlwind.demos.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.support.ui.WebDriverWait;
import whirlwind.demos.Browser;
import whirlwind.http.Headers;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.loop.IOLoop;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TlsServerOptions;

/** Chromium over TLS: pages by HTTP/2, and a WebSocket over the same connection. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class Http2BrowserTest {
    private static final String PAGE =
            """
            <!doctype html><title>waiting</title><script>
            const socket = new WebSocket(`wss://${location.host}/socket`);
            socket.onopen = () => socket.send("hello");
            socket.onmessage = event => { document.title = event.data; };
            socket.onerror = () => { document.title = "failed"; };
            </script>\
            """;

    @TempDir private Path folder;

    private final ConcurrentLinkedQueue<String> versions = new ConcurrentLinkedQueue<>();

    private void handle(HttpExchange exchange) {
        var request = exchange.request();
        versions.add(request.path() + " " + request.version());
        if (!request.path().equals("/socket")) {
            var type = Headers.of("Content-Type", "text/html; charset=UTF-8");
            exchange.respond(200, type, PAGE.getBytes(StandardCharsets.UTF_8));
            return;
        }
        var socket = exchange.upgrade(WebSocketUpgrade.DEFAULTS);
        socket.listen(
                new WebSocketListener() {
                    @Override
                    public void message(WebSocketMessage message) {
                        if (message instanceof WebSocketMessage.Text(var text)) {
                            socket.send(text + " back");
                        }
                    }

                    @Override
                    public void closed(int code, String reason) {}
                });
    }

    /** A certificate that nobody has signed, by the JDK's own tool. */
    private Identity identity() throws Exception {
        var file = folder.resolve("keys.p12");
        var made =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "server",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "SAN=dns:localhost",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                "password")
                        .inheritIO()
                        .start();
        assertThat(made.waitFor()).isZero();
        return Identity.keyStore(file, "password");
    }

    @Test
    void aWebSocketSharesTheConnectionOfItsPage() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withTls(TlsServerOptions.of(identity()));
        var ready = new CompletableFuture<Integer>();
        var loop = new CompletableFuture<IOLoop>();
        var thread =
                Thread.ofPlatform()
                        .start(() -> {
                            try (var own = new IOLoop();
                                    var server = new HttpServer(this::handle, options)) {
                                server.listen("localhost", 0);
                                loop.complete(own);
                                ready.complete(server.port());
                                own.start();
                            } catch (RuntimeException e) {
                                ready.completeExceptionally(e);
                            }
                        });
        try (var browser = new Browser(folder.resolve("profile"))) {
            browser.open("https://localhost:" + ready.join() + "/");
            new WebDriverWait(browser.driver(), Duration.ofSeconds(30))
                    .until(driver -> !driver.getTitle().equals("waiting"));
            assertThat(browser.driver().getTitle()).isEqualTo("hello back");
            assertThat(versions).contains("/ HTTP/2", "/socket HTTP/2");
        } finally {
            loop.join().stop();
            thread.join();
        }
    }
}
