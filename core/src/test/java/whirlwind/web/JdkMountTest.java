package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import whirlwind.http.jdk.JdkHandler;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.testing.LogCapture;

/** A handler of the JDK's web server within an application. */
class JdkMountTest {
    private static void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        int status = path.endsWith("/missing") ? 404 : 200;
        var body = path.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static ServedApplication serve() {
        var old = new JdkHandler("/old", JdkMountTest::answer);
        var settings =
                ApplicationSettings.DEFAULTS.withServer(
                        HttpServerOptions.DEFAULTS.withMaxBodySize(10));
        return ServedApplication.of(
                new Application(settings)
                        .route("/old/{path:*}", () -> new FallbackHandler(old))
                        .route("/new", () -> new ErrorHandler(410)));
    }

    @Test
    void itServesItsPathBesideHandlersOfOurs() throws Exception {
        try (var app = serve()) {
            assertThat(app.get("/old/a/b").body()).isEqualTo("/old/a/b");
            assertThat(app.get("/new").statusCode()).isEqualTo(410);
            assertThat(app.get("/other").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void itsBodiesAreStreamed() throws Exception {
        try (var app = serve()) {
            assertThat(app.send("POST", "/old/a", "x".repeat(11)).statusCode())
                    .as("what isn't read isn't too long")
                    .isEqualTo(200);
        }
    }

    @Test
    void itsRequestsAreInTheAccessLog() throws Exception {
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app = serve()) {
            app.get("/old/a");
            app.get("/old/missing");
            app.get("/new");
            while (log.lines().size() < 3) {
                app.onLoop(() -> true); // a line is written when its client has the response
            }
            assertThat(log.lines())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).startsWith("INFO 200 GET /old/a "),
                            line -> assertThat(line).startsWith("WARN 404 GET /old/missing "),
                            line -> assertThat(line).startsWith("WARN 410 GET /new "));
        }
    }
}
