package whirlwind.net.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.ConnectTimeoutException;
import whirlwind.net.dns.Resolver;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.VirtualTime;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectorTest {

    @Test
    void connectsAndKeepsWhatThePeerSaysFirst() throws Exception {
        try (var peer = new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()))) {
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
        try (var peer = Peer.tls(certificates.identity("localhost"))) {
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
        try (var peer = Peer.tls(certificates.identity("localhost"))) {
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

    // ---- helpers ----

    private static CompletableFuture<Channel> connect(Destination destination) {
        return new Connector(IOLoop.current(), Resolver.create()).connect(destination);
    }

    private static void run(Callable<Void> body) {
        try (var loop = new IOLoop()) {
            loop.runSync(body);
        }
    }

    private static void close(Channel channel) {
        IOLoop.current().addCallback(channel::close);
    }

    private static String read(Channel channel) {
        var text = new CompletableFuture<String>();
        IOLoop.current()
                .addCallback(() -> {
                    channel.pipeline()
                            .addLast(
                                    new SimpleChannelInboundHandler<ByteBuf>() {
                                        @Override
                                        protected void channelRead0(
                                                ChannelHandlerContext context, ByteBuf message) {
                                            text.complete(message.toString(StandardCharsets.UTF_8));
                                        }
                                    });
                    channel.read();
                });
        return Async.await(text);
    }

    /** Says hello to each client, and waits for it to go. */
    private static final class Peer implements AutoCloseable {
        private final ServerSocket listening;

        Peer(ServerSocket listening) {
            this.listening = listening;
            Thread.ofPlatform().daemon().start(this::serve);
        }

        static Peer tls(Identity identity) throws Exception {
            var credentials = identity.credentials();
            var keys = java.security.KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry(
                    "key",
                    credentials.key(),
                    new char[0],
                    credentials.chain().toArray(java.security.cert.Certificate[]::new));
            var managers = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, new char[0]);
            var context = javax.net.ssl.SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            var socket =
                    (SSLServerSocket)
                            context.getServerSocketFactory()
                                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            return new Peer(socket);
        }

        int port() {
            return listening.getLocalPort();
        }

        Destination to(String host) {
            return Destination.of(host, port());
        }

        private void serve() {
            while (!listening.isClosed()) {
                try (var socket = listening.accept()) {
                    if (socket instanceof SSLSocket tls) {
                        tls.startHandshake();
                    }
                    socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                    socket.getOutputStream().flush();
                    socket.getInputStream().readAllBytes();
                } catch (java.io.IOException e) {
                    continue; // the client went away, or the test is over
                }
            }
        }

        @Override
        public void close() throws java.io.IOException {
            listening.close();
        }
    }
}
