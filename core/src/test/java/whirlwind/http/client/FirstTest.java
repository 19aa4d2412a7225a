package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

class FirstTest {
    @Test
    void aGetBringsTheBody() throws Exception {
        try (var loop = new IOLoop()) {
            loop.runSync(java.time.Duration.ofSeconds(5), () -> {
                var server = new HttpServer(exchange -> {
                    exchange.respond(200, Headers.of("Content-Type", "text/plain"), "Hello, World!".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }, HttpServerOptions.DEFAULTS);
                server.listen("127.0.0.1", 0);
                var url = "http://localhost:" + server.port() + "/a?b=c";
                for (int i = 0; i < 3; i++) {
                    var response = Async.await(AsyncHttpClient.current().fetch(url));
                    assertThat(response.text()).isEqualTo("Hello, World!");
                    System.out.println(response + " " + response.headers() + response.timeInfo());
                }
                return null;
            });
        }
    }
}
