package whirlwind.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Async.await;
import static whirlwind.net.StreamPairs.onLoop;
import static whirlwind.net.StreamPairs.text;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
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
import whirlwind.net.tls.TlsServerOptions.ClientCertificates;
import whirlwind.net.tls.Trust;
import whirlwind.testing.LogCapture;

/** A server's TLS: whose certificate it shows, and whose it believes. */
@ParameterizedClass
@ValueSource(strings = {"jdk", "openssl"})
class TlsServerTest {
    @Parameter private String library;
    @TempDir private Path folder;
    private TestCertificates certificates;
    private TlsServerOptions options;

    /** Believes the authority, and looks at no name: these tests look themselves. */
    private TlsOptions client;

    @BeforeEach
    void makeCertificates() throws Exception {
        ChosenTlsLibrary.use(library);
        certificates = new TestCertificates(folder);
        options = TlsServerOptions.of(certificates.identity("default.example"));
        client =
                TlsOptions.DEFAULTS
                        .withTrust(Trust.pem(certificates.authority()))
                        .withVerifyHostname(false);
    }

    @AfterEach
    void reset() {
        ChosenTlsLibrary.reset();
    }

    private static TcpServer serve(TlsServerOptions options, StreamHandler handler) {
        var server = new TcpServer(handler, TcpServerOptions.DEFAULTS.withTls(options));
        server.listen("127.0.0.1", 0);
        return server;
    }

    private static TcpServer echo(TlsServerOptions options) {
        return serve(
                options,
                (stream, address) -> {
                    try (stream) {
                        while (true) {
                            await(stream.write(await(stream.readUntil("\n"))));
                        }
                    }
                });
    }

    private static IOStream connect(TcpServer server, TlsOptions tls, String... alpn) {
        var options = ConnectOptions.DEFAULTS.withTls(tls).withAlpn(alpn);
        try (var connecting = new TcpClient()) {
            return await(connecting.connect("127.0.0.1", server.port(), options));
        }
    }

    private static String shownTo(IOStream client) throws SSLPeerUnverifiedException {
        var shown = (X509Certificate) client.tlsSession().getPeerCertificates()[0];
        return shown.getSubjectX500Principal().getName().replace("CN=", "");
    }

    // ---- reload ----

    @Test
    void aRenewedCertificateIsShownFromTheNextConnectionOnWithoutRestart() throws Exception {
        var files = certificates.bundle("old.example");
        var identity = Identity.pem(files.chain(), files.key());
        var renewed = certificates.bundle("new.example");
        onLoop(() -> {
            try (var server = echo(TlsServerOptions.of(identity));
                    var before = connect(server, client)) {
                Files.move(renewed.chain(), files.chain(), StandardCopyOption.REPLACE_EXISTING);
                Files.move(renewed.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
                identity.reload();
                try (var after = connect(server, client)) {
                    assertThat(shownTo(before)).isEqualTo("old.example");
                    assertThat(shownTo(after)).isEqualTo("new.example");
                }
                before.write("still here\n");
                assertThat(text(await(before.readUntil("\n")))).isEqualTo("still here\n");
            }
        });
    }

    @Test
    void aRenewedCertificateThatIsBrokenLeavesTheOldOneInPlace() throws Exception {
        var files = certificates.bundle("old.example");
        var identity = Identity.pem(files.chain(), files.key());
        var other = certificates.bundle("new.example");
        onLoop(() -> {
            try (var server = echo(TlsServerOptions.of(identity))) {
                Files.copy(other.chain(), files.chain(), StandardCopyOption.REPLACE_EXISTING);
                assertThatThrownBy(identity::reload)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(files.chain().toString())
                        .hasMessageContaining("is not the one of the certificate");
                try (var stream = connect(server, client)) {
                    assertThat(shownTo(stream)).isEqualTo("old.example");
                }
            }
        });
    }

    // ---- names ----

    @Test
    void theNameThatAClientAsksForChoosesTheCertificate() throws Exception {
        var named =
                options.withNames(
                        Map.of(
                                "a.example", certificates.identity("exact.example"),
                                "*.example", certificates.identity("wildcard.example")));
        onLoop(() -> {
            try (var server = echo(named)) {
                assertThat(shownFor("a.example", server)).isEqualTo("exact.example");
                assertThat(shownFor("A.Example", server)).isEqualTo("exact.example");
                assertThat(shownFor("b.example", server)).isEqualTo("wildcard.example");
                assertThat(shownFor("a.b.example", server)).isEqualTo("default.example");
                assertThat(shownFor("a.test", server)).isEqualTo("default.example");
                assertThat(shownFor(null, server)).isEqualTo("default.example"); // an address
            }
        });
    }

    private String shownFor(@Nullable String name, TcpServer server) throws Exception {
        try (var stream = connect(server, client.withServerName(name))) {
            stream.write("x\n");
            await(stream.readUntil("\n"));
            return shownTo(stream);
        }
    }

    // ---- certificates of clients ----

    @Test
    void whoIsNotAskedShowsNothing() throws Exception {
        assertThat(seenOf(ClientCertificates.NONE, null)).isEqualTo("nobody");
        assertThat(seenOf(ClientCertificates.NONE, certificates.identity("me")))
                .isEqualTo("nobody");
    }

    @Test
    void whoIsAskedMayShowNothingOrSomethingGood() throws Exception {
        assertThat(seenOf(ClientCertificates.WANT, null)).isEqualTo("nobody");
        assertThat(seenOf(ClientCertificates.WANT, certificates.identity("me"))).isEqualTo("CN=me");
        assertThat(seenOf(ClientCertificates.WANT, certificates.expired("me")))
                .isInstanceOf(TlsException.Expired.class);
    }

    @Test
    void whoMustShowOneIsRefusedWithout() throws Exception {
        assertThat(seenOf(ClientCertificates.NEED, certificates.forClients("me")))
                .isEqualTo("CN=me");
        assertThat(seenOf(ClientCertificates.NEED, null))
                .isExactlyInstanceOf(TlsException.class)
                .asString()
                .contains("TLS handshake with 127.0.0.1:");
        assertThat(seenOf(ClientCertificates.NEED, certificates.expired("me")))
                .isInstanceOf(TlsException.Expired.class);
        assertThat(seenOf(ClientCertificates.NEED, certificates.notYetValid("me")))
                .isInstanceOf(TlsException.NotYetValid.class);
        assertThat(seenOf(ClientCertificates.NEED, certificates.forServers("me")))
                .isInstanceOf(TlsException.WrongUse.class);
    }

    /** What the server learns of a client: its name, or why it was refused. */
    private Object seenOf(ClientCertificates clients, @Nullable Identity identity)
            throws Exception {
        var asking = options.withClients(clients, Trust.pem(certificates.authority()));
        var seen = new CompletableFuture<Object>();
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                try (var server =
                                serve(
                                        asking,
                                        (stream, address) -> {
                                            try (stream) {
                                                await(stream.waitForHandshake());
                                                seen.complete(nameOf(stream));
                                            } catch (TlsException e) {
                                                seen.complete(e);
                                            }
                                        });
                        var stream = connect(server, client.withIdentity(identity))) {
                    await(seen);
                    if (seen.join() instanceof TlsException) {
                        // TLS 1.3 lets a client speak before it is refused: it learns by reading.
                        assertThatThrownBy(() -> await(stream.readBytes(1)))
                                .isInstanceOf(StreamClosedException.class);
                    }
                }
            });
            assertThat(log.lines()).allMatch(line -> line.startsWith("WARN TLS handshake with"));
        }
        return seen.join();
    }

    private static String nameOf(IOStream stream) {
        try {
            Principal name = stream.tlsSession().getPeerPrincipal();
            return name.getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    @Test
    void aClientOfTls12IsRefusedInItsHandshake() throws Exception {
        var asking =
                options.withClients(ClientCertificates.NEED, Trust.pem(certificates.authority()));
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                try (var server = echo(asking)) {
                    assertThatThrownBy(() -> connect(server, client.withProtocols("TLSv1.2")))
                            .isInstanceOf(TlsException.class)
                            .hasMessageContaining("127.0.0.1:" + server.port());
                }
            });
            assertThat(log.lines()).hasSize(1);
        }
    }

    // ---- protocols ----

    @Test
    void theNewestProtocolThatBothSpeakIsSpoken() {
        onLoop(() -> {
            try (var server = echo(options);
                    var newest = connect(server, client);
                    var older = connect(server, client.withProtocols("TLSv1.2"))) {
                assertThat(newest.tlsSession().getProtocol()).isEqualTo("TLSv1.3");
                assertThat(older.tlsSession().getProtocol()).isEqualTo("TLSv1.2");
                assertThat(older.tlsSession().getCipherSuite()).contains("ECDHE").contains("GCM");
            }
        });
    }

    @Test
    void brokenProtocolsAndUnknownCiphersAreRefusedAtOnce() {
        assertThatThrownBy(() -> options.withProtocols("TLSv1.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("protocols: [TLSv1.1] (of [TLSv1.3, TLSv1.2])");
        assertThatThrownBy(() -> client.withProtocols("SSLv3"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withCiphers("ROT13"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ciphers: 'ROT13'");
    }

    @Test
    void aCipherCanBeChosen() {
        var chosen =
                options.withProtocols("TLSv1.2")
                        .withCiphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        onLoop(() -> {
            try (var server = echo(chosen);
                    var stream = connect(server, client)) {
                assertThat(stream.tlsSession().getCipherSuite()).contains("AES_128_GCM");
            }
        });
    }

    @Test
    void aProtocolAboveIsAgreedOnWhereBothKnowOne() {
        onLoop(() -> {
            var agreed = new CompletableFuture<String>();
            try (var server =
                            serve(
                                    options.withAlpn("h2", "x"),
                                    (stream, address) -> {
                                        await(stream.waitForHandshake());
                                        agreed.complete(stream.applicationProtocol());
                                    });
                    var common = connect(server, client, "y", "x");
                    var silent = connect(server, client);
                    var other = connect(server, client, "y")) {
                assertThat(common.applicationProtocol()).isEqualTo("x");
                assertThat(await(agreed)).isEqualTo("x");
                assertThat(silent.applicationProtocol()).isNull();
                assertThat(other.applicationProtocol()).isNull();
            }
        });
    }

    // ---- clients that stall and go ----

    @Test
    void aClientThatStallsInItsHandshakeIsHungUpOn() throws Exception {
        var hasty = options.withHandshakeTimeout(Duration.ofMillis(50));
        stalls(hasty);
        stalls(hasty.withNames(Map.of("a.example", certificates.identity("a.example"))));
    }

    private static void stalls(TlsServerOptions options) {
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                var failed = new CompletableFuture<Throwable>();
                try (var server =
                                serve(
                                        options,
                                        (stream, address) -> {
                                            try {
                                                await(stream.waitForHandshake());
                                            } catch (TlsException e) {
                                                failed.complete(e);
                                            }
                                        });
                        var silent =
                                await(
                                        IOStream.connect(
                                                new InetSocketAddress(
                                                        "127.0.0.1", server.port())))) {
                    assertThat(await(silent.readUntilClose())).isEmpty();
                    assertThat(await(failed)).hasMessageContaining("timed out");
                }
            });
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void aClientThatGoesBeforeItsHandshakeIsNoNews() {
        try (var log = LogCapture.of(ByteStream.class)) {
            onLoop(() -> {
                var failed = new CompletableFuture<Throwable>();
                try (var server =
                        serve(
                                options,
                                (stream, address) -> {
                                    try {
                                        await(stream.waitForHandshake());
                                    } catch (TlsException.HungUp e) {
                                        failed.complete(e);
                                    }
                                })) {
                    await(IOStream.connect(new InetSocketAddress("127.0.0.1", server.port())))
                            .close();
                    await(failed);
                }
            });
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void manyMayWaitForAHandshakeAndAlsoAfterwards() {
        onLoop(() -> {
            var waited = new CompletableFuture<Boolean>();
            try (var server =
                            serve(
                                    options,
                                    (stream, address) -> {
                                        var first = stream.waitForHandshake();
                                        var second = stream.waitForHandshake();
                                        assertThat(stream.tlsSession()).isNull();
                                        await(first);
                                        await(second);
                                        await(stream.waitForHandshake());
                                        waited.complete(stream.tlsSession() != null);
                                    });
                    var stream = connect(server, client)) {
                assertThat(await(waited)).isTrue();
            }
        });
    }

    @Test
    void aHandshakesLimitMayBeLessThanAMillisecond() {
        onLoop(() -> {
            try (var log = LogCapture.of(IOStream.class);
                    var hasty = echo(options.withHandshakeTimeout(Duration.ofNanos(1)));
                    var silent =
                            await(
                                    IOStream.connect(
                                            new InetSocketAddress("127.0.0.1", hasty.port())))) {
                assertThat(await(silent.readUntilClose())).hasSizeLessThan(100); // an alert
                assertThat(log.lines()).hasSizeLessThan(2);
            }
        });
    }
}
