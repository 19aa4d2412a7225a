package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.TlsServerOptions.ClientCertificates;
import whirlwind.net.tls.Trust;

/** The server behind TLS, for clients of the JDK, and on Unix-domain sockets. */
class HttpsServerTest {
    private TestCertificates certificates;

    @TempDir private Path folder;

    @BeforeEach
    void makeAuthority() throws Exception {
        certificates = new TestCertificates(folder);
    }

    private static final HttpHandler TELLING =
            exchange -> {
                var request = exchange.request();
                var text =
                        "%s %s %s %d"
                                .formatted(
                                        request.version(),
                                        request.protocol(),
                                        request.remoteIp(),
                                        request.body().length);
                exchange.respond(200, new Headers(), text.getBytes(StandardCharsets.UTF_8));
            };

    private static HttpServerOptions with(TlsServerOptions tls) {
        return HttpServerOptions.DEFAULTS.withTls(tls);
    }

    private SSLContext context(Identity client) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (client != null) {
            var credentials = client.credentials();
            var chain = credentials.chain().toArray(Certificate[]::new);
            keys.setKeyEntry("key", credentials.key(), new char[0], chain);
        }
        var managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, new char[0]);
        var context = SSLContext.getInstance("TLS");
        var trust = new TrustManager[] {Trust.pem(certificates.authority()).manager()};
        context.init(managers.getKeyManagers(), trust, null);
        return context;
    }

    private String fetch(int port, HttpClient.Version version, Identity identity, byte[] body)
            throws Exception {
        try (var client =
                HttpClient.newBuilder().sslContext(context(identity)).version(version).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }

    @Test
    void clientsAgreeOnTheBestVersionThatTheySpeak() throws Exception {
        var tls = TlsServerOptions.of(certificates.identity("localhost"));
        try (var server = TestServer.start(TELLING, with(tls))) {
            var body = new byte[5 << 20];
            assertThat(fetch(server.port(), HttpClient.Version.HTTP_2, null, body))
                    .isEqualTo("HTTP/2 https 127.0.0.1 " + body.length);
            assertThat(fetch(server.port(), HttpClient.Version.HTTP_1_1, null, body))
                    .isEqualTo("HTTP/1.1 https 127.0.0.1 " + body.length);
        }
    }

    @Test
    void http2CanBeLeftOut() throws Exception {
        var tls = TlsServerOptions.of(certificates.identity("localhost")).withAlpn("http/1.1");
        try (var server = TestServer.start(TELLING, with(tls))) {
            assertThat(fetch(server.port(), HttpClient.Version.HTTP_2, null, new byte[0]))
                    .isEqualTo("HTTP/1.1 https 127.0.0.1 0");
        }
    }

    @Test
    void requestsKnowTheCertificateOfTheirClient() throws Exception {
        var tls =
                TlsServerOptions.of(certificates.identity("localhost"))
                        .withClients(ClientCertificates.NEED, Trust.pem(certificates.authority()));
        HttpHandler handler =
                exchange -> {
                    var session = exchange.request().tlsSession();
                    var certificate = (X509Certificate) session.getPeerCertificates()[0];
                    var name = certificate.getSubjectX500Principal().getName();
                    exchange.respond(200, new Headers(), name.getBytes(StandardCharsets.UTF_8));
                };
        try (var server = TestServer.start(handler, with(tls))) {
            var known = certificates.forClients("somebody");
            for (var version : HttpClient.Version.values()) {
                assertThat(fetch(server.port(), version, known, new byte[3]))
                        .isEqualTo("CN=somebody");
            }
            assertThatThrownBy(() ->
                            fetch(server.port(), HttpClient.Version.HTTP_2, null, new byte[0]))
                    .isInstanceOf(java.io.IOException.class);
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    @Test
    void eachNameHasItsCertificate() throws Exception {
        var tls =
                TlsServerOptions.of(certificates.identity("localhost"))
                        .withNames(Map.of("other.test", certificates.identity("other.test")));
        try (var server = TestServer.start(TELLING, with(tls))) {
            assertThat(subject(server.port(), "other.test")).isEqualTo("CN=other.test");
            assertThat(subject(server.port(), "unknown.test")).isEqualTo("CN=localhost");
        }
    }

    private String subject(int port, String name) throws Exception {
        try (var socket =
                (SSLSocket) context(null).getSocketFactory().createSocket("localhost", port)) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    @Test
    void plainHttpToATlsPortIsClosed() throws Exception {
        var tls = TlsServerOptions.of(certificates.identity("localhost"));
        try (var server = TestServer.start(TELLING, with(tls));
                var client = server.connect()) {
            client.get("/");
            assertThat(client.readToEnd()).doesNotContain("HTTP/1.1 200");
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    @Test
    void aRefusedRequestCanBeReadToItsEndOverTls() throws Exception {
        var tls = TlsServerOptions.of(certificates.identity("localhost"));
        var options = with(tls).withMaxBodySize(10);
        try (var server = TestServer.start(TELLING, options)) {
            try (var socket =
                    (SSLSocket)
                            context(null)
                                    .getSocketFactory()
                                    .createSocket("localhost", server.port())) {
                var head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(new byte[50_000]);
                var answer =
                        new String(
                                socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                assertThat(answer).startsWith("HTTP/1.1 413 ").endsWith("\n");
            }
        }
    }

    @Test
    void badOptionsAreRefusedWhereTheyAreGiven() throws Exception {
        var identity = certificates.identity("localhost");
        assertThatThrownBy(() -> with(TlsServerOptions.of(identity).withAlpn("spdy/3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("alpn: 'spdy/3' (expected h2 or http/1.1)");
        assertThatThrownBy(() -> HttpServerOptions.DEFAULTS.withProtocol("ftp"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("protocol: 'ftp' (expected http or https)");
        assertThatThrownBy(() -> TlsServerOptions.of(identity).withProtocols("SSLv3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SSLv3");
    }

    @Test
    void theProtocolCanBeGivenWhereAProxyEndsTls() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withProtocol("https");
        try (var server = TestServer.start(TELLING, options);
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body())
                    .isEqualTo("HTTP/1.1 https 127.0.0.1 0");
        }
    }

    @Test
    void requestsComeOverAUnixSocketFromNowhere() throws Exception {
        var socket = folder.resolve("server");
        try (var running = TestServer.start(TELLING)) {
            var server =
                    running.call(() -> {
                        var made = new HttpServer(TELLING);
                        made.listen(socket);
                        return made;
                    });
            try (var client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(socket));
                var request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
                client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
                var answer = ByteBuffer.allocate(4096);
                while (client.read(answer) >= 0) {
                    // to its end
                }
                assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("HTTP/1.1 http 0.0.0.0 0");
            }
            running.run(server::close);
            assertThat(Files.exists(socket)).isFalse();
        }
    }
}
