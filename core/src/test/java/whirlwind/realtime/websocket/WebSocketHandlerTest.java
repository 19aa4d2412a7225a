package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.realtime.websocket.Conversations.serve;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.realtime.websocket.Conversations.Echo;
import whirlwind.testing.LogCapture;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

@Timeout(60)
class WebSocketHandlerTest {
    @Test
    void textAndBinaryMessagesGoBothWays() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new JdkClient(app, "/ws").say("grüß dich");
            assertThat(client.told.take()).isEqualTo("grüß dich");
            client.socket.sendBinary(ByteBuffer.allocate(70_000), true).join();
            int received = 0;
            while (received < 70_000) {
                received += Integer.parseInt(client.told.take().substring("binary ".length()));
            }
            assertThat(received).isEqualTo(70_000);
        }
    }

    @Test
    void messagesWaitForOpenAndForOneAnother() throws Exception {
        var goOn = new CompletableFuture<Void>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                Async.await(goOn);
                                writeMessage("open");
                            }

                            @Override
                            protected void onMessage(String message) {
                                if (message.equals("slow")) {
                                    Async.sleep(Duration.ofMillis(5));
                                }
                                writeMessage(message);
                            }
                        })) {
            var client = new JdkClient(app, "/ws").say("slow").say("quick");
            goOn.complete(null);
            assertThat(List.of(client.told.take(), client.told.take(), client.told.take()))
                    .containsExactly("open", "slow", "quick");
        }
    }

    @Test
    void aQuietConnectionKeepsNoCoroutine() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new JdkClient(app, "/ws").say("hello");
            assertThat(client.told.take()).isEqualTo("hello");
            // One: the coroutine that asks.
            int coroutines =
                    app.onLoop(() -> {
                        while (app.loop().tasks().size() > 1) {
                            Async.moment();
                        }
                        return app.loop().tasks().size();
                    });
            assertThat(coroutines).isEqualTo(1);
        }
    }

    @Test
    void closeCodesAndReasonsGoBothWays() throws Exception {
        var seen = new CompletableFuture<String>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onMessage(String message) {
                                close(4001, "enough");
                            }

                            @Override
                            protected void onClose() {
                                seen.complete(closeCode() + " " + closeReason());
                            }
                        })) {
            var told = new JdkClient(app, "/ws").say("close").told.take();
            assertThat(told).isEqualTo("closed 4001 enough");
            assertThat(seen.get()).startsWith("4001");
        }
    }

    @Test
    void onCloseIsToldTheClientsCode() throws Exception {
        var seen = new CompletableFuture<String>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onClose() {
                                seen.complete(closeCode() + " " + closeReason());
                            }
                        })) {
            new JdkClient(app, "/ws").socket.sendClose(1001, "goodbye").join();
            assertThat(seen.get()).isEqualTo("1001 goodbye");
        }
    }

    @Test
    void messagesThatArrivedBeforeTheEndAreHandledBeforeOnClose() throws Exception {
        var seen = new CompletableFuture<List<String>>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            private final List<String> messages = new java.util.ArrayList<>();

                            @Override
                            protected void onMessage(String message) {
                                messages.add(message);
                            }

                            @Override
                            protected void onClose() {
                                seen.complete(messages);
                            }
                        })) {
            var client = new JdkClient(app, "/ws").say("one").say("two").say("three");
            client.socket.sendClose(1000, "").join();
            assertThat(seen.get()).containsExactly("one", "two", "three");
        }
    }

    @Test
    void aVanishedClientEndsWhatRunsAndOnCloseFollowsOnce() throws Exception {
        var waiting = new CompletableFuture<Void>();
        var ends = new LinkedBlockingQueue<String>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onMessage(String message) {
                                waiting.complete(null);
                                try {
                                    Async.await(new CompletableFuture<>());
                                } finally {
                                    ends.add("cancelled");
                                }
                            }

                            @Override
                            protected void onClose() {
                                ends.add("closed " + closeCode());
                            }
                        })) {
            var client = new JdkClient(app, "/ws").say("wait");
            waiting.get();
            client.socket.abort();
            assertThat(ends.take()).isEqualTo("cancelled");
            assertThat(ends.take()).isEqualTo("closed 1006");
            app.onLoop(() -> {
                Async.moment();
                return null;
            });
            assertThat(ends).isEmpty();
        }
    }

    /** As when a page is closed: its last words and the end of its connection come at once. */
    @Test
    void aMessageThatComesTogetherWithTheEndIsHandledAndOnCloseFollows() throws Exception {
        var told = new LinkedBlockingQueue<String>();
        try (var app =
                        serve(() ->
                                new WebSocketHandler() {
                                    @Override
                                    protected void open() {
                                        told.add("open");
                                    }

                                    @Override
                                    protected void onMessage(String message) {
                                        told.add(message);
                                    }

                                    @Override
                                    protected void onClose() {
                                        told.add("closed " + closeCode());
                                    }
                                });
                var socket = new java.net.Socket("127.0.0.1", app.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                    .getBytes(UTF_8));
            assertThat(told.take()).isEqualTo("open");
            app.onLoop(() -> { // which looks at neither of the two meanwhile
                socket.getOutputStream()
                        .write(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
                socket.close();
                return null;
            });
            assertThat(told.take()).isEqualTo("hi");
            assertThat(told.take()).isEqualTo("closed 1006");
        }
    }

    /** Whether it is quiet, waits for something, reads, or hasn't even begun. */
    @ParameterizedTest
    @ValueSource(strings = {"quiet", "wait", "read"})
    void onCloseRunsWhenTheLoopCloses(String what) throws Exception {
        var open = new CompletableFuture<Void>();
        var told = new LinkedBlockingQueue<String>();
        class Telling extends WebSocketHandler {
            @Override
            protected void open() throws Exception {
                open.complete(null);
                while (what.equals("read") && readMessage() != null) {}
                if (what.equals("wait")) {
                    Async.await(new CompletableFuture<>());
                }
            }

            @Override
            protected void onClose() {
                Async.sleep(Duration.ofMillis(1));
                told.add("closed");
            }
        }
        try (var app = serve(Telling::new)) {
            new JdkClient(app, "/ws");
            open.get();
            app.onLoop(() -> {
                Async.moment();
                return true;
            });
        }
        assertThat(told).containsExactly("closed");
    }

    /** Nobody has cancelled the conversation. */
    @Test
    void aCancellationOfSomethingElseIsAFailureLikeOthers() throws Exception {
        try (var logs = LogCapture.of(WebSocketHandler.class);
                var app =
                        serve(() ->
                                new WebSocketHandler() {
                                    @Override
                                    protected void onMessage(String message) {
                                        var other =
                                                Async.spawn(() -> Async.sleep(Duration.ofDays(1)));
                                        Async.moment();
                                        other.cancel();
                                        Async.await(other);
                                    }
                                })) {
            assertThat(new JdkClient(app, "/ws").say("go").told.take()).isEqualTo("closed 1011 ");
            assertThat(logs.lines()).hasSize(1);
        }
    }

    @Test
    void aFailureClosesTheConnectionWithoutTellingWhy() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onMessage(String message) {
                                Async.moment();
                                throw new IllegalStateException("secret");
                            }
                        })) {
            assertThat(new JdkClient(app, "/ws").say("go").told.take()).isEqualTo("closed 1011 ");
        }
    }

    @Test
    void anErrorIsAFailureLikeOthers() throws Exception {
        var closed = new CompletableFuture<Integer>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onMessage(String message) {
                                throw new Error("secret");
                            }

                            @Override
                            protected void onClose() {
                                closed.complete(closeCode());
                            }
                        })) {
            assertThat(new JdkClient(app, "/ws").say("go").told.take()).isEqualTo("closed 1011 ");
            assertThat(closed.get()).isEqualTo(1011);
        }
    }

    @Test
    void writingToAClosedConnectionIsRefused() throws Exception {
        var refused = new CompletableFuture<Throwable>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onClose() {
                                try {
                                    Async.await(writeMessage("too late"));
                                } catch (WebSocketClosedException e) {
                                    refused.complete(e);
                                }
                            }
                        })) {
            new JdkClient(app, "/ws").socket.sendClose(1000, "").join();
            assertThat(refused.get()).isInstanceOf(WebSocketClosedException.class);
        }
    }

    @Test
    void aPreparedMessageReachesManyCompressedOrNot() throws Exception {
        var hello = new PreparedMessage(new WebSocketMessage.Text("hello ".repeat(100)));
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected DeflateOptions getCompressionOptions() {
                                return DeflateOptions.DEFAULTS;
                            }

                            @Override
                            protected void open() {
                                writeMessage(hello);
                            }
                        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(new JdkClient(app, "/ws").told.take()).isEqualTo("hello ".repeat(100));
            }
        }
    }

    @Test
    void aMessageBeyondTheLimitClosesTheConnection() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withWebsocketMaxMessageSize(1024))
                        .route("/ws", Echo::new);
        try (var served = ServedApplication.of(app)) {
            var atLimit = new JdkClient(served, "/ws").say("x".repeat(1024));
            assertThat(atLimit.told.take()).hasSize(1024);
            assertThat(new JdkClient(served, "/ws").say("x".repeat(1025)).told.take())
                    .startsWith("closed 1009");
        }
    }

    @Test
    void aMapIsSentAsJson() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                writeMessage(java.util.Map.of("answer", 42));
                            }
                        })) {
            assertThat(new JdkClient(app, "/ws").told.take()).isEqualTo("{\"answer\":42}");
        }
    }

    @Test
    void trySendTellsWhetherTheClientGetsIt() throws Exception {
        var results = new LinkedBlockingQueue<SendResult>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                results.add(trySend("text"));
                                results.add(trySend(new byte[3]));
                                results.add(
                                        trySend(
                                                new PreparedMessage(
                                                        new WebSocketMessage.Text("for many"))));
                            }

                            @Override
                            protected void onClose() {
                                results.add(trySend("too late"));
                            }
                        })) {
            var client = new JdkClient(app, "/ws");
            assertThat(List.of(client.told.take(), client.told.take(), client.told.take()))
                    .containsExactly("text", "binary 3", "for many");
            client.socket.sendClose(1000, "").join();
            assertThat(List.of(results.take(), results.take(), results.take(), results.take()))
                    .containsExactly(
                            SendResult.SENT, SendResult.SENT, SendResult.SENT, SendResult.DROPPED);
        }
    }

    @Test
    void longMessagesComeAndGoInParts() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            private int length;

                            @Override
                            protected boolean receivesParts() {
                                return true;
                            }

                            @Override
                            protected void onPart(String part, boolean last) {
                                length += part.length();
                                if (last) {
                                    Async.await(writePart("characters: ", false));
                                    writePart(String.valueOf(length), true);
                                }
                            }

                            @Override
                            protected void onPart(byte[] part, boolean last) {
                                length += part.length;
                                if (last) {
                                    writePart(new byte[length], false);
                                    writePart(new byte[0], true);
                                }
                            }
                        })) {
            var client = new JdkClient(app, "/ws");
            client.socket.sendText("x".repeat(300_000), false).join();
            client.socket.sendText("y".repeat(300_000), true).join();
            assertThat(client.told.take()).isEqualTo("characters: 600000");
            var other = new JdkClient(app, "/ws");
            other.socket.sendBinary(ByteBuffer.allocate(7), true).join();
            assertThat(other.told.take()).isEqualTo("binary 7");
        }
    }

    @Test
    void aMessageThatEndsWithAnEmptyPartIsNotReferredToWithoutContextTakeover() throws Exception {
        var alone = new DeflateOptions(-1, true, true);
        try (var app =
                Conversations.serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected DeflateOptions getCompressionOptions() {
                                return alone;
                            }

                            @Override
                            protected void open() {
                                writePart("the same again", false);
                                writePart("", true);
                                writeMessage("the same again");
                            }
                        })) {
            Conversations.talk(
                    app,
                    WebSocketClientOptions.DEFAULTS.withDeflate(alone),
                    socket -> {
                        assertThat(Conversations.readText(socket)).isEqualTo("the same again");
                        assertThat(Conversations.readText(socket)).isEqualTo("the same again");
                    });
        }
    }
}
