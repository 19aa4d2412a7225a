package whirlwind.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.turns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.net.tls.ChosenTlsLibrary;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.Trust;
import whirlwind.testing.LogCapture;
import whirlwind.testing.OpenDescriptors;

/** What a client is told when the server's certificate is wrong, or its handshake goes astray. */
@ParameterizedClass
@ValueSource(strings = {"jdk", "openssl"})
class TlsFailureTest {
    @Parameter private String library;
    @TempDir private Path folder;
    private TestCertificates certificates;
    private TlsOptions trusting;

    @BeforeEach
    void makeCertificates() throws Exception {
        ChosenTlsLibrary.use(library);
        certificates = new TestCertificates(folder);
        trusting = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
    }

    @AfterEach
    void reset() {
        ChosenTlsLibrary.reset();
    }

    // ---- certificates ----

    @Test
    void aGoodCertificateIsAccepted() throws Exception {
        accepts(certificates.identity("localhost"), trusting);
        accepts(certificates.forServers("localhost"), trusting);
        accepts(certificates.intermediate().identity("localhost"), trusting);
    }

    @Test
    void expired() throws Exception {
        refuses(certificates.expired("localhost"), trusting, TlsException.Expired.class)
                .hasMessageContaining("its certificate has expired: ");
    }

    @Test
    void notYetValid() throws Exception {
        refuses(certificates.notYetValid("localhost"), trusting, TlsException.NotYetValid.class)
                .hasMessageContaining("is not valid yet, unless this machine's clock is wrong: ");
    }

    @Test
    void forAnotherHost() throws Exception {
        refuses(certificates.identity("example.com"), trusting, TlsException.WrongHost.class)
                .hasMessageContaining("its certificate is for another name: ")
                .hasMessageContaining("localhost");
    }

    @Test
    void forAnotherUse() throws Exception {
        refuses(certificates.forClients("localhost"), trusting, TlsException.WrongUse.class)
                .hasMessageContaining("its certificate is for something else: ");
    }

    @Test
    void selfSigned() throws Exception {
        refuses(certificates.selfSigned("localhost"), trusting, TlsException.SelfSigned.class)
                .isInstanceOf(TlsException.Untrusted.class)
                .hasMessageContaining("its certificate vouches for itself");
    }

    @Test
    void byAnAuthorityThatIsNotKnown() throws Exception {
        refuses(
                        certificates.identity("localhost"),
                        TlsOptions.DEFAULTS,
                        TlsException.Untrusted.class)
                .isNotInstanceOf(TlsException.SelfSigned.class)
                .hasMessageContaining("nobody trusted vouches for its certificate: ");
    }

    @Test
    void withoutTheCertificateInBetween() throws Exception {
        var lonely = certificates.intermediate().withoutChain("localhost");
        refuses(lonely, trusting, TlsException.Untrusted.class);
    }

    @Test
    void revoked() throws Exception {
        var revoked = certificates.identity("localhost");
        var good = certificates.identity("localhost");
        var checking = but(certificates.revocationsOf(revoked));
        refuses(revoked, checking, TlsException.Revoked.class)
                .hasMessageContaining("its certificate was revoked: ");
        accepts(good, checking);
    }

    @Test
    void byAnAuthorityThatIsRevoked() throws Exception {
        var between = certificates.intermediate();
        var identity = between.identity("localhost");
        accepts(identity, but(certificates.revocationsOf(), between.revocationsOf()));
        refuses(
                identity,
                but(certificates.revocationsOf(between), between.revocationsOf()),
                TlsException.Revoked.class);
    }

    @Test
    void onNoListThatCoversIt() throws Exception {
        var identity = certificates.intermediate().identity("localhost");
        refuses(identity, but(certificates.revocationsOf()), TlsException.Untrusted.class)
                .hasMessageContaining("revocation status");
    }

    @Test
    void whoDoesNotLookAtNamesStillLooksAtAuthorities() throws Exception {
        var careless = trusting.withVerifyHostname(false);
        accepts(certificates.identity("example.com"), careless);
        refuses(certificates.selfSigned("localhost"), careless, TlsException.SelfSigned.class);
    }

    @Test
    void whoTrustsAnyoneAcceptsThemAll() throws Exception {
        for (var identity :
                new Identity[] {
                    certificates.expired("localhost"),
                    certificates.identity("example.com"),
                    certificates.forClients("localhost"),
                    certificates.selfSigned("localhost")
                }) {
            accepts(identity, TlsOptions.INSECURE);
        }
    }

    private TlsOptions but(Path... lists) throws IOException {
        var all = new StringBuilder();
        for (var list : lists) {
            all.append(Files.readString(list));
        }
        var file = Files.writeString(folder.resolve("lists.pem"), all);
        return trusting.withTrust(Trust.pem(certificates.authority()).withRevocations(file));
    }

    private static void accepts(Identity identity, TlsOptions options) {
        onLoop(() -> {
            try (var server = greeting(TlsServerOptions.of(identity));
                    var client = new TcpClient();
                    var stream = await(connect(client, server.port(), options))) {
                assertThat(await(stream.readBytes(5))).isEqualTo("hello".getBytes(US_ASCII));
            }
        });
    }

    private static TcpServer greeting(TlsServerOptions options) {
        var server =
                new TcpServer(
                        (stream, address) -> await(stream.write("hello")),
                        TcpServerOptions.DEFAULTS.withTls(options));
        server.listen("127.0.0.1", 0);
        return server;
    }

    private static CompletableFuture<IOStream> connect(
            TcpClient client, int port, TlsOptions options) {
        return client.connect("localhost", port, ConnectOptions.DEFAULTS.withTls(options));
    }

    /** The server learns of it, in one line, and the connection is gone on both ends. */
    private static AbstractThrowableAssert<?, ?> refuses(
            Identity identity, TlsOptions options, Class<? extends TlsException> kind)
            throws Exception {
        return refuses(TlsServerOptions.of(identity), options, kind);
    }

    private static AbstractThrowableAssert<?, ?> refuses(
            TlsServerOptions serverOptions, TlsOptions options, Class<? extends TlsException> kind)
            throws Exception {
        var thrown = new Throwable[1];
        OpenDescriptors.noneIsLeftBy(() -> thrown[0] = refusal(serverOptions, options, kind));
        return assertThat(thrown[0]);
    }

    private static Throwable refusal(
            TlsServerOptions serverOptions,
            TlsOptions options,
            Class<? extends TlsException> kind) {
        try (var log = LogCapture.of(ByteStream.class)) {
            var thrown = new Throwable[1];
            onLoop(() -> {
                try (var server = greeting(serverOptions);
                        var client = new TcpClient()) {
                    var connecting = connect(client, server.port(), options);
                    thrown[0] = catchThrowable(() -> await(connecting));
                    assertThat(thrown[0])
                            .isInstanceOf(kind)
                            .hasMessageStartingWith(
                                    "TLS handshake with localhost:%d at 127.0.0.1:%d failed: "
                                            .formatted(server.port(), server.port()));
                    while (server.connectionCount() > 0) {
                        turns(1);
                    }
                }
            });
            assertThat(log.lines().size()).isLessThanOrEqualTo(1);
            assertThat(log.lines()).allMatch(line -> line.startsWith("WARN TLS handshake with"));
            assertThat(log.events()).allMatch(event -> event.getThrowableProxy() == null);
            return thrown[0];
        }
    }

    // ---- handshakes ----

    @Test
    void nothingInCommon() throws Exception {
        var old = TlsServerOptions.of(certificates.identity("localhost")).withProtocols("TLSv1.2");
        refuses(old, trusting.withProtocols("TLSv1.3"), TlsException.class)
                .isExactlyInstanceOf(TlsException.class);
    }

    @Test
    void aPeerThatSpeaksPlainText() throws Exception {
        failsWith(
                        TlsException.NotTls.class,
                        peer -> {
                            say(peer, "HTTP/1.1 400 Bad Request\r\n\r\n");
                            peer.getInputStream().readAllBytes();
                        })
                .hasMessageContaining("it doesn't speak TLS");
    }

    @Test
    void aPeerThatIsGoneBeforeTheHandshake() throws Exception {
        failsWith(TlsException.HungUp.class, peer -> say(peer, "bye"));
    }

    @Test
    void aPeerThatResetsTheConnection() throws Exception {
        failsWith(
                TlsException.HungUp.class,
                peer -> {
                    peer.getInputStream().read();
                    peer.setSoLinger(true, 0);
                });
    }

    @Test
    void aPeerThatHangsUp() throws Exception {
        failsWith(TlsException.HungUp.class, peer -> peer.getInputStream().read(new byte[9999]))
                .hasMessageEndingWith("it hung up");
    }

    @Test
    void aPeerThatStopsInTheMiddleOfAMessage() throws Exception {
        failsWith(
                TlsException.HungUp.class,
                peer -> {
                    peer.getInputStream().read(new byte[9999]);
                    say(peer, "\26\3\3\0\172\2\0\0\166\3\3");
                });
    }

    @Test
    void aPeerWhoseMessageIsGarbage() throws Exception {
        failsWith(
                        TlsException.class,
                        peer -> {
                            peer.getInputStream().read(new byte[9999]);
                            say(peer, "\26\3\3\0\5hello");
                            peer.getInputStream().read();
                        })
                .isExactlyInstanceOf(TlsException.class);
    }

    @Test
    void aPeerThatRefusesWithAnAlert() throws Exception {
        failsWith(
                        TlsException.class,
                        peer -> {
                            peer.getInputStream().read(new byte[9999]);
                            say(peer, "\25\3\3\0\2\2\50"); // handshake_failure
                            peer.getInputStream().read();
                        })
                .isExactlyInstanceOf(TlsException.class)
                .message()
                .containsIgnoringCase("handshake")
                .containsIgnoringCase("failure");
    }

    private interface Treatment {
        void treat(Socket client) throws IOException;
    }

    private static void say(Socket client, String latin) throws IOException {
        client.getOutputStream().write(latin.getBytes(US_ASCII));
    }

    private AbstractThrowableAssert<?, ?> failsWith(
            Class<? extends TlsException> kind, Treatment treatment) throws Exception {
        var thrown = new Throwable[1];
        OpenDescriptors.noneIsLeftBy(() -> thrown[0] = failure(kind, treatment));
        return assertThat(thrown[0]);
    }

    private Throwable failure(Class<? extends TlsException> kind, Treatment treatment)
            throws IOException {
        var thrown = new Throwable[1];
        try (var listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try (var client = listening.accept()) {
                            treatment.treat(client);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            onLoop(() -> {
                try (var client = new TcpClient()) {
                    var connecting = connect(client, listening.getLocalPort(), trusting);
                    thrown[0] = catchThrowable(() -> await(connecting));
                }
            });
            assertThat(thrown[0])
                    .isInstanceOf(kind)
                    .hasMessageStartingWith(
                            "TLS handshake with localhost:" + listening.getLocalPort());
            return thrown[0];
        }
    }
}
