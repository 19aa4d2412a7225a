package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.net.channel.TestProxy;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.dns.OverrideResolver;
import whirlwind.net.dns.ResolveException;
import whirlwind.net.dns.Resolver;
import whirlwind.net.tls.TestCertificates;

/** Ways around: proxies, and names that lead elsewhere. */
public interface ProxyContract extends ClientContract {

    @Test
    default void aProxyIsHandedTheWholeUrlOfPlainRequests() {
        run(w -> {
            var server = w.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            var proxy = Proxy.of(Proxy.Type.HTTP, "127.0.0.1", server.port());
            var request = HttpRequest.of("http://nowhere.invalid/a?b=c");

            assertThat(w.fetch(request.withProxy(proxy)).text()).isEqualTo("hello");
            assertThat(server.heads().getLast())
                    .startsWith(
                            "GET http://nowhere.invalid/a?b=c HTTP/1.1\r\nHost: nowhere.invalid\r\n")
                    .doesNotContain("Proxy-Authorization");
        });
    }

    @Test
    default void credentialsAreSentToTheProxyTheyAreFor() {
        run(w -> {
            var server = w.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            var proxy = Proxy.of(Proxy.Type.HTTP, "127.0.0.1", server.port());
            var request = HttpRequest.of("http://nowhere.invalid/");

            w.fetch(request.withProxy(proxy.withCredentials("user", "pass")));
            assertThat(server.heads().getLast())
                    .contains("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n");
            w.fetch(request.withProxy(proxy));
            assertThat(server.heads().getLast()).doesNotContain("Proxy-Authorization");
            w.site().on("/", "direct");
            w.fetch(w.get("/"));
            assertThat(w.site().lastRequest().headers().contains("Proxy-Authorization")).isFalse();
        });
    }

    @Test
    default void aDigestIsShownToAProxyThatWantsIt() {
        runWithoutLeaks(w -> {
            var proxy = w.closing(TestProxy.digest("us\u00e9r", "p\u00e4ss"));
            var request = HttpRequest.of("http://nowhere.invalid/a?b=c");
            var known = request.withProxy(proxy.proxy().withDigest("us\u00e9r", "p\u00e4ss"));
            assertThat(w.fetch(known).text()).isEqualTo("proxy");
            assertThat(w.fetch(known.withMethod("POST").withBody("x")).text()).isEqualTo("proxy");

            int before = proxy.asked().size();
            var wrong = request.withProxy(proxy.proxy().withDigest("us\u00e9r", "guess"));
            assertThat(w.failure(wrong)).hasMessage("HTTP 407: Proxy Authentication Required");
            assertThat(proxy.asked()).hasSize(before + 2);
        });
    }

    @Test
    default void requestsOfHttpsGoThroughAProxyThatWantsADigest(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var server = w.secure(new TestCertificates(folder).identity("behind.test"));
            var proxy = w.closing(TestProxy.digest("user", "pass"));
            var request =
                    HttpRequest.of("https://behind.test:" + server.port() + "/")
                            .withValidateCert(false);
            var known = request.withProxy(proxy.proxy().withDigest("user", "pass"));
            assertThat(w.fetch(known).text()).isEqualTo("hello");
            assertThat(proxy.asked())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("CONNECT behind.test:" + server.port()));
            assertThat(server.heads().getFirst()).doesNotContain("Proxy-Authorization");
            assertThat(w.failure(request.withProxy(proxy.proxy().withDigest("user", "guess"))))
                    .isInstanceOf(ProxyException.class)
                    .hasMessageContaining(proxy.proxy().toString());
        });
    }

    @Test
    default void noServerIsShownWhatOnlyTheProxyMayAskFor(@TempDir Path folder) {
        run(w -> {
            var certificates = new TestCertificates(folder);
            var socket = TlsSockets.listen(certificates.identity("behind.test"), null);
            var server =
                    w.closing(
                            new ScriptedServer(
                                    socket,
                                    peer -> {
                                        while (true) {
                                            peer.readHead();
                                            peer.write(
                                                    "HTTP/1.1 407 Proxy Authentication Required\r\n"
                                                            + "Proxy-Authenticate: Digest realm=\"proxies\","
                                                            + " nonce=\"a\", qop=\"auth\"\r\n"
                                                            + "Content-Length: 0\r\n\r\n");
                                        }
                                    }));
            var proxy = w.closing(TestProxy.digest("user", "pass"));
            var request =
                    HttpRequest.of("https://behind.test:" + server.port() + "/")
                            .withValidateCert(false)
                            .withProxy(proxy.proxy().withDigest("user", "pass"));
            assertThat(w.failure(request)).hasMessage("HTTP 407: Proxy Authentication Required");
            assertThat(server.heads()).hasSize(1);
        });
    }

    @Test
    default void socksProxiesConnectByNameWithCredentials() {
        run(w -> {
            w.site().on("/", "behind");
            var url = "http://name.test:" + w.site().port() + "/";
            for (var type : List.of(Proxy.Type.SOCKS4, Proxy.Type.SOCKS5)) {
                var proxy = w.closing(TestProxy.of(type));
                var password = type == Proxy.Type.SOCKS5 ? "secret" : null;
                var way = proxy.proxy().withCredentials("me", password);
                assertThat(w.fetch(HttpRequest.of(url).withProxy(way)).text()).isEqualTo("behind");
                assertThat(proxy.asked())
                        .containsExactly(
                                password == null ? "me" : "me:secret",
                                "name.test:" + w.site().port());
            }
        });
    }

    @Test
    default void aProxyThatRefusesToConnectIsNamed() {
        runWithoutLeaks(w -> {
            var server =
                    w.answeringAndHolding("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
            fails(w, server, Proxy.Type.HTTP);
            assertThat(server.heads().getLast()).startsWith("CONNECT nowhere.invalid:443");
        });
    }

    @Test
    default void aProxyThatTalksGarbageOrHangsUpIsNamed() {
        runWithoutLeaks(w -> {
            for (var type : List.of(Proxy.Type.HTTP, Proxy.Type.SOCKS4, Proxy.Type.SOCKS5)) {
                fails(
                        w,
                        w.scripted(peer -> {
                            peer.read(1);
                            peer.write("What do you want?\r\n\r\n");
                            peer.awaitClose();
                        }),
                        type);
                fails(w, w.scripted(peer -> peer.read(1)), type);
            }
        });
    }

    private static void fails(ClientWorld w, ScriptedServer proxy, Proxy.Type type) {
        var way = Proxy.of(type, "127.0.0.1", proxy.port());
        assertThat(w.failure(HttpRequest.of("https://nowhere.invalid/").withProxy(way)))
                .as(type.toString())
                .isInstanceOf(ProxyException.class)
                .hasMessageContaining(way.toString());
        w.await(() -> proxy.open() == 0);
    }

    @Test
    default void namesCanBeSentElsewhere() {
        runWithoutLeaks(w -> {
            w.site().on("/", "hello");
            int port = w.site().port();
            var targets =
                    Map.of(
                            OverrideResolver.Key.of("one.example"),
                            OverrideResolver.Target.of("127.0.0.1"),
                            OverrideResolver.Key.of("two.example", 80),
                            OverrideResolver.Target.of("127.0.0.1", port));
            var elsewhere =
                    ConnectionOptions.DEFAULTS.withResolver(
                            () -> new OverrideResolver(Resolver.create(), targets));
            var client = w.client(w.options().withConnections(elsewhere));
            var one = Async.await(client.fetch("http://one.example:" + port + "/"));
            assertThat(one.text()).isEqualTo("hello");
            assertThat(Async.await(client.fetch("http://two.example/")).text()).isEqualTo("hello");
            assertThat(w.site().lastRequest().headers().get("Host")).isEqualTo("two.example");
            assertThat(w.failure(client, HttpRequest.of("http://nowhere.invalid/")))
                    .isInstanceOf(ResolveException.class)
                    .hasMessageContaining("nowhere.invalid");
        });
    }
}
