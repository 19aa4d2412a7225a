package whirlwind.demos.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.support.ui.WebDriverWait;
import whirlwind.demos.Browser;
import whirlwind.demos.RunningDemo;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/** Chromium compresses with our server, with contexts kept and without. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CompressionBrowserTest {
    /** Says in its title what each of the servers agreed to, and whether its echoes were right. */
    private static final String PAGE =
            """
            <!doctype html><title>waiting</title><script>
            let letters = "";
            for (let n = 1; letters.length < 50000; n = (n * 48271) % 2147483647) {
                letters += String.fromCharCode(97 + n % 26);
            }
            const messages = ["", "x", "again ".repeat(1000), letters, letters, "gr\\u00fc\\u00df"];
            const talk = path => new Promise(resolve => {
                const socket = new WebSocket(`ws://${location.host}/${path}`);
                let next = 0;
                socket.onopen = () => messages.forEach(message => socket.send(message));
                socket.onmessage = event => {
                    if (event.data !== messages[next++]) resolve("another echo");
                    if (next === messages.length) socket.close(1000, "done");
                };
                socket.onclose = event => resolve(`${socket.extensions} ${next} ${event.code}`);
            });
            (async () => {
                const results = [];
                for (let path = 0; path < 4; path++) results.push(await talk(path));
                document.title = results.join(", ");
            })();
            </script>\
            """;

    private static final class Page extends RequestHandler {
        @Override
        protected void get() {
            write(PAGE);
        }
    }

    private static final class Echo extends WebSocketHandler {
        private final DeflateOptions options;

        Echo(DeflateOptions options) {
            this.options = options;
        }

        @Override
        protected DeflateOptions getCompressionOptions() {
            return options;
        }

        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }
    }

    @TempDir private Path profile;

    private static Application application() {
        var application = new Application().route("/", Page::new);
        for (int i = 0; i < 4; i++) {
            var options = new DeflateOptions(6, (i & 1) != 0, (i & 2) != 0);
            application.route("/" + i, () -> new Echo(options));
        }
        return application;
    }

    @Test
    void chromiumAndTheServerReadEachOther() throws Exception {
        var expected =
                Stream.of(
                                "",
                                "; server_no_context_takeover",
                                "; client_no_context_takeover",
                                "; server_no_context_takeover; client_no_context_takeover")
                        .map(more -> "permessage-deflate" + more + " 6 1000")
                        .collect(Collectors.joining(", "));
        try (var demo = RunningDemo.start(CompressionBrowserTest::application);
                var browser = new Browser(profile)) {
            browser.open(demo.uri("/").toString());
            new WebDriverWait(browser.driver(), Duration.ofSeconds(30))
                    .until(driver -> !driver.getTitle().equals("waiting"));
            assertThat(browser.driver().getTitle()).isEqualTo(expected);
        }
    }
}
