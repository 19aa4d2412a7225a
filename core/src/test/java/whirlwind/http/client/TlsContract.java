package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsException.Expired;
import whirlwind.net.tls.TlsException.NotYetValid;
import whirlwind.net.tls.TlsException.Revoked;
import whirlwind.net.tls.TlsException.Untrusted;
import whirlwind.net.tls.TlsException.WrongHost;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;

/** Servers with certificates of every kind. */
public interface TlsContract extends ClientContract {

    private static TlsOptions trusting(TestCertificates certificates) throws IOException {
        return TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
    }

    private static HttpRequest to(ScriptedServer server, TlsOptions tls) {
        return HttpRequest.of("https://localhost:" + server.port() + "/").withTls(tls);
    }

    @Test
    default void aGoodCertificateIsAccepted(@TempDir Path folder) {
        run(w -> {
            var certificates = new TestCertificates(folder);
            var server = w.secure(certificates.identity("localhost"));
            var request = to(server, trusting(certificates));
            assertThat(w.fetch(request).text()).isEqualTo("hello");
            assertThat(w.fetch(request).text()).isEqualTo("hello");
            assertThat(server.connections()).isEqualTo(1);
        });
    }

    @Test
    default void eachKindOfBadCertificateHasAnErrorOfItsOwn(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var certificates = new TestCertificates(folder);
            var tls = trusting(certificates);
            isRefused(w, certificates.expired("localhost"), tls, Expired.class);
            isRefused(w, certificates.notYetValid("localhost"), tls, NotYetValid.class);
            isRefused(w, certificates.identity("other.test"), tls, WrongHost.class);
            isRefused(w, certificates.selfSigned("localhost"), tls, Untrusted.class);
            isRefused(w, certificates.identity("localhost"), TlsOptions.DEFAULTS, Untrusted.class);
        });
    }

    @Test
    default void aRevokedCertificateIsRefused(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var certificates = new TestCertificates(folder);
            var revoked = certificates.identity("localhost");
            var trust =
                    Trust.pem(certificates.authority())
                            .withRevocations(certificates.revocationsOf(revoked));
            var tls = TlsOptions.DEFAULTS.withTrust(trust);
            isRefused(w, revoked, tls, Revoked.class);
        });
    }

    @Test
    default void aCertificateOfARevokedAuthorityIsRefused(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var certificates = new TestCertificates(folder);
            var between = certificates.intermediate();
            var lists =
                    Files.writeString(
                            folder.resolve("lists.pem"),
                            Files.readString(certificates.revocationsOf(between))
                                    + Files.readString(between.revocationsOf()));
            var trust = Trust.pem(certificates.authority()).withRevocations(lists);
            var tls = TlsOptions.DEFAULTS.withTrust(trust);
            isRefused(w, between.identity("localhost"), tls, Revoked.class);
        });
    }

    private static void isRefused(
            ClientWorld w, Identity identity, TlsOptions tls, Class<? extends TlsException> kind)
            throws Exception {
        var server = w.secure(identity);
        var request = to(server, tls);
        assertThat(w.failure(request))
                .isInstanceOf(kind)
                .hasMessageContaining("TLS handshake with localhost:" + server.port());
        w.await(() -> server.closedByClients() == 1);
        assertThat(w.fetch(request.withValidateCert(false)).text()).isEqualTo("hello");
    }

    @Test
    default void aServerThatWantsACertificateGetsIt(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var certificates = new TestCertificates(folder);
            var server =
                    w.secureForKnown(certificates.identity("localhost"), certificates.authority());
            var request = to(server, trusting(certificates));
            assertThat(w.failure(request)).isInstanceOf(RuntimeException.class);
            var known =
                    to(server, trusting(certificates).withIdentity(certificates.identity("me")));
            assertThat(w.fetch(known).text()).isEqualTo("hello");
            assertThat(w.failure(request)).isInstanceOf(RuntimeException.class); // not shared
        });
    }

    @Test
    default void plainHttpIsNoTls() {
        runWithoutLeaks(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                        peer.awaitClose();
                    });
            assertThat(w.failure(HttpRequest.of("https://127.0.0.1:" + server.port() + "/")))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
            w.await(() -> server.closedByClients() == 1);
        });
    }

    @Test
    default void aBodyThatEndsWithTheConnectionIsWholeIfTheServerSaysGoodbye(@TempDir Path folder) {
        runWithoutLeaks(w -> {
            var identity = new TestCertificates(folder).identity("localhost");
            ScriptedServer.Script script =
                    peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 200 OK\r\n\r\nhello");
                    };
            var polite = w.closing(new ScriptedServer(TlsSockets.listen(identity, null), script));
            var url = "https://localhost:" + polite.port() + "/";
            assertThat(w.fetch(HttpRequest.of(url).withValidateCert(false)).text())
                    .isEqualTo("hello");
            var rude =
                    w.closing(
                            new ScriptedServer(
                                    TlsSockets.listen((plain, number) ->
                                            new TlsSockets.Rude(
                                                    plain, TlsSockets.over(plain, identity))),
                                    script));
            url = "https://localhost:" + rude.port() + "/";
            assertThat(w.failure(HttpRequest.of(url).withValidateCert(false)))
                    .isInstanceOf(HttpClientException.class);
        });
    }
}
