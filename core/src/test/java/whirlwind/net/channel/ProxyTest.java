package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.net.channel.Channels.close;
import static whirlwind.net.channel.Channels.connect;
import static whirlwind.net.channel.Channels.read;
import static whirlwind.net.channel.Channels.run;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.VirtualTime;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProxyTest {
    /** What the proxies were asked for. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @Test
    void anHttpProxyConnectsByNameAndSeesTheCredentials() throws Exception {
        try (var target = Peer.greeting();
                var proxy = Peer.of(this::http)) {
            var destination =
                    Destination.of("name.only.the.proxy.knows", target.port())
                            .withProxy(to(proxy, Proxy.Type.HTTP).withCredentials("me", "secret"));
            greets(destination);
            assertThat(asked)
                    .containsExactly(
                            "CONNECT name.only.the.proxy.knows:" + target.port() + " HTTP/1.1");
        }
    }

    @Test
    void tlsIsSpokenWithTheTargetBehindTheProxy(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        var trusting = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
        try (var target = Peer.greeting(certificates.identity("behind.example"));
                var proxy = Peer.of(this::http)) {
            greets(
                    Destination.of("behind.example", target.port())
                            .withTls(trusting)
                            .withProxy(to(proxy, Proxy.Type.HTTP)));
        }
    }

    @Test
    void socks5ConnectsByNameWithCredentials() throws Exception {
        try (var target = Peer.greeting();
                var proxy = Peer.of(this::socks5)) {
            greets(
                    Destination.of("name.example", target.port())
                            .withProxy(
                                    to(proxy, Proxy.Type.SOCKS5).withCredentials("me", "secret")));
            assertThat(asked).containsExactly("me:secret", "name.example:" + target.port());
        }
    }

    @Test
    void socks4ConnectsByName() throws Exception {
        try (var target = Peer.greeting();
                var proxy = Peer.of(this::socks4)) {
            greets(
                    Destination.of("name.example", target.port())
                            .withProxy(to(proxy, Proxy.Type.SOCKS4).withCredentials("me", null)));
            assertThat(asked).containsExactly("me", "name.example:" + target.port());
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
            Class<? extends Throwable> type, Destination destination) {
        return assertThatThrownBy(() ->
                        run(() -> {
                            Async.await(connect(destination));
                            return null;
                        }))
                .isInstanceOf(type);
    }

    private static void answer(Socket client, String answer) throws IOException {
        client.getInputStream().read(new byte[1000]);
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void http(Socket client) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            head.write(client.getInputStream().read());
        }
        var lines = head.toString(StandardCharsets.ISO_8859_1).split("\r\n");
        asked.add(lines[0]);
        var request = lines[0].split("[ :]");
        client.getOutputStream()
                .write("HTTP/1.1 200 Fine\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        relay(client, Integer.parseInt(request[2]));
    }

    private void socks5(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        in.readByte();
        in.readFully(new byte[in.readByte()]);
        client.getOutputStream().write(new byte[] {5, 2});
        in.readByte();
        asked.add(text(in) + ":" + text(in));
        client.getOutputStream().write(new byte[] {1, 0});
        in.readInt(); // version, connect, reserved, by name
        var host = text(in);
        int port = in.readUnsignedShort();
        asked.add(host + ":" + port);
        client.getOutputStream().write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        relay(client, port);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private void socks4(Socket client) throws IOException {
        var in = new DataInputStream(client.getInputStream());
        in.readShort(); // version, connect
        int port = in.readUnsignedShort();
        in.readInt(); // no address
        asked.add(terminated(in));
        asked.add(terminated(in) + ":" + port);
        client.getOutputStream().write(new byte[] {0, 90, 0, 0, 0, 0, 0, 0});
        relay(client, port);
    }

    private static String terminated(DataInputStream in) throws IOException {
        var text = new StringBuilder();
        for (int c = in.read(); c != 0; c = in.read()) {
            text.append((char) c);
        }
        return text.toString();
    }

    private static void relay(Socket client, int port) throws IOException {
        try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var back = Thread.ofPlatform().daemon().start(() -> pump(target, client));
            pump(client, target);
            back.interrupt();
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            return;
        }
    }
}
