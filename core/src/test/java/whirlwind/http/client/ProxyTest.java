package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.http.codec.ClientTransport;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.dns.OverrideResolver;
import whirlwind.net.dns.Resolver;

/** Ways around: proxies, and names that lead elsewhere. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyTest {
    private final ClientWorld world = new ClientWorld(ClientTransport::new);

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    @Test
    void aProxyIsHandedTheWholeUrlOfPlainRequests() {
        world.run(w -> {
            var server = w.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            var proxy = Proxy.of(Proxy.Type.HTTP, "127.0.0.1", server.port());
            var request = HttpRequest.of("http://nowhere.invalid/a?b=c");

            assertThat(w.fetch(request.withProxy(proxy)).text()).isEqualTo("hello");
            assertThat(server.heads().getLast())
                    .startsWith(
                            "GET http://nowhere.invalid:80/a?b=c HTTP/1.1\r\nHost: nowhere.invalid\r\n")
                    .doesNotContain("Proxy-Authorization");

            w.fetch(request.withProxy(proxy.withCredentials("user", "pass")));
            assertThat(server.heads().getLast())
                    .contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n");
            w.fetch(request.withProxy(proxy));
            assertThat(server.heads().getLast()).doesNotContain("Proxy-Authorization");
        });
    }

    @Test
    void aProxyThatRefusesToConnectIsNamed() {
        world.run(w -> {
            var server = w.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            var proxy = Proxy.of(Proxy.Type.HTTP, "127.0.0.1", server.port());
            var request = HttpRequest.of("https://nowhere.invalid/");
            assertThat(w.failure(request.withProxy(proxy)))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
            assertThat(server.heads().getLast()).startsWith("CONNECT nowhere.invalid:443");
        });
    }

    @Test
    void namesCanBeSentElsewhere() {
        world.run(w -> {
            w.site().on("/", "hello");
            var elsewhere =
                    ConnectionOptions.DEFAULTS.withResolver(() ->
                            new OverrideResolver(
                                    Resolver.create(),
                                    Map.of(
                                            OverrideResolver.Key.of("one.example"),
                                                    OverrideResolver.Target.of("127.0.0.1"),
                                            OverrideResolver.Key.of("two.example", 80),
                                                    OverrideResolver.Target.of(
                                                            "127.0.0.1", port(w)))));
            var client = w.client(w.options().withConnections(elsewhere));
            var one = Async.await(client.fetch("http://one.example:" + port(w) + "/"));
            assertThat(one.text()).isEqualTo("hello");
            assertThat(Async.await(client.fetch("http://two.example/")).text()).isEqualTo("hello");
            assertThat(w.site().lastRequest().headers().get("Host")).isEqualTo("two.example");
        });
    }

    private static int port(ClientWorld w) {
        try {
            return w.site().port();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
