package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;

/** WebSockets over streams of HTTP/2, RFC 8441, by the same handlers as over HTTP/1.1. */
class Http2WebSocketTest {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    /** Sends back what it gets. */
    private static final class Echo implements WebSocketListener {
        final CompletableFuture<WebSocketConnection> opened = new CompletableFuture<>();
        final CompletableFuture<String> end = new CompletableFuture<>();
        final AtomicInteger heard = new AtomicInteger();

        HttpHandler with(WebSocketUpgrade options) {
            return exchange -> {
                if (!exchange.request().path().equals("/socket")) {
                    exchange.respond(200, new Headers(), "a page".getBytes(UTF_8));
                    return;
                }
                var connection = exchange.upgrade(options);
                connection.listen(this);
                opened.complete(connection);
            };
        }

        @Override
        public void message(WebSocketMessage message) {
            heard.incrementAndGet();
            if (message instanceof WebSocketMessage.Text) {
                get(opened).send(message);
            }
        }

        @Override
        public void closed(int code, String reason) {
            end.complete(code + reason);
        }
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static int connect(Http2Client client, String path, String... more) {
        var first =
                new String[] {
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "websocket",
                    ":scheme",
                    "https",
                    ":authority",
                    "test",
                    ":path",
                    path,
                    "sec-websocket-version",
                    "13"
                };
        var fields = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, fields, first.length, more.length);
        return client.head(false, fields);
    }

    private static int open(Http2Client client) throws IOException {
        int stream = connect(client, "/socket");
        assertThat(client.find(Http2Client.HEADERS, stream).fields())
                .containsEntry(":status", "200");
        return stream;
    }

    private static void send(Http2Client client, int stream, int first, String text) {
        client.data(stream, WsClient.masked(first, text.getBytes(UTF_8)), false);
    }

    private static byte[] read(Http2Client client, int stream) throws IOException {
        return client.find(Http2Client.DATA, stream).payload();
    }

    @Test
    void theServerSaysThatItSpeaksWebSocketOverStreams() throws Exception {
        try (var server = TestServer.start(new Echo().with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            assertThat(client.settings()).containsEntry(8, 1);
        }
    }

    @Test
    void messagesGoBothWaysBesideOtherRequests() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int stream = open(client);
            send(client, stream, TEXT, "hello");
            assertThat(read(client, stream)).isEqualTo(WsClient.text("hello"));
            assertThat(client.response(client.get("/page")).body()).isEqualTo("a page");
            send(client, stream, PING, "there?");
            assertThat(read(client, stream))
                    .isEqualTo(WsClient.frame(PONG, "there?".getBytes(UTF_8)));
        }
        assertThat(get(echo.end)).isEqualTo("1006");
    }

    @Test
    void theHandshakeAgreesOnSubprotocolAndCompression() throws Exception {
        var echo = new Echo();
        var options =
                WebSocketUpgrade.DEFAULTS
                        .withSubprotocol("chat")
                        .withDeflate(DeflateOptions.DEFAULTS);
        try (var server = TestServer.start(echo.with(options));
                var client = Http2Client.connect(server.port())) {
            int stream =
                    connect(
                            client,
                            "/socket",
                            "sec-websocket-protocol",
                            "chat",
                            "sec-websocket-extensions",
                            "permessage-deflate");
            assertThat(client.find(Http2Client.HEADERS, stream).fields())
                    .containsEntry("sec-websocket-protocol", "chat")
                    .containsEntry("sec-websocket-extensions", "permessage-deflate")
                    .doesNotContainKeys("upgrade", "connection", "sec-websocket-accept");
        }
    }

    @Test
    void theClosingHandshakeEndsTheStreamAndNotTheConnection() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int stream = open(client);
            client.data(stream, WsClient.masked(CLOSE, new byte[] {3, (byte) 0xE8}), false);
            assertThat(read(client, stream))
                    .isEqualTo(WsClient.frame(CLOSE, new byte[] {3, (byte) 0xE8}));
            client.find(frame -> frame.stream() == stream && frame.ends());
            client.data(stream, new byte[0], true);
            assertThat(get(echo.end)).isEqualTo("1000");
            assertThat(client.response(client.get("/page")).body()).isEqualTo("a page");
        }
    }

    @Test
    void aResetIsALostConnection() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            client.reset(open(client));
            assertThat(get(echo.end)).isEqualTo("1006");
            assertThat(client.response(client.get("/page")).body()).isEqualTo("a page");
        }
    }

    @Test
    void abortingResetsTheStream() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int stream = open(client);
            server.run(() -> get(echo.opened).abort());
            assertThat(client.resetOf(stream)).isPositive();
            assertThat(get(echo.end)).isEqualTo("1006");
        }
    }

    @Test
    void aPausedListenerHoldsTheClientBack() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int stream = open(client);
            server.run(() -> get(echo.opened).pause());
            var binary = WsClient.masked(0x82, new byte[16_000]);
            for (int i = 0; i < 16; i++) { // within the window
                client.data(stream, binary, false);
            }
            client.send(Http2Client.PING, 0, 0, new byte[8]);
            client.find(frame -> frame.type() == Http2Client.PING);
            assertThat(client.hasUnclaimed(Http2Client.WINDOW_UPDATE, stream)).isFalse();
            assertThat(echo.heard).hasValue(0);
            server.run(() -> get(echo.opened).resume());
            client.find(Http2Client.WINDOW_UPDATE, stream);
            server.await(() -> echo.heard.get() == 16);
        }
    }

    @Test
    void sendersWaitForTheClientsWindow() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client =
                        Http2Client.connect(server.port(), Http2Client.INITIAL_WINDOW_SIZE, 0)) {
            int stream = open(client);
            var sent = new AtomicInteger();
            server.loop()
                    .spawnCallback(() -> {
                        for (int i = 0; i < 10; i++) {
                            Async.await(get(echo.opened).send("x".repeat(50_000)));
                            sent.incrementAndGet();
                        }
                    });
            server.await(() -> sent.get() == 1);
            client.grant(0, 1 << 20).grant(stream, 1 << 20);
            var all = new ByteArrayOutputStream();
            while (all.size() < 10 * 50_000) {
                all.write(read(client, stream));
            }
            server.await(() -> sent.get() == 10);
        }
    }

    @Test
    void drainingSaysGoodbyeToWebSocketsOverStreams() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int stream = open(client);
            server.loop().spawnCallback(() -> server.server().drain(Duration.ofSeconds(20)));
            var farewell = read(client, stream);
            assertThat(Arrays.copyOf(farewell, 1)).isEqualTo(new byte[] {(byte) CLOSE});
            client.data(stream, WsClient.masked(CLOSE, new byte[] {3, (byte) 0xE9}), true);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whoAsksForAWebSocketWhereThereIsNoneIsNotMadeToBelieveThereIs() throws Exception {
        var echo = new Echo();
        try (var server = TestServer.start(echo.with(WebSocketUpgrade.DEFAULTS));
                var client = Http2Client.connect(server.port())) {
            int page = connect(client, "/page");
            assertThat(client.find(Http2Client.HEADERS, page).fields())
                    .containsEntry(":status", "400");
            int unknown =
                    client.head(
                            false,
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "chat",
                            ":scheme",
                            "https",
                            ":authority",
                            "test",
                            ":path",
                            "/socket");
            assertThat(client.find(Http2Client.HEADERS, unknown).fields())
                    .containsEntry(":status", "501");
            int plain = client.get("/socket");
            assertThat(client.response(plain).status()).isEqualTo(400);
        }
    }
}
