package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.loop.Async;

class StreamedBodyTest {
    private static final String HOST = " HTTP/1.1\r\nHost: test\r\n";

    private interface Handling {
        void handle(HttpExchange exchange) throws Exception;
    }

    /** Begins with the head alone. */
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

    private static TestServer start(Handling handling) {
        return start(handling, HttpServerOptions.DEFAULTS);
    }

    private static TestServer start(Handling handling, HttpServerOptions options) {
        return TestServer.start(new Streaming(handling), options);
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static String readAll(HttpExchange exchange) {
        var all = new StringBuilder();
        for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
            all.append(new String(piece, StandardCharsets.ISO_8859_1));
        }
        return all.toString();
    }

    private static void echo(HttpExchange exchange) {
        answer(exchange, readAll(exchange));
    }

    private static void answer(HttpExchange exchange, String text) {
        exchange.respond(200, new Headers(), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theHandlerRunsBeforeTheBodyIsThereAndGetsItPieceByPiece() throws Exception {
        var pieces = new LinkedBlockingQueue<String>();
        try (var server =
                        start(exchange -> {
                            for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
                                pieces.add(new String(piece, StandardCharsets.ISO_8859_1));
                            }
                            answer(exchange, "done");
                        });
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 6\r\n\r\n");
            client.send("abc");
            assertThat(pieces.poll(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("abc");
            client.send("def");
            assertThat(pieces.poll(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("def");
            assertThat(client.readResponse().body()).isEqualTo("done");
        }
    }

    @Test
    void chunksAreUnpackedAndTheConnectionGoesOn() throws Exception {
        try (var server = start(StreamedBodyTest::echo);
                var client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send(
                        "POST /"
                                + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
                var response = client.readResponse();
                assertThat(response.body()).isEqualTo("abcde");
                assertThat(response.header("Connection")).isNull();
            }
        }
    }

    @Test
    void aRequestBehindAStreamedBodyWaitsForItsTurn() throws Exception {
        try (var server = start(StreamedBodyTest::echo);
                var client = server.connect()) {
            client.send(
                    "POST /"
                            + HOST
                            + "Content-Length: 3\r\n\r\nabcPOST /"
                            + HOST
                            + "Content-Length: 2\r\n\r\nde");
            assertThat(client.readResponse().body()).isEqualTo("abc");
            assertThat(client.readResponse().body()).isEqualTo("de");
        }
    }

    @Test
    void aBodyThatHasComeAndNobodyReadDoesNotStopTheConnection() throws Exception {
        try (var server =
                        start(exchange -> {
                            var request = exchange.request();
                            boolean all = request.path().equals("/all");
                            while (all && request.trailers().isEmpty()) {
                                Async.sleep(Duration.ofMillis(1));
                            }
                            answer(exchange, request.path());
                        });
                var client = server.connect();
                var other = server.connect()) {
            client.send("PUT /all" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
            client.send("fde8\r\n" + "x".repeat(0xfde8) + "\r\n");
            other.get("/other").readResponse();
            // with this there is more than is kept before the client has to wait
            client.send("3e8\r\n" + "x".repeat(0x3e8) + "\r\n0\r\nX-End: 1\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("/all");
            assertThat(client.get("/next").readResponse().body()).isEqualTo("/next");
        }
    }

    @Test
    void aClientThatNeitherSendsNorReadsIsDroppedOnceItIsAnswered() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withIdleTimeout(Duration.ofMillis(200));
        var large = new byte[32 << 20];
        try (var server = start(exchange -> exchange.respond(200, new Headers(), large), options);
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 3\r\n\r\na");
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    @Test
    void aRequestWithoutBodyHasNothingToRead() throws Exception {
        try (var server = start(exchange -> answer(exchange, "[" + readAll(exchange) + "]"));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("[]");
        }
    }

    @Test
    void aBodyThatWasReadBeforeIsOnePiece() throws Exception {
        try (var server = TestServer.start(StreamedBodyTest::echo);
                var client = server.connect()) {
            client.send("POST /" + HOST + "Content-Length: 3\r\n\r\nabc");
            assertThat(client.readResponse().body()).isEqualTo("abc");
        }
    }

    @Test
    void theClientWaitsWhileTheHandlerDoesNotRead() throws Exception {
        int size = 32 << 20;
        var goOn = new CompletableFuture<Boolean>();
        var sent = new AtomicLong();
        var stuck = new Semaphore(0);
        try (var server =
                        start(exchange -> {
                            Async.await(Async.shield(goOn));
                            long length = 0;
                            for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
                                length += piece.length;
                            }
                            answer(exchange, Long.toString(length));
                        });
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: " + size + "\r\n\r\n");
            var sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                var piece = new byte[1 << 20];
                                while (sent.get() < size) {
                                    client.send(piece);
                                    sent.addAndGet(piece.length);
                                    stuck.release();
                                }
                            });
            // What the kernel's two buffers take is not ours to say, but it is far from all.
            while (stuck.tryAcquire(500, TimeUnit.MILLISECONDS)) {
                assertThat(sent.get()).isLessThan(size);
            }
            goOn.complete(true);
            assertThat(client.readResponse().body()).isEqualTo(Integer.toString(size));
            sender.join();
        }
    }

    @Test
    void aCancelledReadLosesNothing() throws Exception {
        var waiting = new CompletableFuture<Boolean>();
        try (var server =
                        start(exchange -> {
                            var first = exchange.read();
                            waiting.complete(true);
                            first.cancel(false);
                            echo(exchange);
                        });
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 3\r\n\r\n");
            get(waiting);
            assertThat(client.send("abc").readResponse().body()).isEqualTo("abc");
        }
    }

    @Test
    void twoReadsAtOnceAreAMistake() throws Exception {
        var tried = new CompletableFuture<Boolean>();
        try (var server =
                        start(exchange -> {
                            var first = exchange.read();
                            assertThatThrownBy(exchange::read)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("read already");
                            tried.complete(true);
                            answer(
                                    exchange,
                                    new String(Async.await(first), StandardCharsets.ISO_8859_1));
                        });
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 3\r\n\r\n");
            get(tried);
            assertThat(client.send("abc").readResponse().body()).isEqualTo("abc");
        }
    }

    // ---- limits ----

    @Test
    void aLimitMayBeRaisedAndIsHeldAgainstWhatIsAnnounced() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withMaxBodySize(4);
        try (var server =
                        start(
                                exchange -> {
                                    if (exchange.request().path().equals("/more")) {
                                        exchange.limitBody(8);
                                    }
                                    echo(exchange);
                                },
                                options);
                var client = server.connect();
                var other = server.connect()) {
            client.send("PUT /more" + HOST + "Content-Length: 8\r\n\r\n12345678");
            assertThat(client.readResponse().body()).isEqualTo("12345678");
            other.send("PUT /" + HOST + "Content-Length: 8\r\n\r\n12345678");
            assertThat(other.readResponse().status()).isEqualTo(413);
        }
    }

    @Test
    void aLimitIsHeldAgainstChunksToo() throws Exception {
        try (var server =
                        start(exchange -> {
                            exchange.limitBody(4);
                            echo(exchange);
                        });
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            client.send("2\r\nde\r\n");
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
    }

    @Test
    void aLimitForABodyThatHasBeenReadIsAMistake() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            assertThatThrownBy(() -> exchange.limitBody(8))
                                    .isInstanceOf(IllegalStateException.class);
                            answer(exchange, "ok");
                        });
                var client = server.connect()) {
            client.send("POST /" + HOST + "Content-Length: 1\r\n\r\nx");
            assertThat(client.readResponse().body()).isEqualTo("ok");
        }
    }

    @Test
    void aBodyThatStopsComingGets408() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withBodyTimeout(Duration.ofMillis(50));
        try (var server = start(StreamedBodyTest::echo, options);
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 3\r\n\r\na");
            assertThat(client.readResponse().status()).isEqualTo(408);
        }
    }

    // ---- bad input, early answers ----

    @Test
    void aBrokenChunkGets400() throws Exception {
        try (var server = start(StreamedBodyTest::echo);
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
    }

    @Test
    void anAnswerBeforeTheBodyHasComeIsReadAndClosesTheConnection() throws Exception {
        try (var server = start(exchange -> exchange.respond(403, new Headers(), new byte[0]));
                var client = server.connect()) {
            client.send("PUT /" + HOST + "Content-Length: 1000000\r\n\r\n");
            client.send(new byte[100_000]);
            var response = client.readResponse();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void theClientIsInvitedToSendOnlyWhenTheHandlerReads() throws Exception {
        try (var server =
                        start(exchange -> {
                            if (exchange.request().path().equals("/no")) {
                                exchange.respond(401, new Headers(), new byte[0]);
                            } else {
                                echo(exchange);
                            }
                        });
                var welcome = server.connect();
                var refused = server.connect()) {
            var ask = HOST + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n";
            assertThat(welcome.send("PUT /yes" + ask).readResponse().status()).isEqualTo(100);
            assertThat(welcome.send("abc").readResponse().body()).isEqualTo("abc");
            assertThat(refused.send("PUT /no" + ask).readResponse().status()).isEqualTo(401);
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheHandlerAndItsRead() throws Exception {
        var cancelled = new CompletableFuture<Exception>();
        var failed = new CompletableFuture<Exception>();
        var begun = new AtomicInteger();
        try (var server =
                start(exchange -> {
                    boolean goesOn = exchange.request().path().equals("/on");
                    if (goesOn) {
                        exchange.keepOnDisconnect();
                    }
                    begun.incrementAndGet();
                    try {
                        readAll(exchange);
                    } catch (Exception e) {
                        (goesOn ? failed : cancelled).complete(e);
                        throw e;
                    }
                })) {
            for (var path : Arrays.asList("/on", "/off")) {
                try (var client = server.connect()) {
                    client.send("PUT " + path + HOST + "Content-Length: 3\r\n\r\na");
                    int clients = path.equals("/on") ? 1 : 2;
                    server.await(() -> begun.get() == clients);
                }
            }
            assertThat(get(failed)).isInstanceOf(UncheckedIOException.class);
            assertThat(get(cancelled)).isInstanceOf(CancellationException.class);
        }
    }
}
