package whirlwind.realtime.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.realtime.websocket.Conversations.frame;
import static whirlwind.realtime.websocket.Conversations.joined;
import static whirlwind.realtime.websocket.Conversations.readText;
import static whirlwind.realtime.websocket.Conversations.serve;
import static whirlwind.realtime.websocket.Conversations.switched;
import static whirlwind.realtime.websocket.Conversations.talk;
import static whirlwind.realtime.websocket.Conversations.unmasked;
import static whirlwind.realtime.websocket.Conversations.url;
import static whirlwind.realtime.websocket.Conversations.withScripted;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpTimeoutException;
import whirlwind.http.client.ScriptedServer;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/** How a WebSocket is opened, and what a server may not do. */
@Timeout(60)
class WebSocketClientHandshakeTest {
    private static final WebSocketClientOptions DEFAULTS = WebSocketClientOptions.DEFAULTS;

    // ---- opening ----

    @Test
    void theRequestsHeadersAreSentAndTheAnswersKept() throws Exception {
        try (var app =
                serve(() ->
                        new Conversations.Echo() {
                            @Override
                            protected void prepare() {
                                setHeader("X-Answer", "to " + request().headers().get("X-Test"));
                            }
                        })) {
            app.onLoop(() -> {
                var request = HttpRequest.of(url(app)).withHeader("X-Test", "hello");
                try (var socket = Async.await(WebSocketClient.connect(request, DEFAULTS))) {
                    assertThat(socket.headers().get("X-Answer")).isEqualTo("to hello");
                    assertThat(socket.headers().get("Upgrade")).isEqualTo("websocket");
                }
                assertThat(request.headers().contains("Upgrade")).isFalse();
                return null;
            });
        }
    }

    @Test
    void theSubprotocolIsTheServersChoice() throws Exception {
        try (var app =
                serve(() ->
                        new Conversations.Echo() {
                            @Override
                            protected String selectSubprotocol(List<String> offered) {
                                return offered.contains("good") ? "good" : null;
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS.withSubprotocols("bad", "good"),
                    socket -> assertThat(socket.selectedSubprotocol()).isEqualTo("good"));
            talk(
                    app,
                    DEFAULTS.withSubprotocols("bad"),
                    socket -> assertThat(socket.selectedSubprotocol()).isNull());
        }
    }

    @Test
    void otherSchemesAreRefusedBeforeAnythingIsSent() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            for (var wrong :
                    List.of("http://127.0.0.1/", "ftp://127.0.0.1/", "127.0.0.1", "ws:x")) {
                assertThatThrownBy(
                                () -> app.onLoop(() -> Async.await(WebSocketClient.connect(wrong))))
                        .hasCauseInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("URL");
            }
        }
    }

    @Test
    void anOrdinaryResponseIsAFailureThatHasIt() throws Exception {
        var application =
                new Application()
                        .route(
                                "/plain",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                write("no socket here");
                                            }
                                        })
                        .route(
                                "/moved",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                redirect("/ws");
                                            }
                                        })
                        .route("/ws", Conversations.Echo::new);
        try (var app = ServedApplication.of(application)) {
            for (var expected : Map.of("/plain", 200, "/moved", 302, "/nothing", 404).entrySet()) {
                var failure = refusal(app.port(), expected.getKey());
                assertThat(failure.code()).isEqualTo(expected.getValue());
                assertThat(failure)
                        .hasMessageContaining("HTTP " + expected.getValue())
                        .hasMessageContaining("instead of a WebSocket");
            }
            assertThat(refusal(app.port(), "/plain").response().text()).isEqualTo("no socket here");
        }
    }

    private static WebSocketHandshakeException refusal(int port, String path) throws Exception {
        try (var app = ServedApplication.of(new Application())) {
            return app.onLoop(() -> {
                try {
                    Async.await(WebSocketClient.connect("ws://127.0.0.1:" + port + path));
                    throw new AssertionError("connected");
                } catch (WebSocketHandshakeException expected) {
                    return expected;
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Upgrade: h2c                   | Upgrade doesn't say websocket",
                "Connection: keep-alive         | Connection doesn't say upgrade",
                "Sec-WebSocket-Accept: AAAA     | doesn't fit the key",
                "Sec-WebSocket-Protocol: odd    | not offered",
                "Sec-WebSocket-Extensions: odd  | not offered",
                "Sec-WebSocket-Extensions: permessage-deflate | not offered"
            })
    void anAnswerToAnotherQuestionIsAFailure(String field, String complaint) throws Exception {
        try (var server = new ScriptedServer(peer -> peer.write(switched(peer, field)))) {
            var failure = refusal(server.port(), "/");
            assertThat(failure).hasMessageContaining(complaint);
            assertThat(failure.response()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; unknown",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate, permessage-deflate"
            })
    void compressionThatWasNotOfferedIsAFailure(String extensions) throws Exception {
        var field = "Sec-WebSocket-Extensions: " + extensions;
        try (var server = new ScriptedServer(peer -> peer.write(switched(peer, field)))) {
            assertThatThrownBy(() ->
                            withScripted(
                                    server,
                                    DEFAULTS.withDeflate(DeflateOptions.DEFAULTS),
                                    socket -> {}))
                    .hasCauseInstanceOf(WebSocketHandshakeException.class)
                    .hasMessageContaining("extension");
        }
    }

    @Test
    void nobodyThereIsTheNetworksFailure() throws Exception {
        int free;
        try (var socket = new java.net.ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (var app = ServedApplication.of(new Application())) {
            assertThatThrownBy(() ->
                            app.onLoop(() ->
                                    Async.await(
                                            WebSocketClient.connect(
                                                    "ws://127.0.0.1:" + free + "/"))))
                    .hasCauseInstanceOf(ConnectFailedException.class);
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsATimeout() throws Exception {
        try (var server = new ScriptedServer(ScriptedServer.Peer::awaitClose);
                var app = ServedApplication.of(new Application())) {
            var request =
                    HttpRequest.of("ws://127.0.0.1:" + server.port() + "/")
                            .withRequestTimeout(Duration.ofSeconds(1));
            assertThatThrownBy(() ->
                            app.onLoop(
                                    () -> Async.await(WebSocketClient.connect(request, DEFAULTS))))
                    .hasCauseInstanceOf(HttpTimeoutException.class)
                    .hasMessageContaining("waiting for the response");
        }
    }

    @Test
    void connectingCanBeGivenUp() throws Exception {
        var gone = new CompletableFuture<Void>();
        try (var server =
                        new ScriptedServer(peer -> {
                            peer.readHead();
                            peer.awaitClose();
                            gone.complete(null);
                        });
                var app = ServedApplication.of(new Application())) {
            app.onLoop(() -> {
                var connecting = WebSocketClient.connect("ws://127.0.0.1:" + server.port() + "/");
                while (server.heads().isEmpty()) {
                    Async.moment();
                }
                connecting.cancel(true);
                assertThatThrownBy(() -> Async.await(connecting))
                        .isInstanceOf(CancellationException.class);
                return null;
            });
            gone.get();
        }
    }

    @Test
    void whatComesWithTheAnswerIsNotLost() throws Exception {
        try (var server =
                new ScriptedServer(peer -> {
                    var answer = switched(peer, "");
                    peer.write(joined(answer, frame(0x81, "early")));
                    peer.awaitClose();
                })) {
            withScripted(
                    server, DEFAULTS, socket -> assertThat(readText(socket)).isEqualTo("early"));
        }
    }

    // ---- what a server may not do ----

    @ParameterizedTest
    @CsvSource({
        "1002, frame masked, 8180000000 00",
        "1002, reserved bit set, C100",
        "1002, unknown opcode, 8300",
        "1002, control frame fragmented, 0900",
        "1002, nothing to continue, 8000",
        "1002, malformed close frame, 880100",
        "1002, invalid close code, 880203E7",
        "1007, text is not UTF-8, 8102C328",
        "1007, text is not UTF-8, 0102C328",
        "1009, message too big, 827E2711"
    })
    void aServerThatBreaksTheRulesIsToldAndLeft(int code, String reason, String hex)
            throws Exception {
        var told = new CompletableFuture<String>();
        var frame = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        try (var server =
                new ScriptedServer(peer -> {
                    peer.write(joined(switched(peer, ""), frame));
                    told.complete(peer.read(8 + reason.length()));
                })) {
            withScripted(
                    server,
                    DEFAULTS.withMaxMessageSize(10_000),
                    socket -> {
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(code);
                    });
            var bytes = told.get().getBytes(ISO_8859_1);
            assertThat(bytes[0]).isEqualTo((byte) 0x88);
            var payload = unmasked(bytes, 0);
            assertThat((payload[0] & 0xFF) << 8 | (payload[1] & 0xFF)).isEqualTo(code);
            assertThat(new String(payload, 2, payload.length - 2, UTF_8)).isEqualTo(reason);
        }
    }

    @Test
    void eachFrameHasAMaskOfItsOwn() throws Exception {
        var masks = new LinkedBlockingQueue<String>();
        try (var server =
                new ScriptedServer(peer -> {
                    peer.write(switched(peer, ""));
                    for (int i = 0; i < 100; i++) {
                        var frame = peer.read(7).getBytes(ISO_8859_1);
                        assertThat(frame[1]).isEqualTo((byte) 0x81);
                        assertThat(unmasked(frame, 0)).containsExactly('x');
                        masks.add(new String(frame, 2, 4, ISO_8859_1));
                    }
                    peer.awaitClose();
                })) {
            withScripted(
                    server,
                    DEFAULTS,
                    socket -> {
                        for (int i = 0; i < 100; i++) {
                            socket.writeMessage("x");
                        }
                        while (masks.size() < 100) {
                            Async.sleep(Duration.ofMillis(1));
                        }
                    });
            assertThat(masks).doesNotHaveDuplicates();
        }
    }

    // ---- a server that goes ----

    @Test
    void aServerThatVanishesIsAnAbnormalEnd() throws Exception {
        try (var server = new ScriptedServer(peer -> peer.write(switched(peer, "")))) {
            withScripted(
                    server,
                    DEFAULTS,
                    socket -> {
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(1006);
                    });
        }
    }

    @Test
    void aServerThatAnswersNoPingIsLeft() throws Exception {
        var said = new CompletableFuture<String>();
        try (var server =
                new ScriptedServer(peer -> {
                    peer.write(switched(peer, ""));
                    var text = new StringBuilder();
                    while (text.length() < 6 + 6 + 16) { // a ping and a close frame
                        text.append(peer.read(1));
                    }
                    said.complete(text.toString());
                })) {
            withScripted(
                    server,
                    DEFAULTS.withPings(Duration.ofMillis(20), null),
                    socket -> {
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(1006);
                    });
            var frames = said.get().getBytes(ISO_8859_1);
            assertThat(unmasked(frames, 0)).isEmpty(); // the ping
            assertThat(new String(unmasked(frames, 6), 2, 14, UTF_8)).isEqualTo("ping timed out");
        }
    }

    /** Some transports see the end only when they read. */
    private static void awaitEnd(WebSocketClient socket) {
        for (int i = 0; i < 50 && socket.isOpen(); i++) {
            Async.sleep(Duration.ofMillis(5));
        }
    }

    @Test
    void whatCameBeforeTheServerHungUpIsReadToItsEnd() throws Exception {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.write(switched(peer, ""));
                    peer.write(
                            joined(frame(0x81, "one"), frame(0x81, "two"), frame(0x81, "three")));
                    peer.write(new byte[] {(byte) 0x88, 2, 3, (byte) 0xE8}); // 1000
                })) {
            withScripted(
                    server,
                    WebSocketClientOptions.DEFAULTS,
                    socket -> {
                        while (server.open() > 0) {
                            Async.sleep(Duration.ofMillis(5));
                        }
                        awaitEnd(socket);
                        for (var text : List.of("one", "two", "three")) {
                            assertThat(Async.await(socket.readMessage()))
                                    .isEqualTo(new WebSocketMessage.Text(text));
                        }
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(1000);
                    });
        }
    }

    @Test
    void whoDoesNotReadWhatCameBeforeTheEndMayClose() throws Exception {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.write(switched(peer, ""));
                    peer.write(
                            joined(frame(0x81, "one"), frame(0x81, "two"), frame(0x81, "three")));
                })) {
            withScripted(
                    server,
                    WebSocketClientOptions.DEFAULTS,
                    socket -> {
                        awaitEnd(socket);
                        socket.close();
                        while (Async.await(socket.readMessage()) != null) {
                            // what had been looked at already
                        }
                        assertThatThrownBy(() -> Async.await(socket.writeMessage("x")))
                                .isInstanceOf(WebSocketClosedException.class);
                    });
        }
    }
}
