package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

@Timeout(60)
class WebSocketHandlerTest {
    /** A client of the JDK that collects what it is told. */
    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final WebSocket socket;
        private final StringBuilder text = new StringBuilder();

        Client(ServedApplication app, String path, String... subprotocols) {
            var builder = app.client().newWebSocketBuilder();
            if (subprotocols.length > 0) {
                builder.subprotocols(
                        subprotocols[0],
                        List.of(subprotocols)
                                .subList(1, subprotocols.length)
                                .toArray(String[]::new));
            }
            var uri = URI.create("ws://127.0.0.1:" + app.port() + path);
            socket = builder.buildAsync(uri, this).join();
        }

        Client say(String message) {
            socket.sendText(message, true).join();
            return this;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                told.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            told.add("binary " + data.remaining());
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            told.add("pong " + message.remaining());
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            told.add("closed " + statusCode + " " + reason);
            return null;
        }
    }

    private static ServedApplication serve(Supplier<WebSocketHandler> handler) {
        return ServedApplication.of(new Application().route("/ws", handler));
    }

    private static class Echo extends WebSocketHandler {
        @Override
        protected void onMessage(String message) throws Exception {
            writeMessage(message);
        }

        @Override
        protected void onMessage(byte[] message) throws Exception {
            writeMessage(message);
        }
    }

    @Test
    void textAndBinaryMessagesGoBothWays() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new Client(app, "/ws").say("grüß dich");
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
    void pingsAreAnswered() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new Client(app, "/ws");
            client.socket.sendPing(ByteBuffer.wrap("hello".getBytes(UTF_8))).join();
            assertThat(client.told.take()).isEqualTo("pong 5");
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
            var client = new Client(app, "/ws").say("slow").say("quick");
            goOn.complete(null);
            assertThat(List.of(client.told.take(), client.told.take(), client.told.take()))
                    .containsExactly("open", "slow", "quick");
        }
    }

    @Test
    void aQuietConnectionKeepsNoCoroutine() throws Exception {
        try (var app = serve(Echo::new)) {
            var client = new Client(app, "/ws").say("hello");
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
            var told = new Client(app, "/ws").say("close").told.take();
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
            new Client(app, "/ws").socket.sendClose(1001, "goodbye").join();
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
            var client = new Client(app, "/ws").say("one").say("two").say("three");
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
            var client = new Client(app, "/ws").say("wait");
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
            assertThat(new Client(app, "/ws").say("go").told.take()).isEqualTo("closed 1011 ");
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
            new Client(app, "/ws").socket.sendClose(1000, "").join();
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
                assertThat(new Client(app, "/ws").told.take()).isEqualTo("hello ".repeat(100));
            }
        }
    }

    @Test
    void theSubprotocolIsChosenFromTheOffer() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected String selectSubprotocol(List<String> offered) {
                                return offered.contains("v2") ? "v2" : null;
                            }

                            @Override
                            protected void open() {
                                writeMessage(String.valueOf(selectedSubprotocol()));
                            }
                        })) {
            var client = new Client(app, "/ws", "v1", "v2");
            assertThat(client.socket.getSubprotocol()).isEqualTo("v2");
            assertThat(client.told.take()).isEqualTo("v2");
            assertThat(new Client(app, "/ws", "v1").told.take()).isEqualTo("null");
        }
    }

    @Test
    void pagesOfOtherSitesAreRefused() throws Exception {
        try (var app = serve(Echo::new)) {
            assertThat(handshake(app, "Origin: http://evil.example\r\n"))
                    .startsWith("HTTP/1.1 403 ");
            assertThat(handshake(app, "Origin: null\r\n")).startsWith("HTTP/1.1 403 ");
            assertThat(handshake(app, "Origin: http://127.0.0.1\r\n")).startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    void pagesOfTheSameSiteAreWelcomeInAnyCase() throws Exception {
        try (var app = ServedApplication.of(new Application().route("/ws", Echo::new));
                var socket = new java.net.Socket("127.0.0.1", app.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /ws HTTP/1.1\r\nHost: LocalHost:1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                                            + "Origin: http://localhost:1\r\n\r\n")
                                    .getBytes(UTF_8));
            var reader =
                    new java.io.BufferedReader(
                            new java.io.InputStreamReader(socket.getInputStream(), UTF_8));
            assertThat(reader.readLine()).startsWith("HTTP/1.1 101 ");
        }
    }

    private static String handshake(ServedApplication app, String header) throws Exception {
        return app.raw(
                "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:"
                        + app.port()
                        + "\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade, close\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + header
                        + "\r\n");
    }

    @Test
    void aRequestThatIsNoHandshakeIsABadRequest() throws Exception {
        try (var app = serve(Echo::new)) {
            assertThat(app.get("/ws").statusCode()).isEqualTo(400);
            assertThat(app.send("POST", "/ws", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void prepareMayRefuse() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void prepare() {
                                Async.moment();
                                throw new whirlwind.web.HttpError(401);
                            }
                        })) {
            assertThatThrownBy(() -> new Client(app, "/ws"))
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
        }
    }

    @Test
    void aMessageBeyondTheLimitClosesTheConnection() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withWebsocketMaxMessageSize(1024))
                        .route("/ws", Echo::new);
        try (var served = ServedApplication.of(app)) {
            var atLimit = new Client(served, "/ws").say("x".repeat(1024));
            assertThat(atLimit.told.take()).hasSize(1024);
            assertThat(new Client(served, "/ws").say("x".repeat(1025)).told.take())
                    .startsWith("closed 1009");
        }
    }

    @Test
    void openConnectionsArePingedAndThoseThatAnswerStay() throws Exception {
        var pongs = new LinkedBlockingQueue<Integer>();
        var app =
                new Application(
                                ApplicationSettings.DEFAULTS.withWebsocketPingInterval(
                                        Duration.ofMillis(500)))
                        .route(
                                "/ws",
                                () ->
                                        new Echo() {
                                            @Override
                                            protected void onPong(byte[] data) {
                                                pongs.add(data.length);
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            var client = new Client(served, "/ws");
            for (int i = 0; i < 2; i++) {
                pongs.take();
            }
            assertThat(client.say("still here").told.take()).isEqualTo("still here");
        }
    }

    @Test
    void aConnectionThatAnswersNoPingIsClosed() throws Exception {
        var seen = new CompletableFuture<Integer>();
        var app =
                new Application(
                                ApplicationSettings.DEFAULTS.withWebsocketPingInterval(
                                        Duration.ofMillis(5)))
                        .route(
                                "/ws",
                                () ->
                                        new WebSocketHandler() {
                                            @Override
                                            protected void onClose() {
                                                seen.complete(closeCode());
                                            }
                                        });
        try (var served = ServedApplication.of(app);
                var socket = new java.net.Socket("127.0.0.1", served.port())) {
            socket.getOutputStream()
                    .write(
                            ("GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                                    .getBytes(UTF_8));
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
            var client = new Client(app, "/ws");
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
                                        Duration.ofMillis(250)))
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
            var client = new Client(served, "/ws");
            for (int i = 0; i < 100; i++) { // so many wait that nothing more is read, pongs too
                client.say("x".repeat(10_000));
            }
            waits.get();
            served.onLoop(() -> {
                Async.sleep(Duration.ofSeconds(1)); // four rounds of pings
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
                        })) {
            var client = new Client(app, "/ws");
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
    void aMapIsSentAsJson() throws Exception {
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                writeMessage(java.util.Map.of("answer", 42));
                            }
                        })) {
            assertThat(new Client(app, "/ws").told.take()).isEqualTo("{\"answer\":42}");
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
            var client = new Client(app, "/ws");
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
            var client = new Client(app, "/ws");
            client.socket.sendText("x".repeat(300_000), false).join();
            client.socket.sendText("y".repeat(300_000), true).join();
            assertThat(client.told.take()).isEqualTo("characters: 600000");
            var other = new Client(app, "/ws");
            other.socket.sendBinary(ByteBuffer.allocate(7), true).join();
            assertThat(other.told.take()).isEqualTo("binary 7");
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
            new Client(app, "/ws");
            assertThat(refused.get()).isEqualTo("ping: 126 bytes (at most 125)");
        }
    }

    // ---- reading as a sequence ----

    /** Greets whom the first message names, echoes the others, and tells what it saw. */
    private static final class Reader extends WebSocketHandler {
        private final BlockingQueue<String> seen;

        Reader(BlockingQueue<String> seen) {
            this.seen = seen;
        }

        @Override
        protected void open() throws Exception {
            if (readMessage() instanceof WebSocketMessage.Text(var name)) {
                writeMessage("hello, " + name);
            }
            while (readMessage() instanceof WebSocketMessage.Text(var text)) {
                writeMessage(text);
            }
            seen.add("end of open");
        }

        @Override
        protected void onMessage(String message) {
            seen.add("onMessage " + message);
        }

        @Override
        protected void onPing(byte[] data) {
            seen.add("ping " + data.length);
        }

        @Override
        protected void onClose() {
            seen.add("onClose " + closeCode());
        }
    }

    @Test
    void readMessageTakesMessagesInOrderAndEndsWithTheConversation() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var served =
                ServedApplication.of(new Application().route("/ws", () -> new Reader(seen)))) {
            var client = new Client(served, "/ws");
            client.say("Ann").say("one").say("two");
            assertThat(List.of(client.told.take(), client.told.take(), client.told.take()))
                    .containsExactly("hello, Ann", "one", "two");
            client.socket.sendClose(1000, "").join();
            assertThat(seen.take()).isEqualTo("end of open");
            assertThat(seen.take()).isEqualTo("onClose 1000");
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void controlMessagesAreHandledWhileReadMessageWaits() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var served =
                ServedApplication.of(new Application().route("/ws", () -> new Reader(seen)))) {
            var client = new Client(served, "/ws");
            client.socket.sendPing(ByteBuffer.wrap(new byte[3])).join();
            assertThat(seen.take()).isEqualTo("ping 3");
            assertThat(client.say("Bob").told.take()).isEqualTo("pong 3");
            assertThat(client.told.take()).isEqualTo("hello, Bob");
        }
    }

    @Test
    void readMessageCanBeGivenUpAndMessagesGoToTheCallbackThen() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var served =
                ServedApplication.of(
                        new Application()
                                .route(
                                        "/ws",
                                        () ->
                                                new Echo() {
                                                    @Override
                                                    protected void open() {
                                                        try {
                                                            Async.withTimeout(
                                                                    Duration.ofMillis(5),
                                                                    this::readMessage);
                                                        } catch (AsyncTimeoutException e) {
                                                            seen.add("timeout");
                                                        }
                                                    }
                                                }))) {
            var client = new Client(served, "/ws");
            assertThat(seen.take()).isEqualTo("timeout");
            assertThat(client.say("to the callback").told.take()).isEqualTo("to the callback");
        }
    }

    @Test
    void readMessageLetsGoOfTheRequestAndKeepsTheApplication() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        var app = new Application();
        app.route(
                "/ws",
                () ->
                        new Echo() {
                            @Override
                            protected void open() throws Exception {
                                seen.add(request().path());
                                readMessage();
                                assertThatThrownBy(this::request)
                                        .isInstanceOf(IllegalStateException.class);
                                seen.add("application " + (application() == app));
                            }
                        });
        try (var served = ServedApplication.of(app)) {
            new Client(served, "/ws").say("go on");
            assertThat(seen.take()).isEqualTo("/ws");
            assertThat(seen.take()).isEqualTo("application true");
        }
    }

    @Test
    void readMessageInAnotherCoroutineIsRefused() throws Exception {
        var failure = new CompletableFuture<String>();
        try (var served =
                ServedApplication.of(
                        new Application()
                                .route(
                                        "/ws",
                                        () ->
                                                new Echo() {
                                                    @Override
                                                    protected void open() {
                                                        Async.spawn(this::read);
                                                    }

                                                    private void read() throws Exception {
                                                        try {
                                                            readMessage();
                                                        } catch (IllegalStateException e) {
                                                            failure.complete(e.getMessage());
                                                        }
                                                    }
                                                }))) {
            new Client(served, "/ws");
            assertThat(failure.get()).contains("readMessage is for the coroutine that runs open()");
        }
    }
}
