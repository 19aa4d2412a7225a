package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.testing.LogCapture;

class RequestReadingTest {
    private static final HttpServerOptions SMALL =
            HttpServerOptions.DEFAULTS
                    .withMaxHeaderSize(1000)
                    .withMaxStartLine(200)
                    .withMaxBodySize(100);

    /** Answers with the method, the target and the body. */
    private static void echo(HttpExchange exchange) {
        var request = exchange.request();
        var body = new String(request.body(), ISO_8859_1);
        var text = request.method() + " " + request.uri() + " " + body;
        exchange.respond(200, new Headers(), text.getBytes(ISO_8859_1));
    }

    static Stream<String> wellFormed() {
        return Stream.of(
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                "POST /a HTTP/1.1\nHost: x\nContent-Length: 5\n\nhello",
                "POST /a HTTP/1.1\r\nHost: x\nContent-Length: 5\r\n\nhello",
                "\r\n\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5,5\r\n\r\nhello",
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                        + "5;ext=1\r\nhello\r\n0\r\nX-Sum: t\r\n\r\n",
                "POST /a HTTP/1.1\r\nhost:x\r\nX-Empty:\r\ncontent-length: 5\r\n\r\nhello");
    }

    @ParameterizedTest
    @MethodSource("wellFormed")
    void aWellFormedRequestIsReadInOnePiece(String request) throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo);
                var client = server.connect()) {
            client.send(request);
            assertThat(client.readResponse().body()).isEqualTo("POST /a hello");
            assertThat(client.get("/b").readResponse().body()).isEqualTo("GET /b ");
        }
    }

    @ParameterizedTest
    @MethodSource("wellFormed")
    void aWellFormedRequestIsReadByteByByte(String request) throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo);
                var client = server.connect()) {
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.readResponse().body()).isEqualTo("POST /a hello");
            assertThat(client.get("/b").readResponse().body()).isEqualTo("GET /b ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"User-Agent", "X-Whatever"})
    void aControlCharacterIsFoundWhereverItStandsInAValue(String name) throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo)) {
            for (int at = 0; at < 20; at++) {
                for (char bad : "\0\u0001\r\u001f\u007f".toCharArray()) {
                    var value = "v".repeat(at) + bad + "v".repeat(20 - at);
                    try (var client = server.connect()) {
                        client.send("GET /a HTTP/1.1\r\nHost: x\r\n" + name + ": " + value);
                        client.send("\r\n\r\n");
                        assertThat(client.readResponse().status())
                                .as("U+%04X at %d", +bad, at)
                                .isEqualTo(400);
                    }
                }
            }
        }
    }

    @Test
    void aValueMayHaveTabsAndBytesBeyondAsciiAnywhereInside() throws Exception {
        try (var server =
                        TestServer.start(exchange ->
                                exchange.respond(
                                        200,
                                        new Headers(),
                                        exchange.request()
                                                .headers()
                                                .get("User-Agent", "")
                                                .getBytes(ISO_8859_1)));
                var client = server.connect()) {
            for (int at = 1; at < 20; at++) {
                for (char good : "\t\u0080\u00ff".toCharArray()) {
                    var value = "v".repeat(at) + good + "v".repeat(20 - at);
                    client.send("GET /a HTTP/1.1\r\nHost: x\r\nUser-Agent: " + value + "\r\n\r\n");
                    assertThat(client.readResponse().body()).isEqualTo(value);
                }
            }
        }
    }

    static Stream<List<Object>> malformed() {
        var post = "POST / HTTP/1.1\r\nHost: x\r\n";
        return Stream.of(
                List.of(400, "nonsense\r\n\r\n"),
                List.of(400, "GET /\r\n\r\n"),
                List.of(400, "GET / HTTP\r\nHost: x\r\n\r\n"),
                List.of(400, "GET / HTTP/1.x\r\nHost: x\r\n\r\n"),
                List.of(400, "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
                List.of(400, "G(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
                List.of(400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\n"),
                List.of(505, "GET / HTTP/2.0\r\nHost: x\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost: x y\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost x\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\n: x\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n"),
                List.of(400, "GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n"),
                List.of(400, post + "Content-Length: 2\r\nContent-Length: 4\r\n\r\nab"),
                List.of(400, post + "Content-Length: 2,4\r\n\r\nab"),
                List.of(400, "POST / HTTP/1.0\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\nab"),
                List.of(400, post + "Content-Length: two\r\n\r\nab"),
                List.of(400, post + "Content-Length: +2\r\n\r\nab"),
                List.of(400, post + "Content-Length: -2\r\n\r\nab"),
                List.of(400, post + "Content-Length: 1_0\r\n\r\nab"),
                List.of(400, post + "Content-Length:\r\n\r\nab"),
                List.of(400, post + "Content-Length: 0x2\r\n\r\nab"),
                List.of(
                        400,
                        post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                List.of(400, post + "Transfer-Encoding: gzip\r\n\r\n"),
                List.of(400, post + "Transfer-Encoding: identity\r\n\r\n"),
                List.of(501, post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                List.of(
                        400,
                        post
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "0\r\n\r\n"),
                List.of(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                List.of(400, post + "Transfer-Encoding: chunked\r\n\r\n1_a\r\n"),
                List.of(400, post + "Transfer-Encoding: chunked\r\n\r\nnope\r\n"),
                List.of(400, post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n"),
                List.of(400, post + "Transfer-Encoding: chunked\r\n\r\n2\r\nabcd\r\n"),
                List.of(400, post + "Transfer-Encoding: chunked\r\n\r\n2\nab\n0\n\n"),
                List.of(417, post + "Expect: miracles\r\nContent-Length: 2\r\n\r\nab"),
                List.of(414, "GET /" + "a".repeat(300) + " HTTP/1.1\r\n"),
                List.of(414, "GET /" + "a".repeat(300)),
                List.of(431, "GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(2000) + "\r\n\r\n"),
                List.of(431, "GET / HTTP/1.1\r\n" + "X: aaaaaaaaa\r\n".repeat(200)),
                List.of(413, post + "Content-Length: 101\r\n\r\n"),
                List.of(413, post + "Content-Length: 9000000000000\r\n\r\n"),
                List.of(413, post + "Expect: 100-continue\r\nContent-Length: 101\r\n\r\n"),
                List.of(
                        413,
                        post
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + "64\r\n"
                                + "x".repeat(100)
                                + "\r\n1\r\ny\r\n"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedInputGetsItsStatusAndTheEndOfTheConnection(List<Object> sample) throws Exception {
        var handled = new ArrayList<String>();
        try (var logs = LogCapture.of(ServerConnection.class);
                var server =
                        TestServer.start(
                                exchange -> {
                                    handled.add(exchange.request().uri());
                                    echo(exchange);
                                },
                                SMALL);
                var client = server.connect()) {
            client.send((String) sample.get(1));
            var response = client.readResponse();
            assertThat(response.status()).isEqualTo(sample.get(0));
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(response.body()).startsWith(sample.get(0) + " ").hasLineCount(1);
            assertThat(client.isClosedByServer()).isTrue();
            server.run(() -> assertThat(handled).isEmpty());
            assertThat(logs.lines())
                    .singleElement()
                    .asString()
                    .startsWith("INFO 127.0.0.1 gets " + sample.get(0) + ": ");
            assertThat(logs.failures()).isEmpty();
        }
    }

    @Test
    void aBodyAtTheLimitPasses() throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo, SMALL);
                var client = server.connect()) {
            var body = "x".repeat(100);
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + body);
            assertThat(client.readResponse().body()).isEqualTo("POST / " + body);
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n");
            client.send(body + "\r\n0\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("POST / " + body);
        }
    }

    @Test
    void aClientThatIsStillSendingReadsWhyItWasRefused() throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo, SMALL);
                var client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n");
            client.send("x".repeat(300_000));
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
    }

    @Test
    void aClientThatAsksIsToldToSendItsBody() throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo);
                var client = server.connect()) {
            client.send(
                    "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);
            assertThat(client.send("ab").readResponse().body()).isEqualTo("PUT / ab");
        }
    }

    @Test
    void anOldClientAndOneWithoutBodyAreNotToldToGoOn() throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo);
                var old = server.connect();
                var empty = server.connect()) {
            old.send("PUT / HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab");
            assertThat(old.readHead().status()).isEqualTo(200);
            empty.send("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n");
            assertThat(empty.readHead().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8_191, 8_192, 100_000, 3_000_000})
    void aBodyOfAnySizeArrivesWhole(int size) throws Exception {
        try (var server =
                        TestServer.start(exchange ->
                                exchange.respond(200, new Headers(), exchange.request().body()));
                var client = server.connect()) {
            var body = "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
            client.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n" + body);
            assertThat(client.readResponse().body()).isEqualTo(body);
        }
    }

    @Test
    void aBodyOfAnObsoleteDraftIsNotInvented() throws Exception {
        try (var server = TestServer.start(RequestReadingTest::echo);
                var client = server.connect()) {
            client.send(
                    "GET /a HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n");
            assertThat(client.readResponse().body()).isEqualTo("GET /a ");
            assertThat(client.get("/12345678").readResponse().body()).isEqualTo("GET /12345678 ");
        }
    }

    @Test
    void theRequestKnowsWhereItCameFrom() throws Exception {
        try (var server =
                        TestServer.start(exchange -> {
                            var request = exchange.request();
                            var text = request.remoteIp() + " " + request.fullUrl();
                            exchange.respond(200, new Headers(), text.getBytes(ISO_8859_1));
                        });
                var client = server.connect()) {
            assertThat(client.get("/p?q").readResponse().body())
                    .isEqualTo("127.0.0.1 http://test/p?q");
        }
    }
}
