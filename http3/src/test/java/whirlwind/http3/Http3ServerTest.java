package whirlwind.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.server.TestServer;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.net.tls.TlsServerOptions.ClientCertificates;
import whirlwind.net.tls.Trust;
import whirlwind.testing.LogCapture;

/** The server's HTTP/3, for Netty's client. */
class Http3ServerTest {
    private static final int MESSAGE_ERROR = 0x10e;
    private static final int NO_ERROR = 0x100;
    private static final int EXCESSIVE_LOAD = 0x107;

    private TestCertificates certificates;
    private TlsServerOptions tls;
    private HttpServerOptions options;

    @TempDir private Path folder;

    @BeforeEach
    void makeAuthority() throws Exception {
        certificates = new TestCertificates(folder);
        tls = TlsServerOptions.of(certificates.identity("localhost"));
        options = HttpServerOptions.DEFAULTS.withTls(tls).withHttp3(true);
    }

    private Http3Client connect(TestServer server) throws Exception {
        return Http3Client.connect(server.port(), Trust.pem(certificates.authority()).manager());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void answer(HttpExchange exchange, String text) {
        exchange.respond(200, new Headers(), ascii(text));
    }

    private static final HttpHandler TELLING =
            exchange -> {
                var request = exchange.request();
                answer(
                        exchange,
                        "%s %s %s %s %s %d"
                                .formatted(
                                        request.version(),
                                        request.protocol(),
                                        request.method(),
                                        request.host(),
                                        request.path(),
                                        request.body().length));
            };

    @Test
    void handlersServeHttp3UnchangedAndManyRequestsShareAConnection() throws Exception {
        try (var server = TestServer.start(TELLING, options);
                var client = connect(server)) {
            var first = client.get("/one");
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("HTTP/3 https GET localhost /one 0");
            assertThat(first.headers())
                    .containsEntry("content-length", String.valueOf(first.body().length()))
                    .containsKeys("date", "server");
            var calls = new ArrayList<Http3Client.Call>();
            for (int i = 0; i < 50; i++) {
                calls.add(client.send(Http3Client.head("POST", "/" + i), new byte[i * 1000]));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(calls.get(i).response().body())
                        .isEqualTo("HTTP/3 https POST localhost /" + i + " " + i * 1000);
            }
            assertThat(server.server().connectionCount()).isEqualTo(1);
        }
    }

    /** It chooses one of TCP, which others may have for UDP. */
    @Test
    void aPortThatTheSystemChoosesIsFreeForBoth() throws Exception {
        var taken = new ArrayList<DatagramChannel>();
        try (var loop = new IOLoop()) {
            for (int i = 0; i < 4000; i++) {
                taken.add(DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0)));
            }
            loop.runSync(() -> {
                try (var server = new HttpServer(TELLING, options)) {
                    for (int i = 0; i < 50; i++) {
                        server.listen("127.0.0.1", 0);
                    }
                }
                return null;
            });
        } finally {
            for (var channel : taken) {
                channel.close();
            }
        }
    }

    @Test
    void largeBodiesGoBothWays() throws Exception {
        HttpHandler echo =
                exchange -> exchange.respond(200, new Headers(), exchange.request().body());
        try (var server = TestServer.start(echo, options);
                var client = connect(server)) {
            var text = "0123456789".repeat(250_000); // more than all windows together
            assertThat(client.post("/", ascii(text)).body()).isEqualTo(text);
        }
    }

    @Test
    void headRequestsAndBodylessStatusesHaveNoBody() throws Exception {
        HttpHandler handler =
                exchange -> {
                    if (exchange.request().path().equals("/none")) {
                        exchange.respond(204, new Headers(), new byte[0]);
                    } else {
                        answer(exchange, "twelve bytes");
                    }
                };
        try (var server = TestServer.start(handler, options);
                var client = connect(server)) {
            var head = client.send(Http3Client.head("HEAD", "/"), null).response();
            assertThat(head.headers()).containsEntry("content-length", "12");
            assertThat(head.body()).isEmpty();
            assertThat(client.get("/none").status()).isEqualTo(204);
        }
    }

    @Test
    void everyClientProvesItsAddressFirst() throws Exception {
        try (var server = TestServer.start(TELLING, options);
                var client = connect(server)) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.retries()).isEqualTo(1);
        }
    }

    @Test
    void httpsResponsesTellOfHttp3() throws Exception {
        try (var server = TestServer.start(TELLING, options)) {
            for (var version : HttpClient.Version.values()) {
                assertThat(fetchOverTcp(server, version))
                        .containsExactly("h3=\":" + server.port() + "\"; ma=86400");
            }
        }
        try (var server = TestServer.start(TELLING, options.withHttp3(false))) {
            assertThat(fetchOverTcp(server, HttpClient.Version.HTTP_2)).isEmpty();
        }
    }

    private List<String> fetchOverTcp(TestServer server, HttpClient.Version version)
            throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(
                null, new TrustManager[] {Trust.pem(certificates.authority()).manager()}, null);
        try (var client = HttpClient.newBuilder().sslContext(context).version(version).build()) {
            var uri = URI.create("https://localhost:" + server.port() + "/");
            var response =
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return response.headers().allValues("alt-svc");
        }
    }

    // ---- backpressure ----

    @Test
    void aClientThatDoesNotReadMakesTheHandlerWait() throws Exception {
        var written = new AtomicLong();
        int piece = 64 << 10;
        int pieces = 40; // many times what windows and buffers hold
        HttpHandler handler =
                exchange -> {
                    if (!exchange.request().path().equals("/")) {
                        answer(exchange, "here");
                        return;
                    }
                    exchange.start(200, null, new Headers());
                    for (int i = 0; i < pieces; i++) {
                        Async.await(exchange.write(new byte[piece]));
                        written.addAndGet(piece);
                    }
                    exchange.finish();
                };
        try (var server = TestServer.start(handler, options);
                var client = connect(server)) {
            var call = client.open(Http3Client.head("GET", "/"), true);
            call.reader().status.get(20, TimeUnit.SECONDS);
            call.pause();
            server.await(() -> written.get() > 0);
            long before = -1;
            while (before != written.get()) {
                before = written.get();
                assertThat(client.get("/not-held-up").body()).isEqualTo("here");
            }
            assertThat(written.get()).isLessThan((long) piece * pieces);
            call.resume();
            assertThat(call.response().body()).hasSize(piece * pieces);
        }
    }

    private static final class Streaming implements HttpHandler {
        final CompletableFuture<Void> goOn = new CompletableFuture<>();
        final AtomicLong read = new AtomicLong();

        @Override
        public boolean streamsBody(whirlwind.http.HttpServerRequest head) {
            return true;
        }

        @Override
        public void handle(HttpExchange exchange) throws Exception {
            if (!exchange.request().path().equals("/at-once")) {
                Async.await(goOn);
            }
            byte[] piece;
            while ((piece = Async.await(exchange.read())) != null) {
                read.addAndGet(piece.length);
            }
            answer(exchange, read.get() + " " + exchange.request().trailers().get("x-sum", ""));
        }
    }

    @Test
    void aHandlerThatDoesNotReadMakesTheClientWait() throws Exception {
        var handler = new Streaming();
        try (var server = TestServer.start(handler, options);
                var client = connect(server)) {
            var call = client.open(Http3Client.head("POST", "/"), false);
            var written = call.write(new byte[2 << 20], true);
            assertThat(client.post("/at-once", new byte[10]).status()).isEqualTo(200);
            assertThat(written.isDone()).isFalse();
            server.call(() -> handler.goOn.complete(null));
            assertThat(call.response().status()).isEqualTo(200);
            assertThat(handler.read.get()).isEqualTo((2 << 20) + 10);
        }
    }

    @Test
    void trailersComeBehindABody() throws Exception {
        try (var server = TestServer.start(new Streaming(), options);
                var client = connect(server)) {
            var call = client.open(Http3Client.head("POST", "/at-once"), false);
            call.write(ascii("abc"), false);
            call.sendTrailers("x-sum", "7");
            assertThat(call.response().body()).isEqualTo("3 7");
        }
    }

    @Test
    void aBodyIsInvitedWhenItIsWanted() throws Exception {
        try (var server = TestServer.start(new Streaming(), options);
                var client = connect(server)) {
            var head = Http3Client.head("POST", "/at-once");
            head.add("expect", "100-continue");
            var call = client.open(head, false);
            server.await(() -> call.reader().interim.get() == 100);
            call.write(ascii("abc"), true);
            assertThat(call.response().body()).isEqualTo("3 ");
        }
    }

    // ---- who goes away ----

    private static final class Waiting implements HttpHandler {
        final CompletableFuture<Void> begun = new CompletableFuture<>();
        final CompletableFuture<Void> cancelled = new CompletableFuture<>();
        final CompletableFuture<Void> goOn = new CompletableFuture<>();

        @Override
        public void handle(HttpExchange exchange) {
            if (exchange.request().path().equals("/at-once")) {
                answer(exchange, "here");
                return;
            }
            begun.complete(null);
            try {
                Async.await(Async.shield(goOn));
                answer(exchange, "at last");
            } catch (java.util.concurrent.CancellationException e) {
                cancelled.complete(null);
                throw e;
            }
        }
    }

    @Test
    void aCancelledRequestCancelsItsHandlerAlone() throws Exception {
        var handler = new Waiting();
        try (var server = TestServer.start(handler, options);
                var client = connect(server)) {
            var call = client.open(Http3Client.head("GET", "/"), true);
            handler.begun.get(20, TimeUnit.SECONDS);
            call.cancel();
            handler.cancelled.get(20, TimeUnit.SECONDS);
            assertThat(client.get("/at-once").body()).isEqualTo("here");
        }
    }

    @Test
    void anUploadThatIsCutOffCancelsItsHandler() throws Exception {
        var handler = new Waiting();
        try (var server = TestServer.start(handler, options)) {
            try (var client = connect(server)) {
                client.open(Http3Client.head("GET", "/"), true);
                handler.begun.get(20, TimeUnit.SECONDS);
            }
            handler.cancelled.get(20, TimeUnit.SECONDS);
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    @Test
    void clientsThatCancelAllTheTimeAreDropped() throws Exception {
        try (var server = TestServer.start(new Waiting(), options.withMaxConcurrentStreams(1000));
                var client = connect(server)) {
            while (!client.closed().isDone()) {
                if (client.mayOpen()) {
                    client.begin(Http3Client.head("POST", "/"))
                            .thenAccept(Http3Client.Call::cancel);
                }
                server.call(() -> true);
            }
            assertThat(client.closed().join()).isEqualTo(EXCESSIVE_LOAD);
        }
    }

    // ---- limits ----

    @Test
    void tooMuchIsRefusedWithItsStatus() throws Exception {
        var small = options.withMaxBodySize(1000).withMaxHeaderSize(2000).withMaxStartLine(100);
        try (var server = TestServer.start(TELLING, small);
                var client = connect(server)) {
            var announced = Http3Client.head("POST", "/");
            announced.add("content-length", "5000");
            assertThat(client.send(announced, new byte[5000]).response().status()).isEqualTo(413);
            assertThat(client.post("/", new byte[5000]).status()).isEqualTo(413);
            assertThat(client.get("/" + "x".repeat(200)).status()).isEqualTo(414);
            var large = Http3Client.head("GET", "/");
            large.add("x-large", "x".repeat(3000));
            assertThat(client.send(large, null).response().status()).isEqualTo(431);
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsBeyondTheNumberOfStreamsHaveToWait() throws Exception {
        var handler = new Waiting();
        try (var server = TestServer.start(handler, options.withMaxConcurrentStreams(2));
                var client = connect(server)) {
            var first = client.open(Http3Client.head("GET", "/"), true);
            var second = client.open(Http3Client.head("GET", "/"), true);
            assertThatThrownBy(() -> client.open(Http3Client.head("GET", "/"), true))
                    .hasMessageContaining("STREAM_LIMIT");
            server.call(() -> handler.goOn.complete(null));
            assertThat(first.response().body()).isEqualTo("at last");
            assertThat(second.response().body()).isEqualTo("at last");
            server.await(client::mayOpen);
        }
    }

    @Test
    void idleConnectionsAreClosedAndSlowBodiesAnswered408() throws Exception {
        var impatient =
                options.withIdleTimeout(Duration.ofSeconds(2))
                        .withBodyTimeout(Duration.ofMillis(500));
        try (var server = TestServer.start(TELLING, impatient);
                var client = connect(server)) {
            var slow = client.open(Http3Client.head("POST", "/"), false);
            slow.write(ascii("a"), false);
            assertThat(slow.response().status()).isEqualTo(408);
            client.closed().get(20, TimeUnit.SECONDS);
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    // ---- malformed requests ----

    @Test
    void malformedRequestsResetTheirStreamAlone() throws Exception {
        var cases = new ArrayList<whirlwind.http3.Http3Client.Call>();
        try (var server = TestServer.start(TELLING, options);
                var client = connect(server)) {
            var upper = Http3Client.head("GET", "/");
            upper.add("X-Upper", "1");
            cases.add(client.open(upper, true));
            var connection = Http3Client.head("GET", "/");
            connection.add("connection", "close");
            cases.add(client.open(connection, true));
            var te = Http3Client.head("GET", "/");
            te.add("te", "gzip");
            cases.add(client.open(te, true));
            cases.add(client.open(Http3Client.head("GET", "no-slash"), true));
            var hosts = Http3Client.head("GET", "/");
            hosts.add("host", "elsewhere");
            cases.add(client.open(hosts, true));
            var control = Http3Client.head("GET", "/");
            control.add("x-control", "a\r\nb: c");
            cases.add(client.open(control, true));
            var shorter = Http3Client.head("POST", "/");
            shorter.add("content-length", "5");
            cases.add(client.send(shorter, ascii("abc")));
            var nothing = Http3Client.head("POST", "/");
            nothing.add("content-length", "5");
            cases.add(client.open(nothing, true));
            for (var call : cases) {
                assertThat(call.reset()).isEqualTo(MESSAGE_ERROR);
            }
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void nobodyForgesLinesOfTheLogByTheNameOfAField() throws Exception {
        try (var log = LogCapture.of(ServerConnection.class);
                var server = TestServer.start(TELLING, options);
                var client = connect(server)) {
            var forged = Http3Client.head("GET", "/");
            forged.add(":a\r\nINFO forged", "1");
            assertThat(client.open(forged, true).reset()).isEqualTo(MESSAGE_ERROR);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO ")
                    .contains("forged")
                    .matches("\\P{Cntrl}*");
        }
    }

    // ---- draining ----

    @Test
    void drainingLetsRequestsFinishAndRefusesOthers() throws Exception {
        var handler = new Waiting();
        try (var server = TestServer.start(handler, options);
                var client = connect(server);
                var idle = connect(server)) {
            var running = client.open(Http3Client.head("GET", "/"), true);
            handler.begun.get(20, TimeUnit.SECONDS);
            var drained =
                    server.begin(() -> {
                        server.server().drain(Duration.ofSeconds(20));
                        return true;
                    });
            assertThat(client.goAway().get(20, TimeUnit.SECONDS)).isEqualTo(4);
            assertThat(idle.closed().get(20, TimeUnit.SECONDS)).isEqualTo(NO_ERROR);
            server.call(() -> handler.goOn.complete(null));
            assertThat(running.response().body()).isEqualTo("at last");
            assertThat(client.closed().get(20, TimeUnit.SECONDS)).isEqualTo(NO_ERROR);
            assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(server.server().connectionCount()).isZero();
        }
    }

    // ---- TLS ----

    @Test
    void requestsKnowTheCertificateOfTheirClient() throws Exception {
        var trust = Trust.pem(certificates.authority());
        var strict = tls.withClients(ClientCertificates.NEED, trust);
        HttpHandler handler =
                exchange -> {
                    var session = exchange.request().tlsSession();
                    var certificate = (X509Certificate) session.getPeerCertificates()[0];
                    answer(exchange, certificate.getSubjectX500Principal().getName());
                };
        try (var server = TestServer.start(handler, options.withTls(strict))) {
            var known = certificates.forClients("somebody");
            try (var client =
                    Http3Client.connect(server.port(), trust.manager(), known, "localhost")) {
                assertThat(client.get("/").body()).isEqualTo("CN=somebody");
            }
        }
    }

    @Test
    void namesHaveCertificates() throws Exception {
        var named = tls.withNames(Map.of("other.test", certificates.identity("other.test")));
        try (var server = TestServer.start(TELLING, options.withTls(named))) {
            for (var name : List.of("localhost", "other.test")) {
                try (var client =
                        Http3Client.connect(
                                server.port(),
                                Trust.pem(certificates.authority()).manager(),
                                null,
                                name)) {
                    assertThat(client.get("/").status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void http3WithoutTlsIsRefused() {
        try (var loop = new IOLoop()) {
            assertThatThrownBy(() ->
                            loop.runSync(() ->
                                    new HttpServer(
                                            TELLING, HttpServerOptions.DEFAULTS.withHttp3(true))))
                    .hasMessage("http3: there is no HTTP/3 without tls");
        }
    }
}
