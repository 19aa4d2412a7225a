package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpOutputException;

/** What goes out before a response, behind it, and in its name. */
class AroundResponseTest {
    private static final Headers HINT = Headers.of("Link", "</style.css>; rel=preload");
    private static final byte[] HELLO = "hello".getBytes(ISO_8859_1);

    private static void hello(HttpExchange exchange) {
        exchange.respond(200, new Headers(), HELLO);
    }

    private static String talk(TestServer server, String request) throws Exception {
        try (var client = server.connect()) {
            client.send(request);
            return client.readToEnd();
        }
    }

    private static String bodyOf(String response) {
        return response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void earlyHintsComeBeforeTheResponse() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.inform(103, HINT);
                            exchange.inform(102, new Headers());
                            hello(exchange);
                        });
                var client = server.connect()) {
            client.get("/");
            assertThat(client.readLine()).isEqualTo("HTTP/1.1 103 Early Hints");
            assertThat(client.readLine()).isEqualTo("Link: </style.css>; rel=preload");
            assertThat(client.readLine()).isEmpty();
            assertThat(client.readHead().status()).isEqualTo(102);
            assertThat(client.readResponse().body()).isEqualTo("hello");
            assertThat(client.get("/").readHead().status()).isEqualTo(103);
        }
    }

    @Test
    void anOldClientGetsNoHints() throws Exception {
        try (var server =
                TestServer.start(exchange -> {
                    exchange.inform(103, HINT);
                    hello(exchange);
                })) {
            assertThat(talk(server, "GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 200, 99})
    void onlyInterimStatusesInform(int status) throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> exchange.inform(status, HINT))
                                    .withMessage("status: " + status + " (expected 102 to 199)");
                            hello(exchange);
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void hintsBehindTheHeadAreAMistake() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, Headers.of("Content-Length", "5"));
                            assertThatThrownBy(() -> exchange.inform(103, HINT))
                                    .isInstanceOf(HttpOutputException.class)
                                    .hasMessage("a response has been started already");
                            exchange.write(HELLO);
                            exchange.finish();
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    private static void withTrailers(HttpExchange exchange) {
        var headers = new Headers();
        if (exchange.request().path().equals("/counted")) {
            headers.add("Content-Length", "5");
        }
        exchange.start(200, null, headers);
        exchange.write(HELLO);
        exchange.finish(Headers.of("X-Sum", "6", "X-Done", "yes"));
    }

    @Test
    void trailersComeBehindChunks() throws Exception {
        try (var server = TestServer.start(AroundResponseTest::withTrailers);
                var client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.get("/").readHead().header("Transfer-Encoding"))
                        .isEqualTo("chunked");
                var expected = "5\r\nhello\r\n0\r\nX-Sum: 6\r\nX-Done: yes\r\n\r\n";
                assertThat(new String(client.read(expected.length()), ISO_8859_1))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void trailersAreLeftOutWhereThereIsNoRoomForThem() throws Exception {
        try (var server = TestServer.start(AroundResponseTest::withTrailers)) {
            var end = "\r\nHost: h\r\nConnection: close\r\n\r\n";
            assertThat(bodyOf(talk(server, "GET /counted HTTP/1.1" + end))).isEqualTo("hello");
            assertThat(bodyOf(talk(server, "GET / HTTP/1.0" + end))).isEqualTo("hello");
            assertThat(bodyOf(talk(server, "HEAD / HTTP/1.1" + end))).isEmpty();
        }
    }

    @Test
    void whatBelongsIntoTheHeadIsNoTrailer() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() ->
                                            exchange.finish(Headers.of("content-length", "3")))
                                    .withMessage("trailer content-length belongs into the head");
                            exchange.write(HELLO);
                            exchange.finish();
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void theServersNameCanBeChangedOrLeftOut() throws Exception {
        var options = HttpServerOptions.DEFAULTS;
        try (var usual = TestServer.start(AroundResponseTest::hello);
                var named =
                        TestServer.start(
                                AroundResponseTest::hello, options.withServerHeader("Apache"));
                var nameless =
                        TestServer.start(
                                AroundResponseTest::hello, options.withServerHeader(null))) {
            var request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
            assertThat(talk(usual, request)).contains("Server: Whirlwind", "\r\nDate: ");
            assertThat(talk(named, request)).contains("Server: Apache\r\n", "\r\nDate: ");
            assertThat(talk(nameless, request)).doesNotContain("Server:").contains("\r\nDate: ");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> options.withServerHeader("a\r\nb"));
    }
}
