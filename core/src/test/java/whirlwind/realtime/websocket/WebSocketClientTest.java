package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.realtime.websocket.Conversations.readText;
import static whirlwind.realtime.websocket.Conversations.serve;
import static whirlwind.realtime.websocket.Conversations.talk;
import static whirlwind.realtime.websocket.Conversations.url;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketClosedException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.server.HttpServerOptions;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.net.channel.TestProxy;
import whirlwind.net.connect.Proxy;
import whirlwind.net.dns.OverrideResolver;
import whirlwind.net.dns.Resolver;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsOptions;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.testing.LogCapture;
import whirlwind.testing.Standstill;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

@Timeout(60)
class WebSocketClientTest {
    private static final WebSocketClientOptions DEFAULTS = WebSocketClientOptions.DEFAULTS;

    // ---- talking ----

    @Test
    void textBytesAndMapsGoBothWays() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.writeMessage("gr\u00fc\u00df dich");
                        assertThat(readText(socket)).isEqualTo("gr\u00fc\u00df dich");
                        socket.writeMessage(new byte[100_000]);
                        var bytes = (WebSocketMessage.Binary) Async.await(socket.readMessage());
                        assertThat(bytes.bytes()).hasSize(100_000);
                        socket.writeMessage(Map.of("answer", 42));
                        assertThat(readText(socket)).isEqualTo("{\"answer\":42}");
                        socket.writeMessage("");
                        assertThat(readText(socket)).isEmpty();
                    });
        }
    }

    @Test
    void messagesAreSentAndReadInParts() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS.withInParts(true).withMaxMessageSize(10),
                    socket -> {
                        Async.await(socket.send(new WebSocketMessage.TextPart("one ", false)));
                        assertThat(
                                        socket.trySend(
                                                new WebSocketMessage.TextPart(
                                                        "two".repeat(100_000), true)))
                                .isEqualTo(SendResult.QUEUED);
                        var text = new StringBuilder();
                        for (boolean last = false; !last; ) {
                            var part =
                                    (WebSocketMessage.TextPart) Async.await(socket.readMessage());
                            text.append(part.text());
                            last = part.last();
                        }
                        assertThat(text).hasToString("one " + "two".repeat(100_000));
                    });
        }
    }

    @Test
    void aMessageThatIsNotReadHoldsUpWhatComesBehindIt() throws Exception {
        var sent = new LinkedBlockingQueue<Integer>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                for (int i = 0; i < 100; i++) {
                                    Async.await(writeMessage(new byte[1 << 20]));
                                    sent.add(i);
                                }
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        assertThat(Standstill.of(sent::size)).isLessThan(50);
                        for (int i = 0; i < 100; i++) {
                            assertThat(Async.await(socket.readMessage())).isNotNull();
                        }
                    });
        }
    }

    @Test
    void onlyOneReadsAtATime() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        var first = socket.readMessage();
                        assertThatThrownBy(socket::readMessage)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("hasn't come yet");
                        first.cancel(true);
                        var second = socket.readMessage();
                        socket.writeMessage("for the second");
                        assertThat(Async.await(second))
                                .isEqualTo(new WebSocketMessage.Text("for the second"));
                    });
        }
    }

    @Test
    void aCallbackGetsEachMessageAndNullAtTheEnd() throws Exception {
        var told = new ArrayList<String>();
        try (var app = serve(Conversations.Echo::new)) {
            app.onLoop(() -> {
                var end = new CompletableFuture<Void>();
                var socket =
                        Async.await(
                                WebSocketClient.connect(
                                        HttpRequest.of(url(app)),
                                        DEFAULTS,
                                        message -> {
                                            Async.moment(); // it may wait
                                            told.add(String.valueOf(message));
                                            if (message == null) {
                                                end.complete(null);
                                            }
                                        }));
                assertThatThrownBy(socket::readMessage)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("callback");
                socket.writeMessage("one");
                socket.writeMessage("two");
                socket.writeMessage("three");
                while (told.size() < 3) {
                    Async.moment();
                }
                socket.close();
                Async.await(end);
                return null;
            });
        }
        assertThat(told)
                .containsExactly("Text[\"one\"]", "Text[\"two\"]", "Text[\"three\"]", "null");
    }

    @Test
    void aCallbackThatFailsClosesTheConnection() throws Exception {
        var code = new CompletableFuture<Integer>();
        try (var logs = LogCapture.of(WebSocketClient.class);
                var app =
                        serve(() ->
                                new Conversations.Echo() {
                                    @Override
                                    protected void onClose() {
                                        code.complete(closeCode());
                                    }
                                })) {
            app.onLoop(() ->
                    Async.await(
                                    WebSocketClient.connect(
                                            HttpRequest.of(url(app)),
                                            DEFAULTS,
                                            message -> {
                                                if (message != null) {
                                                    throw new IllegalStateException("planted");
                                                }
                                            }))
                            .writeMessage("go"));
            assertThat(code.get()).isEqualTo(1011);
            assertThat(logs.failures()).hasSize(1);
        }
    }

    // ---- the end ----

    @Test
    void closeCodesAndReasonsGoBothWays() throws Exception {
        var seen = new LinkedBlockingQueue<String>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onMessage(String message) {
                                close(4001, "enough");
                            }

                            @Override
                            protected void onClose() {
                                seen.add(closeCode() + " " + closeReason());
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.writeMessage("close");
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(4001);
                        assertThat(socket.closeReason()).isEqualTo("enough");
                        assertThat(socket.isOpen()).isFalse();
                    });
            assertThat(seen.take()).isEqualTo("4001 ");
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.close(1001, "goodbye");
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(1001);
                    });
            assertThat(seen.take()).isEqualTo("1001 goodbye");
        }
    }

    @Test
    void closingEndsAConnectionWhoseMessagesAreNotRead() throws Exception {
        var closed = new CompletableFuture<Integer>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void open() {
                                writeMessage("one");
                                writeMessage("two");
                            }

                            @Override
                            protected void onClose() {
                                closed.complete(closeCode());
                            }
                        })) {
            talk(app, DEFAULTS, socket -> assertThat(readText(socket)).isEqualTo("one"));
            assertThat(closed.get()).isEqualTo(1000);
        }
    }

    @Test
    void nothingIsSentOverAClosedConnection() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.close();
                        assertThatThrownBy(() -> Async.await(socket.writeMessage("late")))
                                .isInstanceOf(WebSocketClosedException.class);
                        assertThatThrownBy(() -> Async.await(socket.ping(new byte[1])))
                                .isInstanceOf(WebSocketClosedException.class);
                        assertThat(socket.trySend(new WebSocketMessage.Text("late")))
                                .isEqualTo(SendResult.DROPPED);
                    });
        }
    }

    @Test
    void aLoopThatClosesEndsItsConnections() throws Exception {
        var closed = new CompletableFuture<Integer>();
        try (var server =
                serve(() ->
                        new WebSocketHandler() {
                            @Override
                            protected void onClose() {
                                closed.complete(closeCode());
                            }
                        })) {
            try (var other = ServedApplication.of(new Application())) {
                other.onLoop(() -> Async.await(WebSocketClient.connect(url(server))));
            }
            assertThat(closed.get()).isEqualTo(1006);
        }
    }

    // ---- pings ----

    @Test
    void theClientPingsAndTheServerSeesIt() throws Exception {
        var pings = new LinkedBlockingQueue<Integer>();
        try (var app =
                serve(() ->
                        new Conversations.Echo() {
                            @Override
                            protected void onPing(byte[] data) {
                                pings.add(data.length);
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS.withPings(Duration.ofMillis(20), Duration.ZERO),
                    socket -> {
                        while (pings.size() < 3) {
                            Async.sleep(Duration.ofMillis(5));
                        }
                        socket.ping(new byte[7]);
                        while (!pings.contains(7)) {
                            Async.sleep(Duration.ofMillis(5));
                        }
                        socket.writeMessage("still here");
                        assertThat(readText(socket)).isEqualTo("still here");
                    });
        }
    }

    // ---- ways ----

    @Test
    void wssChecksTheCertificate(@TempDir Path folder) throws Exception {
        var certificates = new TestCertificates(folder);
        var options =
                HttpServerOptions.DEFAULTS.withTls(
                        TlsServerOptions.of(certificates.identity("localhost")));
        var application =
                new Application(ApplicationSettings.DEFAULTS.withServer(options))
                        .route("/ws", Conversations.Echo::new);
        try (var app = ServedApplication.of(application)) {
            var request = HttpRequest.of("wss://localhost:" + app.port() + "/ws");
            var known =
                    request.withTls(
                            TlsOptions.DEFAULTS.withTrust(
                                    whirlwind.net.tls.Trust.pem(certificates.authority())));
            app.onLoop(() -> {
                try (var socket = Async.await(WebSocketClient.connect(known, DEFAULTS))) {
                    socket.writeMessage("secret");
                    assertThat(readText(socket)).isEqualTo("secret");
                    socket.close();
                    assertThat(Async.await(socket.readMessage())).isNull();
                    assertThat(socket.closeCode()).isEqualTo(1000);
                }
                return null;
            });
            assertThatThrownBy(() ->
                            app.onLoop(
                                    () -> Async.await(WebSocketClient.connect(request, DEFAULTS))))
                    .hasCauseInstanceOf(whirlwind.net.tls.TlsException.class);
        }
    }

    @Test
    void aProxyConnectsForWsToo() throws Exception {
        try (var app = serve(Conversations.Echo::new);
                var proxy = TestProxy.of(Proxy.Type.HTTP)) {
            app.onLoop(() -> {
                var request = HttpRequest.of(url(app)).withProxy(proxy.proxy());
                try (var socket = Async.await(WebSocketClient.connect(request, DEFAULTS))) {
                    socket.writeMessage("through");
                    assertThat(readText(socket)).isEqualTo("through");
                }
                return null;
            });
            assertThat(proxy.asked())
                    .containsExactly("CONNECT 127.0.0.1:" + app.port() + " HTTP/1.1");
        }
    }

    @Test
    void aClientOfOnesOwnBringsItsResolver() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            app.onLoop(() -> {
                var connections =
                        ConnectionOptions.DEFAULTS.withResolver(() ->
                                new OverrideResolver(
                                        Resolver.create(),
                                        Map.of(
                                                OverrideResolver.Key.of("echo.invalid"),
                                                OverrideResolver.Target.of("127.0.0.1"))));
                var options = ClientOptions.DEFAULTS.withConnections(connections);
                var http = new AsyncHttpClient(options);
                var request = HttpRequest.of("ws://echo.invalid:" + app.port() + "/ws");
                var socket =
                        Async.await(WebSocketClient.connect(request, DEFAULTS.withClient(http)));
                socket.writeMessage("found");
                assertThat(readText(socket)).isEqualTo("found");
                var next = socket.readMessage();
                http.close(); // and with it what it has opened
                assertThat(Async.await(next)).isNull();
                return null;
            });
        }
    }

    // ---- compression ----

    private static Supplier<RequestHandler> deflating(DeflateOptions deflate) {
        return () ->
                new Conversations.Echo() {
                    @Override
                    protected DeflateOptions getCompressionOptions() {
                        return deflate;
                    }
                };
    }

    @Test
    void messagesAreCompressedIfBothWantIt() throws Exception {
        var wishes = new ArrayList<DeflateOptions>();
        for (int i = 0; i < 4; i++) {
            wishes.add(new DeflateOptions(6, (i & 1) != 0, (i & 2) != 0));
        }
        for (var ours : wishes) {
            for (var theirs : wishes) {
                try (var app = serve(deflating(theirs))) {
                    talk(
                            app,
                            DEFAULTS.withDeflate(ours),
                            socket -> {
                                assertThat(socket.isCompressed()).isTrue();
                                for (int i = 0; i < 3; i++) {
                                    var text = "again and again ".repeat(i * 1000);
                                    socket.writeMessage(text);
                                    assertThat(readText(socket)).isEqualTo(text);
                                }
                            });
                }
            }
        }
    }

    @Test
    void messagesAreNotCompressedIfOneSideDoesNotWantIt() throws Exception {
        try (var app = serve(deflating(DeflateOptions.DEFAULTS))) {
            talk(app, DEFAULTS, socket -> assertThat(socket.isCompressed()).isFalse());
        }
        try (var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS.withDeflate(DeflateOptions.DEFAULTS),
                    socket -> assertThat(socket.isCompressed()).isFalse());
        }
    }
}
