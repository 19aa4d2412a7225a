package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.realtime.websocket.Conversations.serve;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.realtime.websocket.Conversations.Echo;
import whirlwind.testing.VirtualTime;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

/** Pings that go out, and those that come. */
@Timeout(60)
class WebSocketPingTest {
    @Test
    void pingsAreAnswered() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new JdkClient(app, "/ws");
            client.socket.sendPing(ByteBuffer.wrap("hello".getBytes(UTF_8))).join();
            assertThat(client.told.take()).isEqualTo("pong 5");
        }
    }

    @Test
    void openConnectionsArePingedAndThoseThatAnswerStay() throws Exception {
        var pongs = new LinkedBlockingQueue<Integer>();
        var app =
                new Application(
                                ApplicationSettings.DEFAULTS.withWebsocketPingInterval(
                                        Duration.ofSeconds(10)))
                        .route(
                                "/ws",
                                () ->
                                        new Echo() {
                                            @Override
                                            protected void onPong(byte[] data) {
                                                pongs.add(data.length);
                                            }
                                        });
        var time = new VirtualTime();
        try (var loop = time.newLoop();
                var served = ServedApplication.on(loop, app)) {
            var client = new JdkClient(served, "/ws");
            for (int i = 0; i < 3; i++) {
                served.onLoop(() -> {
                    time.advance(Duration.ofSeconds(10));
                    return null;
                });
                pongs.take();
            }
            assertThat(client.say("still here").told.take()).isEqualTo("still here");
        }
    }

    @Test
    void aConnectionThatAnswersNoPingIsClosed() throws Exception {
        var opened = new CompletableFuture<Boolean>();
        var seen = new CompletableFuture<Integer>();
        var app =
                new Application(
                                ApplicationSettings.DEFAULTS.withWebsocketPingInterval(
                                        Duration.ofSeconds(1)))
                        .route(
                                "/ws",
                                () ->
                                        new WebSocketHandler() {
                                            @Override
                                            protected void open() {
                                                opened.complete(true);
                                            }

                                            @Override
                                            protected void onClose() {
                                                seen.complete(closeCode());
                                            }
                                        });
        var time = new VirtualTime();
        try (var loop = time.newLoop();
                var served = ServedApplication.on(loop, app);
                var socket = new java.net.Socket("127.0.0.1", served.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                    .getBytes(UTF_8));
            opened.get();
            served.onLoop(() -> {
                time.advance(Duration.ofSeconds(10));
                return null;
            });
            var all = socket.getInputStream().readAllBytes(); // until the server gives up
            assertThat(new String(all, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .contains("ping timed out");
            assertThat(seen.get()).isEqualTo(1006);
        }
    }

    @Test
    void aHandlerHasPingsOfItsOwn() throws Exception {
        var pongs = new LinkedBlockingQueue<Integer>();
        try (var app =
                serve(() ->
                        new Echo() {
                            @Override
                            protected Duration pingInterval() {
                                return Duration.ofMillis(20);
                            }

                            @Override
                            protected Duration pingTimeout() {
                                return Duration.ZERO;
                            }

                            @Override
                            protected void onPong(byte[] data) {
                                pongs.add(data.length);
                            }
                        })) {
            var client = new JdkClient(app, "/ws");
            pongs.take();
            pongs.take();
            assertThat(client.say("still here").told.take()).isEqualTo("still here");
        }
    }

    @Test
    void aHandlerThatIsBusyDoesNotLoseItsClient() throws Exception {
        var done = new CompletableFuture<Void>();
        var waits = new CompletableFuture<Void>();
        var app =
                new Application(
                                ApplicationSettings.DEFAULTS.withWebsocketPingInterval(
                                        Duration.ofSeconds(1)))
                        .route(
                                "/ws",
                                () ->
                                        new WebSocketHandler() {
                                            @Override
                                            protected void onMessage(String message) {
                                                waits.complete(null);
                                                Async.await(done);
                                                writeMessage(message);
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            var client = new JdkClient(served, "/ws");
            for (int i = 0; i < 100; i++) { // so many wait that nothing more is read, pongs too
                client.say("x".repeat(10_000));
            }
            waits.get();
            served.onLoop(() -> {
                Async.sleep(Duration.ofMillis(2500)); // two rounds of pings
                return null;
            });
            done.complete(null);
            for (int i = 0; i < 100; i++) {
                assertThat(client.told.take()).hasSize(10_000);
            }
        }
    }

    @Test
    void whoDoesNotOverrideOnPongHasNoCoroutineForIt() throws Exception {
        var open = new CompletableFuture<WebSocketHandler>();
        try (var app =
                serve(() ->
                        new Echo() {
                            @Override
                            protected void open() {
                                open.complete(this);
                            }

                            @Override
                            protected Duration pingInterval() {
                                return Duration.ZERO; // pings of ours would take coroutines
                            }
                        })) {
            var client = new JdkClient(app, "/ws");
            var handler = open.get();
            long before = app.onLoop(() -> app.loop().metrics().coroutinesStarted());
            client.socket.sendPong(ByteBuffer.allocate(3)).join();
            client.socket.sendPing(ByteBuffer.allocate(4)).join();
            assertThat(client.told.take()).isEqualTo("pong 4");
            long after = app.onLoop(() -> app.loop().metrics().coroutinesStarted());
            assertThat(after - before).isEqualTo(1); // the one that asks
            assertThat(handler.toString()).endsWith("(open)");
        }
    }

    @Test
    void aPingOfMoreThan125BytesIsRefused() throws Exception {
        var refused = new CompletableFuture<String>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                try {
                                    ping(new byte[126]);
                                } catch (IllegalArgumentException e) {
                                    refused.complete(e.getMessage());
                                }
                            }
                        })) {
            new JdkClient(app, "/ws");
            assertThat(refused.get()).isEqualTo("ping: 126 bytes (at most 125)");
        }
    }
}
