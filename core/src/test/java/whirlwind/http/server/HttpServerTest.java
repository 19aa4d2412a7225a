package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HeaderSyntaxException;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpOutputException;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;
import whirlwind.testing.Standstill;

class HttpServerTest {
    private static final byte[] HELLO = "hello".getBytes(UTF_8);
    private static final byte[] NOTHING = new byte[0];

    private static void hello(HttpExchange exchange) {
        exchange.respond(200, Headers.of("Content-Type", "text/plain"), HELLO);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void aWholeResponseHasLengthDateAndServer() throws Exception {
        try (var server = TestServer.start(HttpServerTest::hello);
                var client = server.connect()) {
            var response = client.get("/").readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.reason()).isEqualTo("OK");
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.header("Content-Length")).isEqualTo("5");
            assertThat(response.header("Content-Type")).isEqualTo("text/plain");
            assertThat(response.header("Date")).endsWith(" GMT");
            assertThat(response.header("Server")).startsWith("Whirlwind");
            assertThat(response.header("Connection")).isNull();
        }
    }

    @Test
    void givenFieldsReplaceThoseOfTheServer() throws Exception {
        try (var server =
                        TestServer.start(exchange ->
                                exchange.respond(
                                        299,
                                        "Rather good",
                                        Headers.of(
                                                "date",
                                                "now",
                                                "SERVER",
                                                "mine",
                                                "X-Latin",
                                                "caf\u00e9"),
                                        HELLO));
                var client = server.connect()) {
            var response = client.get("/").readResponse();
            assertThat(response.status()).isEqualTo(299);
            assertThat(response.reason()).isEqualTo("Rather good");
            assertThat(response.header("Date")).isEqualTo("now");
            assertThat(response.header("Server")).isEqualTo("mine");
            assertThat(response.header("X-Latin")).isEqualTo("caf\u00e9");
        }
    }

    @Test
    void aHeadRequestGetsTheHeadOnly() throws Exception {
        try (var server = TestServer.start(HttpServerTest::hello);
                var client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
            assertThat(client.readResponse(false).header("Content-Length")).isEqualTo("5");
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void aStreamToAHeadRequestHasNeitherBodyNorFraming() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            Async.await(exchange.write(HELLO));
                            exchange.finish();
                        });
                var client = server.connect()) {
            client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n");
            var response = client.readResponse(false);
            assertThat(response.headers())
                    .doesNotContainKeys("Content-Length", "Transfer-Encoding");
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutBodyHasNoLength(int status) throws Exception {
        try (var server =
                        TestServer.start(
                                exchange -> exchange.respond(status, new Headers(), NOTHING));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().headers())
                    .doesNotContainKeys("Content-Length", "Transfer-Encoding");
            assertThat(client.get("/").readResponse().status()).isEqualTo(status);
        }
    }

    @Test
    void aConnectionServesManyRequests() throws Exception {
        try (var server = TestServer.start(HttpServerTest::hello);
                var client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
            }
            assertThat(server.call(server.server()::connectionCount)).isEqualTo(1);
        }
    }

    @Test
    void connectionCloseIsHonouredAndSaid() throws Exception {
        try (var server = TestServer.start(HttpServerTest::hello);
                var client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: foo, Close\r\n\r\n");
            assertThat(client.readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aHandlerCanCloseTheConnection() throws Exception {
        try (var server =
                        TestServer.start(exchange ->
                                exchange.respond(200, Headers.of("Connection", "close"), HELLO));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whatElseAHandlerSaysOfTheConnectionDoesNotHideThatItCloses() throws Exception {
        var upgrade = Headers.of("Connection", "Upgrade", "Upgrade", "websocket");
        try (var server = TestServer.start(exchange -> exchange.respond(426, upgrade, HELLO));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().header("Connection")).isEqualTo("Upgrade");
            client.send("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
            assertThat(client.readResponse().header("Connection")).isEqualTo("Upgrade,close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void withoutKeepAliveEachConnectionServesOneRequest() throws Exception {
        try (var server =
                        TestServer.start(
                                HttpServerTest::hello,
                                HttpServerOptions.DEFAULTS.withKeepAlive(false));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().header("Connection")).isEqualTo("close");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void anOldClientIsKeptOnlyIfItAsks() throws Exception {
        try (var server = TestServer.start(HttpServerTest::hello);
                var once = server.connect();
                var often = server.connect()) {
            var response = once.send("GET / HTTP/1.0\r\n\r\n").readResponse();
            assertThat(response.headers()).doesNotContainKey("Connection");
            assertThat(response.body()).isEqualTo("hello");
            assertThat(once.isClosedByServer()).isTrue();

            for (int i = 0; i < 3; i++) {
                often.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(often.readResponse().header("Connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void aStreamGoesInChunks() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            exchange.write(bytes("one "));
                            exchange.write(NOTHING);
                            Async.moment();
                            exchange.write(bytes("two"));
                            exchange.finish();
                        });
                var client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                var response = client.get("/").readResponse();
                assertThat(response.header("Transfer-Encoding")).isEqualTo("chunked");
                assertThat(response.body()).isEqualTo("one two");
            }
        }
    }

    @Test
    void aStreamToAnOldClientEndsWithTheConnection() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            exchange.write(HELLO);
                            exchange.finish();
                        });
                var client = server.connect()) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            var response = client.readResponse();
            assertThat(response.headers())
                    .doesNotContainKeys("Transfer-Encoding", "Content-Length", "Connection");
            assertThat(response.body()).isEqualTo("hello");
        }
    }

    @Test
    void aStreamOfAnnouncedLengthHasNoChunks() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, Headers.of("Content-Length", "10"));
                            exchange.write(HELLO);
                            exchange.write(HELLO);
                            exchange.finish();
                        });
                var client = server.connect()) {
            var response = client.get("/").readResponse();
            assertThat(response.headers()).doesNotContainKey("Transfer-Encoding");
            assertThat(response.body()).isEqualTo("hellohello");
            assertThat(client.get("/").readResponse().body()).isEqualTo("hellohello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "6"})
    void aBodyThatIsNotAsLongAsAnnouncedBreaksTheConnection(String length) throws Exception {
        var failures = new ArrayList<Throwable>();
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, Headers.of("Content-Length", length));
                            try {
                                exchange.write(HELLO);
                                exchange.finish();
                            } catch (HttpOutputException e) {
                                failures.add(e);
                            }
                        });
                var client = server.connect()) {
            client.get("/");
            assertThatThrownBy(client::readResponse).isInstanceOf(java.io.IOException.class);
            server.await(() -> !failures.isEmpty());
        }
    }

    @Test
    void aWholeResponseWithAnotherLengthIsRefusedAndBreaksTheConnection() throws Exception {
        var failure = new CompletableFuture<Throwable>();
        try (var server =
                        TestServer.start(exchange -> {
                            try {
                                exchange.respond(200, Headers.of("Content-Length", "7"), HELLO);
                            } catch (HttpOutputException e) {
                                failure.complete(e);
                            }
                        });
                var client = server.connect()) {
            assertThat(client.get("/").isClosedByServer()).isTrue();
            assertThat(failure.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("7")
                    .hasMessageContaining("5");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderOneAtATime() throws Exception {
        var running = new ArrayList<String>();
        try (var server =
                        TestServer.start(exchange -> {
                            running.add("+" + exchange.request().path());
                            for (int i = 0; i < 3; i++) {
                                Async.moment();
                            }
                            running.add("-" + exchange.request().path());
                            exchange.respond(200, new Headers(), bytes(exchange.request().path()));
                        });
                var client = server.connect()) {
            var all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: test\r\n\r\n");
            }
            client.send(all.toString());
            var expected = new ArrayList<String>();
            for (int i = 0; i < 20; i++) {
                assertThat(client.readResponse().body()).isEqualTo("/" + i);
                expected.addAll(List.of("+/" + i, "-/" + i));
            }
            assertThat(running).isEqualTo(expected);
        }
    }

    @Test
    void muchPipelinedInputWaitsAtTheClient() throws Exception {
        var release = new CompletableFuture<Void>();
        try (var server =
                        TestServer.start(exchange -> {
                            if (exchange.request().path().equals("/first")) {
                                Async.await(release);
                            }
                            exchange.respond(200, new Headers(), exchange.request().body());
                        });
                var client = server.connect()) {
            client.get("/first");
            int pieces = 32; // of 1 MiB: more than the kernel keeps for anybody
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 33554432\r\n\r\n");
            var sent = new AtomicInteger();
            var sender =
                    Thread.ofPlatform()
                            .start(() -> {
                                for (int i = 0; i < pieces; i++) {
                                    client.send(new byte[1 << 20]);
                                    sent.incrementAndGet();
                                }
                            });
            assertThat(server.<Integer>call(() -> Standstill.of(sent::get))).isLessThan(pieces);
            release.complete(null);
            assertThat(client.readResponse().body()).isEmpty();
            assertThat(client.readResponse().body()).hasSize(pieces << 20);
            sender.join();
            assertThat(client.get("/").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aResponseMayBeFinishedByAnotherCoroutine() throws Exception {
        try (var server =
                        TestServer.start(exchange -> Async.spawn("later", () -> hello(exchange)));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void anEscapingExceptionIsAnsweredWith500AndTheConnectionLives() throws Exception {
        try (var logs = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(_ -> {
                            throw new IllegalStateException("planted in a handler");
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().status()).isEqualTo(500);
            assertThat(client.get("/").readResponse().status()).isEqualTo(500);
            assertThat(logs.lines())
                    .hasSize(2)
                    .allMatch(line ->
                            line.equals("ERROR Exception in the handler of GET / HTTP/1.1"));
            assertThat(logs.failures()).hasSize(2);
        }
    }

    @Test
    void anInputExceptionIsAnsweredWithItsStatus() throws Exception {
        try (var logs = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(_ -> {
                            throw new HttpInputException(422, "planted in a handler");
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().status()).isEqualTo(422);
            assertThat(logs.lines())
                    .containsExactly("INFO 127.0.0.1 gets 422: planted in a handler");
            assertThat(logs.failures()).isEmpty();
        }
    }

    @Test
    void anExceptionAfterTheHeadBreaksTheConnection() throws Exception {
        try (var logs = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            Async.await(exchange.write(HELLO));
                            Async.moment();
                            throw new IllegalStateException("planted in a handler");
                        });
                var client = server.connect()) {
            client.get("/");
            assertThat(client.readHead().status()).isEqualTo(200);
            assertThatThrownBy(
                            () -> {
                                client.readLine();
                                client.readLine();
                                client.readLine();
                            })
                    .isInstanceOf(java.io.IOException.class);
            assertThat(logs.failures()).hasSize(1);
        }
    }

    @Test
    void aSecondResponseIsRefused() throws Exception {
        var failure = new CompletableFuture<Throwable>();
        try (var server =
                        TestServer.start(exchange -> {
                            hello(exchange);
                            try {
                                hello(exchange);
                            } catch (HttpOutputException e) {
                                failure.complete(e);
                            }
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessage("the response is finished");
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void aLineBreakNeverGetsIntoAHead() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            assertThatThrownBy(() -> Headers.of("X", "a\r\nSet-Cookie: b"))
                                    .isInstanceOf(HeaderSyntaxException.class);
                            var none = new Headers();
                            assertThatThrownBy(() -> exchange.respond(200, "a\r\nb", none, HELLO))
                                    .isInstanceOf(IllegalArgumentException.class);
                            var chunks = Headers.of("Transfer-Encoding", "chunked");
                            assertThatThrownBy(() -> exchange.respond(200, chunks, HELLO))
                                    .isInstanceOf(IllegalArgumentException.class);
                            assertThatThrownBy(() -> exchange.respond(204, none, HELLO))
                                    .isInstanceOf(IllegalArgumentException.class);
                            assertThat(exchange.isStarted()).isFalse();
                            hello(exchange);
                            assertThat(exchange.isStarted()).isTrue();
                            assertThat(exchange.isFinished()).isTrue();
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void anotherThreadIsTurnedAway() throws Exception {
        var exchanges = new CompletableFuture<HttpExchange>();
        try (var server = TestServer.start(exchanges::complete);
                var client = server.connect()) {
            client.get("/");
            var exchange = exchanges.get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> hello(exchange))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("addCallback");
            server.run(() -> hello(exchange));
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void aLargeResponseArrivesWhole() throws Exception {
        var large = "0123456789".repeat(1_000_000);
        try (var server =
                        TestServer.start(
                                exchange -> exchange.respond(200, new Headers(), bytes(large)));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo(large);
            assertThat(client.get("/").readResponse().body()).isEqualTo(large);
        }
    }
}
