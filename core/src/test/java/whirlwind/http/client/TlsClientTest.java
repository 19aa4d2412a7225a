package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.codec.ClientTransport;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsException;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.Trust;

/** Servers with certificates of every kind. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsClientTest {
    private final ClientWorld world = new ClientWorld(ClientTransport::new);
    private TestCertificates certificates;
    private TlsOptions trusting;

    @TempDir private Path folder;

    @BeforeEach
    void open() throws Exception {
        certificates = new TestCertificates(folder);
        trusting = TlsOptions.DEFAULTS.withTrust(Trust.pem(certificates.authority()));
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private HttpRequest to(Identity identity) throws Exception {
        var server = server(identity, false);
        return HttpRequest.of("https://localhost:" + server.port() + "/").withTls(trusting);
    }

    private ScriptedServer server(Identity identity, boolean wantClient) throws Exception {
        var credentials = identity.credentials();
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        var chain = credentials.chain().toArray(Certificate[]::new);
        keys.setKeyEntry("key", credentials.key(), new char[0], chain);
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(
                managers.getKeyManagers(),
                new TrustManager[] {Trust.pem(certificates.authority()).manager()},
                null);
        var socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getByName("localhost"));
        socket.setNeedClientAuth(wantClient);
        return world.closing(
                new ScriptedServer(
                        socket,
                        peer -> {
                            while (true) {
                                peer.readHead();
                                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                            }
                        }));
    }

    @Test
    void aGoodCertificateIsAccepted() {
        world.run(w -> {
            var request = to(certificates.identity("localhost"));
            assertThat(w.fetch(request).text()).isEqualTo("hello");
            assertThat(w.fetch(request).text()).isEqualTo("hello");
        });
    }

    @Test
    void eachKindOfBadCertificateHasAnErrorOfItsOwn() {
        world.run(w -> {
            refused(w, to(certificates.expired("localhost")), TlsException.Expired.class);
            refused(w, to(certificates.identity("other.example")), TlsException.WrongHost.class);
            refused(w, to(certificates.selfSigned("localhost")), TlsException.Untrusted.class);
            var revoked = certificates.identity("localhost");
            var list = certificates.revocationsOf(revoked);
            var checking =
                    trusting.withTrust(Trust.pem(certificates.authority()).withRevocations(list));
            refused(w, to(revoked).withTls(checking), TlsException.Revoked.class);
        });
    }

    private static void refused(
            ClientWorld w, HttpRequest request, Class<? extends TlsException> kind) {
        assertThat(w.failure(request)).isInstanceOf(kind).hasMessageContaining("localhost:");
        assertThat(w.fetch(request.withValidateCert(false)).text()).isEqualTo("hello");
    }

    @Test
    void aServerThatWantsACertificateGetsIt() {
        world.run(w -> {
            var server = server(certificates.identity("localhost"), true);
            var request =
                    HttpRequest.of("https://localhost:" + server.port() + "/").withTls(trusting);
            assertThat(w.failure(request)).isInstanceOf(RuntimeException.class);
            var known = request.withTls(trusting.withIdentity(certificates.identity("me")));
            assertThat(w.fetch(known).text()).isEqualTo("hello");
            assertThat(w.failure(request)).isInstanceOf(RuntimeException.class); // not shared
        });
    }

    @Test
    void plainHttpIsNoTls() {
        world.run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                        peer.awaitClose();
                    });
            assertThat(w.failure(HttpRequest.of("https://127.0.0.1:" + server.port() + "/")))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
        });
    }
}
