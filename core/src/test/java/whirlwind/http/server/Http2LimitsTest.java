package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

/** What clients may not do over HTTP/2, on purpose or by neglect, and how connections end. */
class Http2LimitsTest {
    private static final HttpHandler FINE =
            exchange ->
                    exchange.respond(200, new Headers(), "fine".getBytes(StandardCharsets.UTF_8));

    private static final HttpHandler STUCK = exchange -> Async.sleep(Duration.ofHours(1));

    private static final HttpServerOptions DEFAULTS = HttpServerOptions.DEFAULTS;

    /** What has gone wrong inside is for the log. */
    @Test
    void aClientWhoseConnectionFailsIsNotToldWhy() throws Exception {
        var failing =
                new HttpHandler() {
                    @Override
                    public boolean streamsBody(HttpServerRequest head) {
                        throw new IllegalStateException("secret");
                    }

                    @Override
                    public void handle(HttpExchange exchange) {}
                };
        try (var log = LogCapture.of(ServerConnection.class);
                var server = TestServer.start(failing);
                var client = Http2Client.connect(server.port())) {
            client.request("POST", "/", false);
            var goodbye = client.find(Http2Client.GOAWAY, 0);
            assertThat(goodbye.number(4)).isEqualTo(Http2Client.INTERNAL_ERROR);
            assertThat(goodbye.text()).doesNotContain("secret");
            assertThat(log.failures()).extracting(Throwable::getMessage).containsExactly("secret");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    // ---- attacks ----

    @Test
    void moreStreamsThanAllowedAreRefusedAndMayBeRepeated() throws Exception {
        var goOn = new CompletableFuture<Boolean>();
        HttpHandler handler =
                exchange -> {
                    Async.await(Async.shield(goOn));
                    FINE.handle(exchange);
                };
        try (var server = TestServer.start(handler, DEFAULTS.withMaxConcurrentStreams(2));
                var client = Http2Client.connect(server.port())) {
            int first = client.get("/");
            int second = client.get("/");
            assertThat(client.resetOf(client.get("/"))).isEqualTo(Http2Client.REFUSED_STREAM);
            goOn.complete(true);
            assertThat(client.response(first).body()).isEqualTo("fine");
            assertThat(client.response(second).body()).isEqualTo("fine");
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {":a\r\nINFO forged", "a\r\nINFO forged", "A\u001b"})
    void nobodyForgesLinesOfTheLogByTheNameOfAField(String name) throws Exception {
        try (var log = LogCapture.of(ServerConnection.class);
                var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            client.get("/", name, "x");
            client.find(frame ->
                    frame.type() == Http2Client.RST_STREAM || frame.type() == Http2Client.GOAWAY);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO ")
                    .matches("\\P{Cntrl}*");
        }
    }

    /** CVE-2023-44487. */
    @Test
    void aClientThatOpensAndCancelsStreamsRapidlyIsDropped() throws Exception {
        try (var server = TestServer.start(STUCK);
                var client = Http2Client.connect(server.port())) {
            isDropped("RST frames", client, () -> client.reset(client.get("/")));
        }
    }

    /** CVE-2025-8671, "MadeYouReset": the server is brought to do the resetting. */
    @Test
    void aClientThatMakesTheServerResetStreamsIsDropped() throws Exception {
        try (var server = TestServer.start(STUCK);
                var client = Http2Client.connect(server.port())) {
            isDropped("number 200 of RST frames", client, () -> client.grant(client.get("/"), 0));
        }
    }

    @Test
    void dataFramesThatBringNothingAreNotTakenForLong() throws Exception {
        try (var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false);
            isDropped("empty data", client, () -> client.data(stream, new byte[0], false));
        }
    }

    @Test
    void aHeadOfManySmallContinuationsIsNotTaken() throws Exception {
        try (var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            client.send(Http2Client.HEADERS, 0, 1, client.block(":method", "GET"));
            isDropped(
                    "small consecutive continuations",
                    client,
                    () -> client.send(Http2Client.CONTINUATION, 0, 1, new byte[0]));
        }
    }

    @Test
    void aHeadOfManyLargeContinuationsIsNotKept() throws Exception {
        try (var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            client.send(Http2Client.HEADERS, 0, 1, client.block(":method", "GET"));
            var large = client.block("x-large", "x".repeat(16_000));
            isDropped("", client, () -> client.send(Http2Client.CONTINUATION, 0, 1, large));
        }
    }

    @Test
    void whoPingsAndDoesNotReadTheAnswersIsDropped() throws Exception {
        floods(Http2Client.frame(Http2Client.PING, 0, 0, new byte[8]));
    }

    @Test
    void whoSendsSettingsAndDoesNotReadTheAnswersIsDropped() throws Exception {
        floods(Http2Client.frame(Http2Client.SETTINGS, 0, 0, new byte[0]));
    }

    /** Asks for more than the sockets hold, reads none of it, and sends what wants an answer. */
    private static void floods(byte[] frame) throws Exception {
        HttpHandler large = exchange -> exchange.respond(200, new Headers(), new byte[32 << 20]);
        try (var server = TestServer.start(large);
                var socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
            var client =
                    Http2Client.over(socket, Http2Client.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
            client.grant(0, 1 << 30);
            client.get("/");
            var many = new byte[frame.length * 100];
            for (int i = 0; i < many.length; i++) {
                many[i] = frame[i % frame.length];
            }
            try {
                for (int i = 0; i < 100_000; i++) {
                    client.bytes(many);
                }
                throw new AssertionError("ten million frames were taken");
            } catch (UncheckedIOException dropped) {
                server.await(() -> server.server().connectionCount() == 0);
            }
        }
    }

    private interface Offence {
        void commit();
    }

    /**
     * Does it until the server ends the connection, of which it logs why. The client is told, too,
     * but a connection that is closed with input unread is reset, and then last words get lost.
     */
    private static void isDropped(String why, Http2Client client, Offence offence) {
        try (var log = LogCapture.of(ServerConnection.class)) {
            try {
                for (int i = 0; i < 1000; i++) {
                    offence.commit();
                }
            } catch (UncheckedIOException dropped) {
                // by the server, or else there is no reason in the log
            }
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("is dropped: "))
                    .singleElement()
                    .asString()
                    .contains(why);
        }
    }

    // ---- time ----

    @Test
    void aBodyThatTakesTooLongIsAnsweredWith408() throws Exception {
        var options = DEFAULTS.withBodyTimeout(Duration.ofMillis(50));
        try (var server = TestServer.start(FINE, options);
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false);
            assertThat(client.response(stream).status()).isEqualTo(408);
            assertThat(client.resetOf(stream)).isEqualTo(Http2Client.NO_ERROR);
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
        }
    }

    @Test
    void aConnectionThatIsIdleForTooLongIsSaidGoodbyeTo() throws Exception {
        var options = DEFAULTS.withIdleTimeout(Duration.ofMillis(50));
        try (var server = TestServer.start(FINE, options);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
            assertThat(client.goAwayCode()).isEqualTo(Http2Client.NO_ERROR);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws Exception {
        var options = DEFAULTS.withHeaderTimeout(Duration.ofMillis(50));
        try (var server = TestServer.start(FINE, options);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aHeadThatIsNeverFinishedClosesTheConnection() throws Exception {
        var options = DEFAULTS.withHeaderTimeout(Duration.ofSeconds(10));
        var time = new VirtualTime();
        try (var server = TestServer.start(FINE, options, time);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
            client.send(Http2Client.HEADERS, 0, 3, client.block(":method", "GET"));
            server.run(() -> time.advance(Duration.ofSeconds(20)));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aResponseThatIsNotTakenIsGivenUp() throws Exception {
        var options = DEFAULTS.withIdleTimeout(Duration.ofMillis(100));
        try (var server = TestServer.start(FINE, options);
                var client =
                        Http2Client.connect(server.port(), Http2Client.INITIAL_WINDOW_SIZE, 0)) {
            assertThat(client.resetOf(client.get("/"))).isEqualTo(Http2Client.CANCEL);
        }
    }

    @Test
    void aResponseThatIsNotTakenIsGivenUpWhileTheRequestGoesOn() throws Exception {
        var streaming =
                new HttpHandler() {
                    @Override
                    public void handle(HttpExchange exchange) throws Exception {
                        FINE.handle(exchange);
                    }

                    @Override
                    public boolean streamsBody(HttpServerRequest head) {
                        return true;
                    }
                };
        var options = DEFAULTS.withIdleTimeout(Duration.ofMillis(100));
        try (var server = TestServer.start(streaming, options);
                var client =
                        Http2Client.connect(server.port(), Http2Client.INITIAL_WINDOW_SIZE, 0)) {
            assertThat(client.resetOf(client.request("POST", "/", false)))
                    .isEqualTo(Http2Client.CANCEL);
        }
    }

    // ---- the end ----

    @Test
    void drainingFinishesWhatRunsAndWhatWasUnderWay() throws Exception {
        var running = new AtomicInteger();
        var goOn = new CompletableFuture<Boolean>();
        HttpHandler handler =
                exchange -> {
                    running.incrementAndGet();
                    Async.await(Async.shield(goOn));
                    FINE.handle(exchange);
                };
        try (var server = TestServer.start(handler);
                var client = Http2Client.connect(server.port())) {
            int first = client.get("/");
            server.await(() -> running.get() == 1);
            var drained = new CompletableFuture<Boolean>();
            server.loop()
                    .spawnCallback(() -> {
                        server.server().drain(Duration.ofSeconds(20));
                        drained.complete(true);
                    });
            var warning = client.find(Http2Client.GOAWAY, 0);
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(warning.number(4)).isEqualTo(Http2Client.NO_ERROR);
            var ping = client.find(frame -> frame.type() == Http2Client.PING);
            int underWay = client.get("/");
            client.send(Http2Client.PING, Http2Client.ACK, 0, ping.payload());
            var last = client.find(Http2Client.GOAWAY, 0);
            assertThat(last.number(0)).isEqualTo(underWay);
            client.get("/"); // too late, and not looked at
            assertThat(drained).isNotDone();
            goOn.complete(true);
            assertThat(client.response(first).body()).isEqualTo("fine");
            assertThat(client.response(underWay).body()).isEqualTo("fine");
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(
                            drained.get(
                                    TestServer.PATIENCE_SECONDS,
                                    java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(running).hasValue(2);
        }
    }

    @Test
    void drainingDropsWhatIsLeftAtItsDeadline() throws Exception {
        try (var server = TestServer.start(STUCK);
                var client = Http2Client.connect(server.port())) {
            client.get("/");
            server.await(() -> server.server().connectionCount() == 1);
            server.run(() -> server.server().drain(Duration.ofMillis(100)));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void drainingDoesNotWaitForAClientThatIsSilent() throws Exception {
        try (var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
            server.run(() -> server.server().drain(Duration.ofSeconds(20)));
            assertThat(server.server().connectionCount()).isZero();
        }
    }

    @Test
    void withoutKeepAliveAConnectionEndsBehindItsRequests() throws Exception {
        try (var server = TestServer.start(FINE, DEFAULTS.withKeepAlive(false));
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
            assertThat(client.goAwayCode()).isEqualTo(Http2Client.NO_ERROR);
        }
    }

    /** RFC 9113 section 5.1.1: with a stream those below it are closed that have not begun. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatIsSentOnAStreamThatWasSkippedEndsTheConnection(int skipped) throws Exception {
        try (var server = TestServer.start(FINE);
                var client = Http2Client.connect(server.port())) {
            var get =
                    client.block(
                            ":method", "GET", ":scheme", "http", ":authority", "h", ":path", "/");
            int whole = Http2Client.END_HEADERS | Http2Client.END_STREAM;
            client.send(Http2Client.HEADERS, whole, 5, get);
            assertThat(client.response(5).status()).isEqualTo(200);
            client.data(skipped, "late", true);
            assertThat(client.goAwayCode()).isEqualTo(Http2Client.PROTOCOL_ERROR);
        }
    }
}
