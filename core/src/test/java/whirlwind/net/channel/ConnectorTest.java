package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.net.channel.Channels.close;
import static whirlwind.net.channel.Channels.connect;
import static whirlwind.net.channel.Channels.read;
import static whirlwind.net.channel.Channels.run;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.VirtualTime;

class ConnectorTest {
    private static final byte[] BYE = "bye".getBytes(StandardCharsets.UTF_8);

    @Test
    void connectsAndKeepsWhatThePeerSaysFirst() throws Exception {
        try (var peer = Peer.greeting()) {
            run(() -> {
                var channel = Async.await(connect(peer.to("localhost")));
                assertThat(channel.isActive()).isTrue();
                assertThat(read(channel)).isEqualTo("hello");
                close(channel);
                return null;
            });
        }
    }

    @Test
    void whatAPeerSaidThatIsGoneAlreadyCanStillBeRead() throws Exception {
        Peer.Treatment inPassing = client -> client.getOutputStream().write(BYE);
        try (var peer = Peer.of(inPassing)) {
            for (int i = 0; i < 20; i++) {
                run(() -> {
                    var channel = Async.await(connect(peer.to("127.0.0.1")));
                    Async.sleep(Duration.ofMillis(2)); // so that the end has come, mostly
                    assertThat(read(channel)).isEqualTo("bye");
                    Async.await(Channels.closed(channel));
                    return null;
                });
            }
        }
    }

    @Test
    void refusalNamesHostAndAddress() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        run(() -> {
            assertThatThrownBy(() -> Async.await(connect(Destination.of("127.0.0.1", port))))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("127.0.0.1:" + port)
                    .hasMessageContaining("Connection refused");
            return null;
        });
    }

    @Test
    void handshakeIsDoneWhenTheChannelIsThere(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        var trusting = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
        try (var peer = Peer.greeting(certificates.identity("localhost"))) {
            run(() -> {
                var channel =
                        Async.await(connect(peer.to("localhost").withTls(trusting).withAlpn("x")));
                assertThat(read(channel)).isEqualTo("hello");
                close(channel);
                return null;
            });
        }
    }

    @Test
    void aCertificateOfNobodyWeTrustIsRefused(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        try (var peer = Peer.greeting(certificates.identity("localhost"))) {
            run(() -> {
                assertThatThrownBy(() ->
                                Async.await(
                                        connect(peer.to("localhost").withTls(TlsOptions.DEFAULTS))))
                        .isInstanceOf(TlsException.Untrusted.class)
                        .hasMessageContaining("localhost:" + peer.port());
                return null;
            });
        }
    }

    @Test
    void aPeerThatDoesNotAnswerTheHandshakeTimesOut() throws Exception {
        var time = new VirtualTime();
        try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var loop = time.newLoop()) {
            var destination =
                    Destination.of("127.0.0.1", socket.getLocalPort())
                            .withTls(TlsOptions.INSECURE)
                            .withTimeout(Duration.ofSeconds(2));
            loop.runSync(() -> {
                var connecting = connect(destination);
                Async.await(
                        Async.offload(() ->
                                socket.accept().getInputStream().read())); // the client's hello
                time.advance(Duration.ofSeconds(2));
                assertThatThrownBy(() -> Async.await(connecting))
                        .isInstanceOfSatisfying(
                                ConnectTimeoutException.class,
                                e ->
                                        assertThat(e.stage())
                                                .isEqualTo(ConnectTimeoutException.Stage.TLS));
                return null;
            });
        }
    }
}
