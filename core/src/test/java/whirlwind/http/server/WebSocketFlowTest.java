package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** One end that is quicker than the other. */
class WebSocketFlowTest {
    private static final int TEXT = 1;

    private static WsClient open(TestServer server) throws Exception {
        return WsClient.open(server.connect(), "");
    }

    @Test
    void aPausedConnectionStillClosesProperly() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = open(server)) {
            server.run(echo.connection::pause);
            client.send(TEXT, "never heard");
            server.run(() -> echo.connection.close(1000, ""));
            assertThat(client.read()).isEqualTo(WsClient.frame(0x88, WsClient.closing(1000, "")));
            client.sendRaw(WsClient.masked(0x88, WsClient.closing(1000, "")));
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(echo.end()).isEqualTo("1000 ");
        }
    }

    @Test
    void aPausedConnectionHearsNothingUntilItGoesOn() throws Exception {
        var connections = new CompletableFuture<WebSocketConnection>();
        var recorder =
                new WsRecorder() {
                    @Override
                    public void message(WebSocketMessage message) {
                        super.message(message);
                        connections.join().pause(); // one at a time
                    }
                };
        try (var server =
                        TestServer.start(exchange -> {
                            var connection = exchange.upgrade(WebSocketUpgrade.DEFAULTS);
                            connections.complete(connection);
                            connection.listen(recorder);
                        });
                var client = open(server)) {
            client.sendRaw(
                    WsClient.joined(
                            WsClient.masked(0x81, "1"),
                            WsClient.masked(0x81, "2"),
                            WsClient.masked(0x81, "3")));
            for (int n = 1; n <= 3; n++) {
                int expected = n;
                server.await(() -> recorder.heard.size() >= expected);
                server.run(Async::moment);
                server.run(() -> {
                    assertThat(recorder.heard).hasSize(expected);
                    connections.join().resume();
                });
            }
            client.send(TEXT, "4");
            server.await(() -> recorder.heard.size() == 4);
        }
    }

    @Test
    void aSlowClientSlowsItsSender() throws Exception {
        var echo = new WsEcho();
        try (var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS));
                var client = WsClient.open(RawClient.connect(server.port(), 4096), "")) {
            var message = new WebSocketMessage.Binary(new byte[10_000_000]);
            var sent = server.call(() -> List.of(echo.connection.send(message)));
            assertThat(sent.getFirst()).isNotDone();
            for (int i = 0; i < 10_000_010; i++) {
                client.readByte();
            }
            sent.getFirst().get(10, TimeUnit.SECONDS);
            var lost = server.call(() -> List.of(echo.connection.send(message)));
            client.close();
            assertThat(lost.getFirst())
                    .failsWithin(java.time.Duration.ofSeconds(10))
                    .withThrowableThat()
                    .withCauseInstanceOf(WebSocketClosedException.class);
        }
    }

    @Test
    void aSenderThatDoesNotWaitLosesTheConnection() throws Exception {
        var echo = new WsEcho();
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(1_000_000);
        try (var logs = LogCapture.of(WebSocketChannel.class);
                var server = TestServer.start(echo.handler(WebSocketUpgrade.DEFAULTS), options);
                var client = WsClient.open(RawClient.connect(server.port(), 4096), "")) {
            server.run(() -> {
                while (echo.connection.isOpen()) {
                    echo.connection.send(new WebSocketMessage.Binary(new byte[100_000]));
                }
            });
            assertThat(echo.end()).isEqualTo("1006 ");
            client.drain();
            assertThat(logs.lines()).singleElement().asString().contains("without awaiting");
        }
    }
}
