package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static whirlwind.net.channel.Channels.close;
import static whirlwind.net.channel.Channels.connect;
import static whirlwind.net.channel.Channels.read;
import static whirlwind.net.channel.Channels.run;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.OpenDescriptors;
import whirlwind.testing.VirtualTime;

class ProxyTest {
    @Test
    void anHttpProxyConnectsByNameAndSeesTheCredentials() throws Exception {
        try (var target = Peer.greeting();
                var proxy = TestProxy.of(Proxy.Type.HTTP)) {
            var destination =
                    Destination.of("name.only.the.proxy.knows", target.port())
                            .withProxy(proxy.proxy().withCredentials("me", "secret"));
            greets(destination);
            assertThat(proxy.asked())
                    .containsExactly(
                            "CONNECT name.only.the.proxy.knows:" + target.port() + " HTTP/1.1");
        }
    }

    @Test
    void tlsIsSpokenWithTheTargetBehindTheProxy(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        var trusting = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
        try (var target = Peer.greeting(certificates.identity("behind.example"));
                var proxy = TestProxy.of(Proxy.Type.HTTP)) {
            greets(
                    Destination.of("behind.example", target.port())
                            .withTls(trusting)
                            .withProxy(proxy.proxy()));
        }
    }

    @Test
    void socks5ConnectsByNameWithCredentials() throws Exception {
        try (var target = Peer.greeting();
                var proxy = TestProxy.of(Proxy.Type.SOCKS5)) {
            greets(
                    Destination.of("name.example", target.port())
                            .withProxy(proxy.proxy().withCredentials("me", "secret")));
            assertThat(proxy.asked()).containsExactly("me:secret", "name.example:" + target.port());
        }
    }

    @Test
    void socks4ConnectsByName() throws Exception {
        try (var target = Peer.greeting();
                var proxy = TestProxy.of(Proxy.Type.SOCKS4)) {
            greets(
                    Destination.of("name.example", target.port())
                            .withProxy(proxy.proxy().withCredentials("me", null)));
            assertThat(proxy.asked()).containsExactly("me", "name.example:" + target.port());
        }
    }

    @Test
    void aDigestIsShownToAnHttpProxyThatWantsIt() throws Exception {
        try (var target = Peer.greeting();
                var proxy = TestProxy.digest("m\u00e9", "secret")) {
            var destination = Destination.of("name.example", target.port());
            greets(destination.withProxy(proxy.proxy().withDigest("m\u00e9", "secret")));
            assertThat(proxy.asked()).hasSize(2).allMatch(line -> line.startsWith("CONNECT "));

            failsWith(
                            ProxyException.class,
                            destination.withProxy(proxy.proxy().withDigest("me", "guess")))
                    .hasMessageContaining("doesn't accept the user or the password");
            assertThat(proxy.asked()).hasSize(6); // twice each time, and not for ever
            failsWith(ProxyException.class, destination.withProxy(proxy.proxy()))
                    .hasMessageContaining("407");
        }
    }

    @Test
    void aRefusalSaysWhichProxyAndWhatItSaid() throws Exception {
        try (var proxy = Peer.of(client -> answer(client, "HTTP/1.1 403 Forbidden\r\n\r\n"))) {
            var destination =
                    Destination.of("example.com", 443).withProxy(to(proxy, Proxy.Type.HTTP));
            failsWith(ProxyException.class, destination)
                    .hasMessage(
                            "HTTP proxy 127.0.0.1:%d didn't connect to example.com:443: %s"
                                    .formatted(proxy.port(), "status: 403 Forbidden"));
        }
    }

    @Test
    void aProxyThatTalksGarbageOrHangsUpFails() throws Exception {
        for (var type : Proxy.Type.values()) {
            try (var proxy = Peer.of(client -> answer(client, "What do you want?\r\n\r\n"))) {
                failsWith(
                        ProxyException.class,
                        Destination.of("example.com", 443).withProxy(to(proxy, type)));
            }
            try (var proxy = Peer.of(client -> client.getInputStream().read())) {
                failsWith(
                        ProxyException.class,
                        Destination.of("example.com", 443).withProxy(to(proxy, type)));
            }
        }
    }

    @Test
    void aProxyThatIsNotThereIsAConnectionFailure() throws Exception {
        Proxy nobody;
        try (var closed = Peer.greeting()) {
            nobody = to(closed, Proxy.Type.SOCKS5);
        }
        failsWith(
                        ConnectFailedException.class,
                        Destination.of("example.com", 443).withProxy(nobody))
                .isNotInstanceOf(ProxyException.class)
                .hasMessageContaining("SOCKS5 proxy 127.0.0.1:" + nobody.port());
    }

    @Test
    void aProxyThatIsSilentTimesOut() throws Exception {
        var time = new VirtualTime();
        var heard = new CompletableFuture<Integer>();
        try (var proxy =
                        Peer.of(client -> {
                            heard.complete(client.getInputStream().read());
                            client.getInputStream().readAllBytes();
                        });
                var loop = time.newLoop()) {
            loop.runSync(() -> {
                var connecting =
                        connect(
                                Destination.of("example.com", 443)
                                        .withProxy(to(proxy, Proxy.Type.HTTP))
                                        .withTimeout(Duration.ofSeconds(3)));
                Async.await(heard);
                time.advance(Duration.ofSeconds(3));
                assertThatThrownBy(() -> Async.await(connecting))
                        .isInstanceOfSatisfying(
                                ConnectTimeoutException.class,
                                e ->
                                        assertThat(e.stage())
                                                .isEqualTo(ConnectTimeoutException.Stage.PROXY));
                return null;
            });
        }
    }

    // ---- helpers ----

    private static Proxy to(Peer peer, Proxy.Type type) {
        return Proxy.of(type, "127.0.0.1", peer.port());
    }

    private static void greets(Destination destination) {
        run(() -> {
            var channel = Async.await(connect(destination));
            assertThat(read(channel)).isEqualTo("hello");
            close(channel);
            return null;
        });
    }

    private static AbstractThrowableAssert<?, ?> failsWith(
            Class<? extends Throwable> type, Destination destination) throws Exception {
        var thrown = new Throwable[1];
        OpenDescriptors.noneIsLeftBy(() ->
                run(() -> {
                    var connecting = connect(destination);
                    thrown[0] = catchThrowable(() -> Async.await(connecting));
                    return null;
                }));
        return assertThat(thrown[0]).isInstanceOf(type);
    }

    private static void answer(Socket client, String answer) throws IOException {
        client.getInputStream().read(new byte[1000]);
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }
}
