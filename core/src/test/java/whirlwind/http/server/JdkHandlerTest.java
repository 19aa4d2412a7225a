package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.http.server.JdkHandlers.MEBIBYTE;
import static whirlwind.http.server.JdkHandlers.answer;
import static whirlwind.http.server.JdkHandlers.bytes;
import static whirlwind.http.server.JdkHandlers.post;
import static whirlwind.http.server.JdkHandlers.serve;

import com.sun.net.httpserver.HttpHandlers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.jdk.JdkHandler;

/** Handlers of the JDK's web server, on ours. */
class JdkHandlerTest {
    @Test
    void bodiesGoBothWaysAndTheConnectionStays() throws Exception {
        try (var server =
                        serve(exchange -> {
                            var body = exchange.getRequestBody().readAllBytes();
                            exchange.getResponseHeaders().set("X-Length", "" + body.length);
                            exchange.getResponseHeaders().add("X-Two", "1");
                            exchange.getResponseHeaders().add("X-Two", "2");
                            answer(exchange, "got " + new String(body, UTF_8));
                        });
                var client = server.connect()) {
            for (int i = 0; i < 3; i++) {
                var response = post(client, "body " + i).readResponse();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("got body " + i);
                assertThat(response.header("Content-Length")).isEqualTo("10");
                assertThat(response.header("X-Length")).isEqualTo("6");
                assertThat(response.header("Server")).startsWith("Whirlwind");
            }
            var empty = client.get("/").readResponse();
            assertThat(empty.body()).isEqualTo("got ");
        }
    }

    @Test
    void theExchangeTellsWhatWasAsked() throws Exception {
        var seen = new CompletableFuture<List<Object>>();
        var handler =
                new JdkHandler(
                        "/old",
                        exchange -> {
                            exchange.setAttribute("a", 1);
                            seen.complete(
                                    Arrays.asList(
                                            exchange.getRequestMethod(),
                                            exchange.getRequestURI().getPath(),
                                            exchange.getRequestURI().getQuery(),
                                            exchange.getProtocol(),
                                            exchange.getRequestHeaders().get("x-many"),
                                            exchange.getRequestHeaders().getFirst("Host"),
                                            exchange.getRemoteAddress()
                                                    .getAddress()
                                                    .getHostAddress(),
                                            exchange.getLocalAddress().getHostString(),
                                            exchange.getLocalAddress().getPort(),
                                            exchange.getHttpContext().getPath(),
                                            exchange.getAttribute("a"),
                                            exchange.getAttribute("b"),
                                            exchange.getPrincipal(),
                                            exchange.getResponseCode()));
                            answer(exchange, "");
                        });
        try (var server = TestServer.start(handler);
                var client = server.connect()) {
            client.send(
                    "PUT /old/%20x?a=%26b HTTP/1.1\r\nHost: Test:81\r\nX-Many: 1\r\nX-Many: 2\r\n"
                            + "Content-Length: 0\r\n\r\n");
            client.readResponse();
            assertThat(seen.get())
                    .containsExactly(
                            "PUT",
                            "/old/ x",
                            "a=&b",
                            "HTTP/1.1",
                            List.of("1", "2"),
                            "Test:81",
                            "127.0.0.1",
                            "test",
                            81,
                            "/old",
                            1,
                            null,
                            null,
                            -1);
        }
    }

    @Test
    void aTargetThatLooksLikeAHostIsAPath() throws Exception {
        try (var server = serve(exchange -> answer(exchange, exchange.getRequestURI().getPath()));
                var client = server.connect()) {
            assertThat(client.get("//example.com/x").readResponse().body())
                    .isEqualTo("/.//example.com/x");
        }
    }

    @Test
    void severalRequestsRunAtTheSameTimeAndNoneHoldsTheLoop() throws Exception {
        int many = 8;
        var all = new CyclicBarrier(many);
        try (var server =
                serve(exchange -> {
                    var name = exchange.getRequestURI().getPath();
                    meet(all);
                    exchange.sendResponseHeaders(200, 0);
                    try (var body = exchange.getResponseBody()) {
                        body.write(bytes(name));
                        body.flush();
                        meet(all); // each piece is made beside the others, too
                        body.write('!');
                    }
                })) {
            var clients = new ArrayList<RawClient>();
            for (int i = 0; i < many; i++) {
                clients.add(server.connect().get("/" + i));
            }
            for (int i = 0; i < many; i++) {
                try (var client = clients.get(i)) {
                    assertThat(client.readResponse().body()).isEqualTo("/" + i + "!");
                }
            }
        }
    }

    private static void meet(CyclicBarrier barrier) throws IOException {
        try {
            barrier.await(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IOException("the others never came", e);
        }
    }

    @Test
    void theFirstPieceOfAResponseArrivesBeforeTheLastIsMade() throws Exception {
        var arrived = new CompletableFuture<Void>();
        try (var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            var body = exchange.getResponseBody();
                            body.write(bytes("one"));
                            body.flush();
                            arrived.orTimeout(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS).join();
                            body.write(bytes("two"));
                            body.close();
                        });
                var client = server.connect().get("/")) {
            while (!client.readLine().equals("one")) {}
            arrived.complete(null);
            assertThat(client.readLine()).isEqualTo("3");
            assertThat(client.readLine()).isEqualTo("two");
            assertThat(client.readLine()).isEqualTo("0");
        }
    }

    @Test
    void theFirstPieceOfABodyIsReadBeforeTheLastHasCome() throws Exception {
        try (var server =
                        serve(exchange -> {
                            var in = exchange.getRequestBody();
                            exchange.sendResponseHeaders(200, 0);
                            var out = exchange.getResponseBody();
                            for (int b; (b = in.read()) >= 0; ) {
                                out.write(Character.toUpperCase(b));
                                out.flush();
                            }
                            out.close();
                        });
                var client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\na");
            while (!client.readLine().equals("A")) {}
            client.send("b");
            assertThat(client.readLine()).isEqualTo("1");
            assertThat(client.readLine()).isEqualTo("B");
        }
    }

    @Test
    void aSlowReaderSlowsTheWriterAndMissesNothing() throws Exception {
        int pieces = 64;
        try (var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, (long) pieces * MEBIBYTE);
                            try (var body = exchange.getResponseBody()) {
                                for (int i = 0; i < pieces; i++) {
                                    var piece = new byte[MEBIBYTE];
                                    Arrays.fill(piece, (byte) i);
                                    body.write(piece); // far more than the server lets wait
                                }
                            }
                        });
                var client = RawClient.connect(server.port(), 32 << 10).get("/")) {
            while (!client.readLine().isEmpty()) {}
            for (int i = 0; i < pieces; i++) {
                var piece = client.read(MEBIBYTE);
                assertThat(piece[0]).isEqualTo((byte) i);
                assertThat(piece[MEBIBYTE - 1]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void anUnclosedResponseEndsWithItsHandler() throws Exception {
        try (var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write(bytes("left open"));
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("left open");
            assertThat(client.get("/").readResponse().body()).isEqualTo("left open");
        }
    }

    @Test
    void responsesWithoutBodiesHaveNone() throws Exception {
        try (var server =
                        serve(exchange -> {
                            switch (exchange.getRequestURI().getPath()) {
                                case "/204" -> exchange.sendResponseHeaders(204, -1);
                                case "/304" -> exchange.sendResponseHeaders(304, -1);
                                case "/204/5" -> exchange.sendResponseHeaders(204, 5);
                                case "/304/5" -> exchange.sendResponseHeaders(304, 5);
                                case "/empty" -> exchange.sendResponseHeaders(200, -1);
                                case "/length" -> {
                                    exchange.getResponseHeaders().set("Content-Length", "5");
                                    exchange.sendResponseHeaders(200, -1);
                                }
                                default -> answer(exchange, "hello");
                            }
                        });
                var client = server.connect()) {
            assertThat(client.get("/204").readResponse().status()).isEqualTo(204);
            assertThat(client.get("/304").readResponse().status()).isEqualTo(304);
            for (int status : List.of(204, 304)) {
                var response = client.get("/" + status + "/5").readResponse(false);
                assertThat(response.status()).isEqualTo(status);
                assertThat(response.header("Content-Length")).isNull();
            }
            assertThat(client.get("/empty").readResponse().header("Content-Length")).isEqualTo("0");
            for (var path : List.of("/length", "/other")) {
                client.send("HEAD " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(client.readResponse(false).header("Content-Length")).isEqualTo("5");
            }
            assertThat(client.get("/other").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void theJdksOwnHandlersAndFiltersWork() throws Exception {
        var handler =
                HttpHandlers.handleOrElse(
                        request -> request.getRequestMethod().equals("GET"),
                        HttpHandlers.of(
                                200,
                                com.sun.net.httpserver.Headers.of("Content-Type", "text/plain"),
                                "ready-made"),
                        HttpHandlers.of(405, com.sun.net.httpserver.Headers.of(), ""));
        try (var server = serve(handler);
                var client = server.connect()) {
            var response = client.get("/").readResponse();
            assertThat(response.body()).isEqualTo("ready-made");
            assertThat(response.header("Content-Type")).isEqualTo("text/plain");
            assertThat(post(client, "").readResponse().status()).isEqualTo(405);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JdkHandler("old", handler))
                .withMessage("path: \"old\" (begins with a slash)");
    }
}
