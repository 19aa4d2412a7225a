package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.Async;

/** Requests and responses over HTTP/2, as handlers see them and as they are on the wire. */
class Http2RequestTest {
    private interface Handling {
        void handle(HttpExchange exchange) throws Exception;
    }

    private record Streaming(Handling handling) implements HttpHandler {
        @Override
        public void handle(HttpExchange exchange) throws Exception {
            handling.handle(exchange);
        }

        @Override
        public boolean streamsBody(HttpServerRequest head) {
            return true;
        }
    }

    private static TestServer streaming(Handling handling) {
        return TestServer.start(new Streaming(handling));
    }

    private static void answer(HttpExchange exchange, String text) {
        exchange.respond(200, new Headers(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readAll(HttpExchange exchange) {
        var all = new StringBuilder();
        for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
            all.append(new String(piece, StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    // ---- heads ----

    @Test
    void aRequestLooksAsItDoesOverHttp1() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            var request = exchange.request();
                            answer(
                                    exchange,
                                    String.join(
                                            " ",
                                            request.startLine().toString(),
                                            request.host(),
                                            request.headers().get("Host"),
                                            request.protocol(),
                                            request.remoteIp(),
                                            request.headers().get("X-Mine"),
                                            request.cookies().toString()));
                        });
                var client = Http2Client.connect(server.port())) {
            var response =
                    client.response(
                            client.get(
                                    "/a?b=c", "x-mine", "yes", "cookie", "a=1", "cookie", "b=2"));
            assertThat(response.body())
                    .isEqualTo("GET /a?b=c HTTP/2 test test http 127.0.0.1 yes {a=1, b=2}");
        }
    }

    @Test
    void aResponseHasWhatHttp2NeedsAndNothingOfHttp1() throws Exception {
        try (var server =
                        TestServer.start(exchange ->
                                exchange.respond(
                                        200,
                                        "Fine",
                                        Headers.of("Connection", "close", "X-Mine", "yes"),
                                        "abc".getBytes(StandardCharsets.UTF_8)));
                var client = Http2Client.connect(server.port())) {
            var response = client.response(client.get("/"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers())
                    .containsOnlyKeys("x-mine", "server", "date", "content-length")
                    .containsEntry("content-length", "3");
            assertThat(client.response(client.get("/")).body()).isEqualTo("abc");
        }
    }

    @Test
    void headIsAnsweredWithTheHeadAlone() throws Exception {
        try (var server = TestServer.start(exchange -> answer(exchange, "abc"));
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("HEAD", "/", true);
            var head = client.find(Http2Client.HEADERS, stream);
            assertThat(head.ends()).isTrue();
            assertThat(head.fields()).containsEntry("content-length", "3");
        }
    }

    @Test
    void manyRequestsAreHandledSideBySide() throws Exception {
        var waiting = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            if (exchange.request().path().equals("/slow")) {
                                Async.await(Async.shield(waiting));
                            } else {
                                waiting.complete(true);
                            }
                            answer(exchange, exchange.request().path());
                        });
                var client = Http2Client.connect(server.port())) {
            int slow = client.get("/slow");
            assertThat(client.response(client.get("/fast")).body()).isEqualTo("/fast");
            assertThat(client.response(slow).body()).isEqualTo("/slow");
        }
    }

    static List<List<String>> malformedHeads() {
        var start = List.of(":method", "GET", ":scheme", "http", ":authority", "test");
        var whole = List.of(":path", "/");
        return List.of(
                joined(start, List.of()), // no :path
                joined(start, List.of(":path", "")),
                joined(start, List.of(":path", "x")),
                joined(start, List.of(":path", "*")),
                joined(start, List.of(":path", "/a b")),
                joined(start, joined(whole, whole)),
                joined(start, joined(whole, List.of(":mine", "x"))),
                joined(start, joined(whole, List.of(":status", "200"))),
                joined(start, joined(whole, List.of(":protocol", "websocket"))),
                joined(start, joined(List.of("x-mine", "x"), whole)),
                joined(start, joined(whole, List.of("X-Mine", "x"))),
                joined(start, joined(whole, List.of("x mine", "x"))),
                joined(start, joined(whole, List.of("x-mine", "a\r\nb: c"))),
                joined(start, joined(whole, List.of("x-mine", "a\0b"))),
                joined(start, joined(whole, List.of("host", "other"))),
                joined(start, joined(whole, List.of("connection", "close"))),
                joined(start, joined(whole, List.of("keep-alive", "timeout=5"))),
                joined(start, joined(whole, List.of("proxy-connection", "close"))),
                joined(start, joined(whole, List.of("transfer-encoding", "chunked"))),
                joined(start, joined(whole, List.of("upgrade", "websocket"))),
                joined(start, joined(whole, List.of("te", "gzip"))),
                joined(start, joined(whole, List.of("content-length", "1"))),
                joined(start, joined(whole, List.of("content-length", "0, 1"))),
                List.of(":method", "GET", ":scheme", "http"),
                List.of(":method", "GET", ":path", "/", ":authority", "test"),
                List.of(":scheme", "http", ":path", "/", ":authority", "test"),
                List.of(":method", "G T", ":scheme", "http", ":authority", "test", ":path", "/"),
                List.of(":method", "CONNECT", ":path", "/", ":authority", "test"));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        var all = new java.util.ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @ParameterizedTest
    @MethodSource("malformedHeads")
    void aMalformedHeadResetsItsStreamAlone(List<String> fields) throws Exception {
        var handled = new LinkedBlockingQueue<String>();
        try (var server =
                        TestServer.start(exchange -> {
                            handled.add(exchange.request().path());
                            answer(exchange, "fine");
                        });
                var client = Http2Client.connect(server.port())) {
            int stream = client.head(true, fields.toArray(String[]::new));
            assertThat(client.resetOf(stream)).isEqualTo(Http2Client.PROTOCOL_ERROR);
            assertThat(client.response(client.get("/next")).body()).isEqualTo("fine");
            assertThat(handled).containsExactly("/next");
        }
    }

    @Test
    void whatIsNotMalformedButRefusedIsAnswered() throws Exception {
        var options =
                HttpServerOptions.DEFAULTS
                        .withMaxHeaderSize(4096)
                        .withMaxStartLine(100)
                        .withMaxBodySize(10);
        try (var server = TestServer.start(exchange -> answer(exchange, "fine"), options);
                var client = Http2Client.connect(server.port())) {
            assertThat(client.response(client.get("/", "x-mine", "x".repeat(4096))).status())
                    .isEqualTo(431);
            assertThat(client.response(client.get("/" + "x".repeat(100))).status()).isEqualTo(414);
            assertThat(client.response(client.get("/", "host", "test", "expect", "x")).status())
                    .isEqualTo(200); // there is no body to expect anything of
            int connect = client.head(true, ":method", "CONNECT", ":authority", "test:80");
            assertThat(client.response(connect).status()).isEqualTo(501);
            int announced = client.request("PUT", "/", false, "content-length", "11");
            assertThat(client.response(announced).status()).isEqualTo(413);
            assertThat(client.resetOf(announced)).isEqualTo(Http2Client.NO_ERROR);
            int grown = client.request("PUT", "/", false);
            client.data(grown, "x".repeat(11), false);
            assertThat(client.response(grown).status()).isEqualTo(413);
            assertThat(client.resetOf(grown)).isEqualTo(Http2Client.NO_ERROR);
            assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
        }
    }

    // ---- bodies of requests ----

    @Test
    void aBodyIsReadBeforeTheHandlerRuns() throws Exception {
        try (var server = TestServer.start(exchange -> answer(exchange, readAll(exchange)));
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false, "content-length", "6");
            client.data(stream, "abc", false).data(stream, "def", true);
            assertThat(client.response(stream).body()).isEqualTo("abcdef");
        }
    }

    @Test
    void aBodyThatDiffersFromItsContentLengthIsMalformed() throws Exception {
        try (var server = TestServer.start(exchange -> answer(exchange, readAll(exchange)));
                var client = Http2Client.connect(server.port())) {
            int longer = client.request("POST", "/", false, "content-length", "2");
            client.data(longer, "abc", true);
            assertThat(client.resetOf(longer)).isEqualTo(Http2Client.PROTOCOL_ERROR);
            int shorter = client.request("POST", "/", false, "content-length", "4");
            client.data(shorter, "abc", true);
            assertThat(client.resetOf(shorter)).isEqualTo(Http2Client.PROTOCOL_ERROR);
        }
    }

    @Test
    void trailersArriveBehindTheBody() throws Exception {
        try (var server =
                        streaming(exchange -> {
                            var body = readAll(exchange);
                            answer(exchange, body + exchange.request().trailers().get("X-Sum"));
                        });
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false);
            client.data(stream, "abc", false);
            client.send(Http2Client.HEADERS, 5, stream, client.block("x-sum", "123"));
            assertThat(client.response(stream).body()).isEqualTo("abc123");
            int broken = client.request("POST", "/", false);
            client.send(Http2Client.HEADERS, 5, broken, client.block("host", "other"));
            assertThat(client.resetOf(broken)).isEqualTo(Http2Client.PROTOCOL_ERROR);
        }
    }

    @Test
    void aClientThatAsksIsToldThatItsBodyIsWanted() throws Exception {
        try (var server = streaming(exchange -> answer(exchange, readAll(exchange)));
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false, "expect", "100-continue");
            var interim = client.find(Http2Client.HEADERS, stream);
            assertThat(interim.fields()).containsOnlyKeys(":status").containsValue("100");
            client.data(stream, "abc", true);
            assertThat(client.response(stream).body()).isEqualTo("abc");
        }
    }

    @Test
    void theClientGetsItsWindowBackOnlyForWhatTheHandlerReads() throws Exception {
        var goOn = new CompletableFuture<Boolean>();
        var read = new AtomicLong();
        try (var server =
                        streaming(exchange -> {
                            Async.await(Async.shield(goOn));
                            for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
                                read.addAndGet(piece.length);
                            }
                            answer(exchange, "got " + read);
                        });
                var client = Http2Client.connect(server.port())) {
            int window = 256 << 10;
            int stream = client.request("POST", "/", false);
            for (int sent = 0; sent < window; sent += 16 << 10) {
                client.data(stream, new byte[16 << 10], false);
            }
            // A PING comes back, and until then no window for the stream.
            client.send(Http2Client.PING, 0, 0, new byte[8]);
            var answered =
                    client.find(
                            frame -> frame.type() == Http2Client.PING || frame.stream() == stream);
            assertThat(answered.type()).isEqualTo(Http2Client.PING);
            goOn.complete(true);
            client.find(Http2Client.WINDOW_UPDATE, stream);
            client.data(stream, new byte[0], true);
            assertThat(client.response(stream).body()).isEqualTo("got " + window);
        }
    }

    @Test
    void aStreamThatIsNotReadLeavesOthersAlone() throws Exception {
        var goOn = new CompletableFuture<Boolean>();
        try (var server =
                        streaming(exchange -> {
                            if (exchange.request().path().equals("/stuck")) {
                                Async.await(Async.shield(goOn));
                            }
                            answer(exchange, String.valueOf(readAll(exchange).length()));
                        });
                var client = Http2Client.connect(server.port())) {
            int stuck = client.request("POST", "/stuck", false);
            for (int i = 0; i < 16; i++) {
                client.data(stuck, new byte[16 << 10], false);
            }
            int other = client.request("POST", "/", false);
            client.data(other, "abc", true);
            assertThat(client.response(other).body()).isEqualTo("3");
            goOn.complete(true);
            client.data(stuck, new byte[0], true);
            assertThat(client.response(stuck).body()).isEqualTo(String.valueOf(256 << 10));
        }
    }

    @Test
    void aResponseBeforeTheBodyEndsOnlyItsStream() throws Exception {
        try (var server = streaming(exchange -> answer(exchange, "enough"));
                var client = Http2Client.connect(server.port())) {
            int stream = client.request("POST", "/", false);
            client.data(stream, "abc", false);
            assertThat(client.response(stream).body()).isEqualTo("enough");
            assertThat(client.resetOf(stream)).isEqualTo(Http2Client.NO_ERROR);
            client.data(stream, "late", false);
            assertThat(client.response(client.get("/")).body()).isEqualTo("enough");
        }
    }

    // ---- bodies of responses ----

    @Test
    void aLargeResponseComesWholeThroughSmallWindows() throws Exception {
        var body = "0123456789abcdef".repeat(40_000);
        try (var server = TestServer.start(exchange -> answer(exchange, body));
                var client =
                        Http2Client.connect(
                                server.port(), Http2Client.INITIAL_WINDOW_SIZE, 5_000)) {
            assertThat(client.response(client.get("/")).body()).isEqualTo(body);
        }
    }

    @Test
    void writersWaitForTheClientsWindow() throws Exception {
        var written = new AtomicInteger();
        int pieces = 40;
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            for (int i = 0; i < pieces; i++) {
                                Async.await(exchange.write(new byte[32 << 10]));
                                written.incrementAndGet();
                            }
                            exchange.finish();
                        });
                var client =
                        Http2Client.connect(server.port(), Http2Client.INITIAL_WINDOW_SIZE, 0)) {
            int stream = client.get("/");
            client.find(Http2Client.HEADERS, stream);
            client.send(Http2Client.PING, 0, 0, new byte[8]);
            client.find(frame -> frame.type() == Http2Client.PING);
            assertThat(server.call(written::get)).isLessThan(5);
            client.grant(0, 2 << 20).grant(stream, 2 << 20);
            client.find(Http2Client.Frame::ends);
            assertThat(server.call(written::get)).isEqualTo(pieces);
        }
    }

    @Test
    void whoWritesAgainstAClosedWindowLosesTheStreamAndNotTheConnection() throws Exception {
        var gone = new CompletableFuture<Boolean>();
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(1 << 20);
        try (var server =
                        TestServer.start(
                                exchange -> {
                                    if (exchange.request().path().equals("/fine")) {
                                        answer(exchange, "fine");
                                        return;
                                    }
                                    exchange.onClose(() -> gone.complete(true));
                                    exchange.start(200, null, new Headers());
                                    while (!exchange.isFinished()) {
                                        var ignored = exchange.write(new byte[100_000]);
                                        assertThat(ignored).isNotNull();
                                    }
                                },
                                options);
                var client = Http2Client.connect(server.port())) {
            int stream = client.get("/");
            client.resetOf(stream);
            assertThat(get(gone)).isTrue();
            assertThat(client.response(client.get("/fine")).body()).isEqualTo("fine");
        }
    }

    @Test
    void aHandlerThatFailsWithinItsResponseResetsTheStream() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            var written = exchange.write("half".getBytes(StandardCharsets.UTF_8));
                            Async.await(written);
                            exchange.abort();
                        });
                var client = Http2Client.connect(server.port())) {
            assertThat(client.resetOf(client.get("/"))).isNotEqualTo(Http2Client.NO_ERROR);
        }
    }

    // ---- clients that go away ----

    @Test
    void aResetCancelsTheHandler() throws Exception {
        var running = new CompletableFuture<Boolean>();
        var cancelled = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            if (exchange.request().path().equals("/fine")) {
                                answer(exchange, "fine");
                                return;
                            }
                            try {
                                running.complete(true);
                                Async.sleep(java.time.Duration.ofHours(1));
                            } catch (CancellationException e) {
                                cancelled.complete(exchange.isFinished());
                            }
                        });
                var client = Http2Client.connect(server.port())) {
            int stream = client.get("/");
            get(running);
            client.reset(stream);
            assertThat(get(cancelled)).isTrue();
            assertThat(client.response(client.get("/fine")).body()).isEqualTo("fine");
        }
    }

    @Test
    void aLostConnectionCancelsAllItsHandlers() throws Exception {
        var running = new AtomicInteger();
        var cancelled = new AtomicInteger();
        try (var server =
                TestServer.start(exchange -> {
                    try {
                        running.incrementAndGet();
                        Async.sleep(java.time.Duration.ofHours(1));
                    } catch (CancellationException e) {
                        cancelled.incrementAndGet();
                    }
                })) {
            try (var client = Http2Client.connect(server.port())) {
                for (int i = 0; i < 10; i++) {
                    client.get("/");
                }
                server.await(() -> running.get() == 10);
            }
            server.await(() -> cancelled.get() == 10);
            server.await(() -> server.server().connectionCount() == 0);
        }
    }
}
