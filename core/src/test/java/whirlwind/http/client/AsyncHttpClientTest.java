package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

class AsyncHttpClientTest {

    @Test
    void aConnectionServesOneGetAfterTheOther() {
        try (var loop = new IOLoop()) {
            loop.runSync(
                    Duration.ofSeconds(20),
                    () -> {
                        var server =
                                new HttpServer(
                                        exchange ->
                                                exchange.respond(
                                                        200,
                                                        new Headers(),
                                                        exchange.request()
                                                                .path()
                                                                .getBytes(StandardCharsets.UTF_8)),
                                        HttpServerOptions.DEFAULTS);
                        server.listen("127.0.0.1", 0);
                        for (int i = 0; i < 3; i++) {
                            var url = "http://127.0.0.1:" + server.port() + "/" + i;
                            var response = Async.await(AsyncHttpClient.current().fetch(url));
                            assertThat(response.text()).isEqualTo("/" + i);
                            assertThat(server.connectionCount()).isEqualTo(1);
                        }
                        server.close();
                        return null;
                    });
        }
    }
}
