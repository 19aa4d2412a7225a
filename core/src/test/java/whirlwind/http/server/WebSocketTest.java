package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class WebSocketTest {
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static WsClient open(TestServer server) throws Exception {
        return WsClient.open(server.connect(), "");
    }

    @Test
    void textAndBytesAreEchoed() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            client.send(TEXT, "hello \u00e4\u20ac\ud83d\ude00");
            assertThat(client.read()).isEqualTo(WsClient.text("hello \u00e4\u20ac\ud83d\ude00"));
            client.send(BINARY, new byte[] {1, 2, 3});
            assertThat(client.read()).isEqualTo(WsClient.frame(0x82, new byte[] {1, 2, 3}));
            client.send(TEXT, "");
            assertThat(client.read()).isEqualTo(WsClient.text(""));
        }
    }

    @Test
    void theHandshakeAnswersWithTheProofAndTheGivenFields() throws Exception {
        var options =
                WebSocketUpgrade.DEFAULTS
                        .withSubprotocol("goodproto")
                        .withHeaders(Headers.of("X-Extra", "yes"));
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(options));
                var client = server.connect()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: keep-alive,"
                            + " Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            var response = client.readHead();
            assertThat(response.status()).isEqualTo(101);
            assertThat(response.header("Sec-WebSocket-Accept"))
                    .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455 section 1.3
            assertThat(response.header("Sec-WebSocket-Protocol")).isEqualTo("goodproto");
            assertThat(response.header("X-Extra")).isEqualTo("yes");
            assertThat(response.headers())
                    .doesNotContainKeys("Content-Length", "Transfer-Encoding", "Content-Type");
        }
    }

    static Stream<List<Object>> badHandshakes() {
        return Stream.of(
                List.of(400, "Connection: upgrade\r\nSec-WebSocket-Version: 13\r\n"),
                List.of(400, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"),
                List.of(426, "Upgrade: websocket\r\nConnection: upgrade\r\n"),
                List.of(
                        426,
                        "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 12\r\n"),
                List.of(
                        400,
                        "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "X-No-"));
    }

    @ParameterizedTest
    @MethodSource("badHandshakes")
    void aRequestThatIsNoHandshakeIsRefusedAndTheConnectionLives(List<Object> sample)
            throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = server.connect()) {
            client.send(
                    "GET / HTTP/1.1\r\nHost: x\r\n"
                            + sample.get(1)
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            var response = client.readResponse();
            assertThat(response.status()).isEqualTo(sample.get(0));
            for (var choice : List.of("Sec-WebSocket-Version", "Upgrade", "Connection")) {
                assertThat(response.headers().containsKey(choice))
                        .as(choice)
                        .isEqualTo(response.status() == 426);
            }
            client.get("/");
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
    }

    @Test
    void framesThatComeWithTheHandshakeAreNotLost() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = WsClient.open(server.connect(), "", WsClient.masked(0x81, "early"))) {
            assertThat(client.read()).isEqualTo(WsClient.text("early"));
        }
    }

    @Test
    void messagesWaitUntilSomebodyListens() throws Exception {
        var release = new CompletableFuture<Void>();
        var recorder = new WsRecorder();
        try (var server =
                        TestServer.start(exchange -> {
                            var connection = exchange.upgrade(WebSocketUpgrade.DEFAULTS);
                            connection.send("welcome");
                            Async.await(release);
                            connection.listen(recorder);
                        });
                var client = open(server)) {
            assertThat(client.read()).isEqualTo(WsClient.text("welcome"));
            client.send(TEXT, "one");
            client.send(TEXT, "two");
            release.complete(null);
            server.await(() -> recorder.heard.size() == 2);
            assertThat(recorder.heard).allMatch(text -> text.startsWith("Text["));
        }
    }

    @Test
    void whoListensAfterTheEndHearsOfIt() throws Exception {
        var connections = new CompletableFuture<WebSocketConnection>();
        var recorder = new WsRecorder();
        try (var server =
                TestServer.start(exchange ->
                        connections.complete(exchange.upgrade(WebSocketUpgrade.DEFAULTS)))) {
            open(server).close();
            var connection = connections.get(10, TimeUnit.SECONDS);
            server.await(() -> server.server().connectionCount() == 0);
            server.run(() -> connection.listen(recorder));
            assertThat(recorder.end()).isEqualTo("1006 ");
            assertThatThrownBy(() -> server.run(() -> connection.listen(recorder)))
                    .hasRootCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void fragmentsArePutTogetherAndPingsAnsweredInBetween() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            client.sendRaw(WsClient.masked(0x01, "one "));
            client.sendRaw(WsClient.masked(0x89, "ping"));
            client.sendRaw(WsClient.masked(0x00, "two "));
            client.sendRaw(WsClient.masked(0x80, "three"));
            assertThat(client.read())
                    .isEqualTo(WsClient.frame(0x80 | PONG, "ping".getBytes(UTF_8)));
            assertThat(client.read()).isEqualTo(WsClient.text("one two three"));
            server.run(() -> assertThat(echo.heard).hasSize(2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 125, 126, 127, 65_535, 65_536, 1_000_000})
    void messagesOfAllSizesAreEchoedHoweverTheyArrive(int size) throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            var text = "0123456789".repeat(size / 10 + 1).substring(0, size);
            client.send(TEXT, text);
            assertThat(client.read()).isEqualTo(WsClient.text(text));
            var frame = WsClient.masked(0x81, text);
            int cut = Math.min(frame.length - 1, 3);
            client.sendRaw(java.util.Arrays.copyOf(frame, cut));
            server.run(Async::moment);
            client.sendRaw(java.util.Arrays.copyOfRange(frame, cut, frame.length));
            assertThat(client.read()).isEqualTo(WsClient.text(text));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 3000, 4999})
    void aCloseCodeIsEchoedAndReported(int code) throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            client.sendRaw(WsClient.masked(0x88, WsClient.closing(code, "goodbye")));
            assertThat(client.read()).isEqualTo(WsClient.frame(0x88, WsClient.closing(code, "")));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(echo.end()).isEqualTo(code + " goodbye");
        }
    }

    @Test
    void aCloseWithoutCodeIsEchoedWithoutCode() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            client.send(CLOSE, "");
            assertThat(client.read()).isEqualTo(WsClient.frame(0x88, new byte[0]));
            assertThat(echo.end()).isEqualTo("1005 ");
        }
    }

    @Test
    void theServerClosesAndWaitsForTheAnswer() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            server.run(() -> {
                echo.connection.send("last");
                echo.connection.close(1001, "bye");
                echo.connection.close(1000, "again");
                assertThat(echo.connection.isOpen()).isFalse();
                assertThat(echo.connection.send("too late"))
                        .isCompletedExceptionally()
                        .failsWithin(java.time.Duration.ZERO)
                        .withThrowableThat()
                        .withCauseInstanceOf(WebSocketClosedException.class);
            });
            assertThat(client.read()).isEqualTo(WsClient.text("last"));
            assertThat(client.read())
                    .isEqualTo(WsClient.frame(0x88, WsClient.closing(1001, "bye")));
            client.send(TEXT, "ignored");
            client.sendRaw(WsClient.masked(0x88, WsClient.closing(1001, "")));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(echo.end()).isEqualTo("1001 ");
            assertThat(echo.heard).isEmpty();
        }
    }

    @Test
    void aVanishedClientIsAnAbnormalEnd() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS))) {
            open(server).close();
            assertThat(echo.end()).isEqualTo("1006 ");
            server.await(() -> server.server().connectionCount() == 0);
            assertThat(echo.heard).isEmpty();
        }
    }

    @Test
    void abortDropsTheConnection() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            server.run(echo.connection::abort);
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(echo.end()).isEqualTo("1006 ");
        }
    }

    @Test
    void aListenerThatFailsLosesItsConnection() throws Exception {
        var recorder =
                new WsRecorder() {
                    @Override
                    public void message(WebSocketMessage message) {
                        throw new IllegalStateException("planted in a listener");
                    }
                };
        try (var logs = LogCapture.of(WebSocketChannel.class);
                var server =
                        TestServer.start(exchange ->
                                exchange.upgrade(WebSocketUpgrade.DEFAULTS).listen(recorder));
                var client = open(server)) {
            client.send(TEXT, "x");
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(recorder.end()).isEqualTo("1006 ");
            assertThat(logs.failures()).hasSize(1);
        }
    }

    static Stream<List<Object>> violations() {
        var big = "x".repeat(2000);
        return Stream.of(
                List.of(1002, "frame not masked", WsClient.frame(0x81, new byte[1])),
                List.of(1002, "reserved bit set", WsClient.masked(0xC1, "x")),
                List.of(1002, "reserved bit set", WsClient.masked(0xA1, "x")),
                List.of(1002, "reserved bit set", WsClient.masked(0x91, "x")),
                List.of(1002, "unknown opcode", WsClient.masked(0x83, "x")),
                List.of(1002, "unknown opcode", WsClient.masked(0x8B, "x")),
                List.of(1002, "control frame fragmented", WsClient.masked(0x09, "x")),
                List.of(1002, "control frame too long", WsClient.masked(0x89, "x".repeat(126))),
                List.of(1002, "nothing to continue", WsClient.masked(0x80, "x")),
                List.of(1002, "nothing to continue", WsClient.masked(0x00, "x")),
                List.of(
                        1002,
                        "message within a message",
                        WsClient.joined(WsClient.masked(0x01, "x"), WsClient.masked(0x81, "y"))),
                List.of(
                        1002,
                        "malformed length",
                        new byte[] {(byte) 0x82, (byte) 0xFE, 0, 5, 0, 0, 0, 0}),
                List.of(
                        1002,
                        "malformed length",
                        new byte[] {(byte) 0x82, (byte) 0xFF, -1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0}),
                List.of(1002, "malformed close frame", WsClient.masked(0x88, new byte[1])),
                List.of(
                        1002,
                        "invalid close code",
                        WsClient.masked(0x88, WsClient.closing(999, ""))),
                List.of(
                        1002,
                        "invalid close code",
                        WsClient.masked(0x88, WsClient.closing(1005, ""))),
                List.of(
                        1002,
                        "invalid close code",
                        WsClient.masked(0x88, WsClient.closing(1006, ""))),
                List.of(
                        1002,
                        "invalid close code",
                        WsClient.masked(0x88, WsClient.closing(2999, ""))),
                List.of(
                        1002,
                        "invalid close code",
                        WsClient.masked(0x88, WsClient.closing(5000, ""))),
                List.of(1007, "text is not UTF-8", WsClient.masked(0x81, new byte[] {-61, 40})),
                List.of(
                        1007,
                        "text is not UTF-8",
                        WsClient.joined(
                                WsClient.masked(0x01, new byte[] {-61}),
                                WsClient.masked(0x80, new byte[] {40}))),
                List.of(
                        1007,
                        "text is not UTF-8",
                        WsClient.masked(0x88, new byte[] {3, -24, -61, 40})),
                List.of(1009, "message too big", WsClient.masked(0x82, big)),
                List.of(
                        1009,
                        "message too big",
                        WsClient.joined(
                                WsClient.masked(0x02, "x".repeat(600)),
                                WsClient.masked(0x80, "x".repeat(401)))));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void aViolationClosesTheConnectionWithItsCode(List<Object> sample) throws Exception {
        var echo = new WsEcho();
        try (var server =
                        TestServer.start(
                                echo.handler(WebSocketUpgrade.DEFAULTS.withMaxMessageSize(1000)));
                var client = open(server)) {
            client.sendRaw((byte[]) sample.get(2));
            int code = (int) sample.get(0);
            var reason = (String) sample.get(1);
            assertThat(client.read())
                    .isEqualTo(WsClient.frame(0x88, WsClient.closing(code, reason)));
            assertThat(client.isClosedByServer()).isTrue();
            client.close();
            assertThat(echo.end()).isEqualTo(code + " " + reason);
            assertThat(echo.heard).isEmpty();
        }
    }

    @Test
    void aMessageAtTheLimitPasses() throws Exception {
        var echo = new WsEcho();
        try (var server =
                        TestServer.start(
                                echo.handler(WebSocketUpgrade.DEFAULTS.withMaxMessageSize(1000)));
                var client = open(server)) {
            client.send(TEXT, "x".repeat(1000));
            assertThat(client.read()).isEqualTo(WsClient.text("x".repeat(1000)));
        }
    }

    @Test
    void aPreparedMessageReachesManyConnections() throws Exception {
        var room = new ArrayList<WebSocketConnection>();
        try (var server =
                TestServer.start(exchange -> {
                    var connection = exchange.upgrade(WebSocketUpgrade.DEFAULTS);
                    connection.listen(new WsRecorder());
                    room.add(connection);
                })) {
            var clients = new ArrayList<WsClient>();
            for (int i = 0; i < 5; i++) {
                clients.add(open(server));
            }
            server.await(() -> room.size() == 5);
            server.run(() -> {
                var first = new PreparedMessage(new WebSocketMessage.Text("to all"));
                var second = new PreparedMessage(new WebSocketMessage.Binary(new byte[2]));
                room.forEach(member -> member.send(first));
                Async.moment();
                Async.moment();
                room.forEach(member -> member.send(second));
                room.forEach(member -> member.send("own"));
                room.forEach(member -> member.send(second));
            });
            for (var client : clients) {
                assertThat(client.read()).isEqualTo(WsClient.text("to all"));
                assertThat(client.read()).isEqualTo(WsClient.frame(0x82, new byte[2]));
                assertThat(client.read()).isEqualTo(WsClient.text("own"));
                assertThat(client.read()).isEqualTo(WsClient.frame(0x82, new byte[2]));
                client.close();
            }
        }
    }

    @Test
    void drainingSaysGoodbye() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            server.loop()
                    .spawnCallback(() -> server.server().drain(java.time.Duration.ofMinutes(1)));
            assertThat(client.read())
                    .isEqualTo(
                            WsClient.frame(0x88, WsClient.closing(1001, "server is going away")));
            client.sendRaw(WsClient.masked(0x88, WsClient.closing(1001, "")));
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void theJdksClientIsUnderstood() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var http = java.net.http.HttpClient.newHttpClient()) {
            var got = new CompletableFuture<String>();
            var socket =
                    http.newWebSocketBuilder()
                            .buildAsync(
                                    java.net.URI.create("ws://127.0.0.1:" + server.port() + "/"),
                                    new java.net.http.WebSocket.Listener() {
                                        @Override
                                        public java.util.concurrent.CompletionStage<?> onText(
                                                java.net.http.WebSocket socket,
                                                CharSequence data,
                                                boolean last) {
                                            got.complete(data.toString());
                                            socket.request(1);
                                            return null;
                                        }
                                    })
                            .get(10, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(10, TimeUnit.SECONDS);
            assertThat(got.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
            socket.sendClose(1000, "done").get(10, TimeUnit.SECONDS);
            assertThat(echo.end()).isEqualTo("1000 done");
        }
    }

    @Test
    void pingsGoOut() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            server.run(() -> echo.connection.send(new WebSocketMessage.Ping(new byte[] {7})));
            assertThat(client.read()).isEqualTo(WsClient.frame(0x80 | PING, new byte[] {7}));
            client.send(PONG, new byte[] {7});
            server.await(() -> echo.heard.size() == 1);
            assertThat(echo.heard.getFirst()).startsWith("Pong");
            server.run(() -> echo.connection.setNodelay(false));
        }
    }

    @Test
    void aHandlerThatFailsAfterTheUpgradeLosesItsConnection() throws Exception {
        var echo = new WsEcho();
        try (var logs = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(exchange -> {
                            exchange.upgrade(WebSocketUpgrade.DEFAULTS).listen(echo);
                            Async.moment();
                            throw new IllegalStateException("planted in a handler");
                        });
                var client = open(server)) {
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(echo.end()).isEqualTo("1006 ");
            assertThat(logs.failures()).hasSize(1);
        }
    }
}
