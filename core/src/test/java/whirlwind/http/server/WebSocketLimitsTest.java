package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.SendResult;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.testing.LogCapture;

/** What a client may not do, and what becomes of one that does nothing. */
class WebSocketLimitsTest {
    private static final int MEBIBYTE = 1 << 20;

    private static final class Recorder implements WebSocketListener {
        final List<WebSocketMessage> heard = new ArrayList<>();
        final CompletableFuture<Integer> end = new CompletableFuture<>();
        WebSocketConnection connection;
        boolean oneAtATime;

        @Override
        public void message(WebSocketMessage message) {
            heard.add(message);
            if (oneAtATime) {
                connection.pause();
            }
        }

        @Override
        public void closed(int code, String reason) {
            end.complete(code);
        }

        int end() throws Exception {
            return end.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static TestServer serve(
            Recorder recorder, WebSocketUpgrade upgrade, HttpServerOptions options)
            throws Exception {
        return TestServer.start(
                exchange -> {
                    recorder.connection = exchange.upgrade(upgrade);
                    recorder.connection.listen(recorder);
                },
                options);
    }

    private static TestServer serve(Recorder recorder, WebSocketUpgrade upgrade) throws Exception {
        return serve(recorder, upgrade, HttpServerOptions.DEFAULTS);
    }

    private static void expectClose(WsClient client, int code, String reason) {
        assertThat(client.read()).isEqualTo(WsClient.frame(0x88, WsClient.closing(code, reason)));
    }

    // ---- text that is none ----

    @Test
    void aBadByteClosesBeforeItsFrameEnds() throws Exception {
        try (var server = serve(new Recorder(), WebSocketUpgrade.DEFAULTS);
                var client = WsClient.open(server.connect(), "")) {
            var frame = WsClient.masked(0x81, new byte[] {'a', (byte) 0xFF, 'b', 'c'});
            client.sendRaw(Arrays.copyOf(frame, frame.length - 2));
            expectClose(client, 1007, "text is not UTF-8");
        }
    }

    @Test
    void aBadByteClosesBeforeItsMessageEnds() throws Exception {
        try (var server = serve(new Recorder(), WebSocketUpgrade.DEFAULTS);
                var client = WsClient.open(server.connect(), "")) {
            client.sendRaw(WsClient.masked(0x01, new byte[] {'a', (byte) 0xE2}));
            client.sendRaw(WsClient.masked(0x00, new byte[] {(byte) 0x82, '('}));
            expectClose(client, 1007, "text is not UTF-8");
        }
    }

    @Test
    void aBadByteThatWasCompressedClosesBeforeItsMessageEnds() throws Exception {
        var upgrade = WebSocketUpgrade.DEFAULTS.withDeflate(DeflateOptions.DEFAULTS);
        try (var server = serve(new Recorder(), upgrade);
                var client = deflating(server)) {
            var bad = new byte[] {'a', (byte) 0xFF};
            client.sendRaw(WsClient.masked(0x41, client.deflatedPart(bad)));
            expectClose(client, 1007, "text is not UTF-8");
        }
    }

    @Test
    void aCharacterMayBeDividedAmongFramesAndReads() throws Exception {
        var recorder = new Recorder();
        try (var server = serve(recorder, WebSocketUpgrade.DEFAULTS);
                var client = WsClient.open(server.connect(), "")) {
            var text = "\u00e4\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < text.length; i++) {
                client.sendRaw(WsClient.masked(i == 0 ? 1 : 0, new byte[] {text[i]}));
                server.run(() -> {});
            }
            client.sendRaw(WsClient.masked(0x80, ""));
            server.await(() -> !recorder.heard.isEmpty());
            assertThat(recorder.heard)
                    .containsExactly(new WebSocketMessage.Text("\u00e4\u20ac\ud83d\ude00"));
        }
    }

    // ---- messages without end ----

    @Test
    void theFragmentsOfAMessageAreCountedTogether() throws Exception {
        var upgrade = WebSocketUpgrade.DEFAULTS.withMaxMessageSize(MEBIBYTE);
        try (var server = serve(new Recorder(), upgrade);
                var client = WsClient.open(server.connect(), "")) {
            client.sendRaw(WsClient.masked(0x02, new byte[1]));
            for (int sent = 1; sent <= MEBIBYTE; sent += MEBIBYTE / 16) {
                client.sendRaw(WsClient.masked(0x00, new byte[MEBIBYTE / 16]));
            }
            expectClose(client, 1009, "message too big");
        }
    }

    @Test
    void aMessageOfEmptyFragmentsEnds() throws Exception {
        try (var server = serve(new Recorder(), WebSocketUpgrade.DEFAULTS);
                var client = WsClient.open(server.connect(), "")) {
            client.sendRaw(WsClient.masked(0x01, ""));
            var empty = WsClient.masked(0x00, "");
            for (int i = 0; i < 1000; i++) {
                client.sendRaw(empty);
            }
            expectClose(client, 1008, "too many empty fragments");
        }
    }

    @Test
    void aLengthThatIsOnlyAnnouncedTakesNoMemory() throws Exception {
        var recorder = new Recorder();
        var upgrade = WebSocketUpgrade.DEFAULTS.withMaxMessageSize(Integer.MAX_VALUE);
        try (var server = serve(recorder, upgrade)) {
            var clients = new ArrayList<WsClient>();
            for (int i = 0; i < 50; i++) { // 2 GiB each
                var client = WsClient.open(server.connect(), "");
                client.sendRaw(
                        new byte[] {
                            (byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 127, -1, -1, -1, 1, 2, 3, 4, 5
                        });
                clients.add(client);
            }
            server.await(() -> server.server().connectionCount() == 50);
            server.run(recorder.connection::hasProgressed);
            clients.forEach(WsClient::close);
        }
    }

    // ---- bombs ----

    private static WsClient deflating(TestServer server) throws Exception {
        return WsClient.open(server.connect(), "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    }

    @Test
    void aCompressionBombIsNoticedBeforeItEnds() throws Exception {
        var upgrade =
                WebSocketUpgrade.DEFAULTS
                        .withDeflate(DeflateOptions.DEFAULTS)
                        .withMaxMessageSize(MEBIBYTE);
        try (var server = serve(new Recorder(), upgrade);
                var client = deflating(server)) {
            var bomb = client.deflatedPart(new byte[64 * MEBIBYTE]); // 64 KiB
            var frame = WsClient.masked(0x42, bomb);
            client.sendRaw(Arrays.copyOf(frame, frame.length / 2));
            expectClose(client, 1009, "message too big");
        }
    }

    // ---- control frames ----

    @Test
    void aClientThatPingsWithoutReadingIsAnsweredWhenItReads() throws Exception {
        var recorder = new Recorder();
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(4 * MEBIBYTE);
        try (var server = serve(recorder, WebSocketUpgrade.DEFAULTS, options);
                var client = WsClient.open(RawClient.connect(server.port(), 4096), "")) {
            server.run(() ->
                    recorder.connection.send(new WebSocketMessage.Binary(new byte[3 * MEBIBYTE])));
            int pings = 100_000; // with their pongs: more than may wait
            var ping = WsClient.masked(0x89, "x".repeat(100));
            for (int i = 0; i < pings; i++) {
                client.sendRaw(ping);
            }
            client.sendRaw(WsClient.masked(0x89, "last"));
            server.await(() -> recorder.heard.size() == pings + 1);
            assertThat(client.read()).hasSize(3 * MEBIBYTE + 10);
            assertThat(client.read())
                    .isEqualTo(WsClient.frame(0x8A, "last".getBytes(StandardCharsets.UTF_8)));
        }
    }

    // ---- handshakes ----

    @Test
    void aHandshakeThatTakesItsTimeIsRefused() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withHeaderTimeout(Duration.ofSeconds(1));
        try (var server = serve(new Recorder(), WebSocketUpgrade.DEFAULTS, options);
                var client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgr");
            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    // ---- clients that don't read ----

    @Test
    void trySendTellsWhatBecameOfAMessage() throws Exception {
        var recorder = new Recorder();
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(4 * MEBIBYTE);
        try (var server = serve(recorder, WebSocketUpgrade.DEFAULTS, options);
                var client = WsClient.open(RawClient.connect(server.port(), 4096), "")) {
            var results =
                    server.call(() -> {
                        var seen = new ArrayList<SendResult>();
                        seen.add(trySend(recorder, 10));
                        while (trySend(recorder, MEBIBYTE) == SendResult.QUEUED) {
                            seen.add(SendResult.QUEUED);
                        }
                        seen.add(trySend(recorder, 10));
                        return seen;
                    });
            assertThat(results)
                    .startsWith(SendResult.SENT, SendResult.QUEUED)
                    .endsWith(SendResult.DROPPED);
            assertThat(server.call(recorder.connection::isOpen)).isTrue();
            for (int frame = 0; frame < results.size() - 1; frame++) {
                client.read();
            }
            assertThat(server.call(() -> trySend(recorder, 10))).isEqualTo(SendResult.SENT);
            assertThat(client.read()).hasSize(12);
            server.run(() -> recorder.connection.close());
            assertThat(server.call(() -> trySend(recorder, 10))).isEqualTo(SendResult.DROPPED);
        }
    }

    private static SendResult trySend(Recorder recorder, int size) {
        return recorder.connection.trySend(new WebSocketMessage.Binary(new byte[size]));
    }

    @Test
    void aClientThatNeverReadsIsDroppedAtTheLimitAndTheOthersAreNot() throws Exception {
        var slow = new Recorder();
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(MEBIBYTE);
        var quick = new Recorder();
        try (var logs = LogCapture.of(WebSocketChannel.class);
                var server =
                        TestServer.start(
                                exchange -> {
                                    var one = slow.connection == null ? slow : quick;
                                    one.connection = exchange.upgrade(WebSocketUpgrade.DEFAULTS);
                                    one.connection.listen(one);
                                },
                                options);
                var never = WsClient.open(RawClient.connect(server.port(), 4096), "");
                var always = WsClient.open(server.connect(), "")) {
            var message = new PreparedMessage(new WebSocketMessage.Binary(new byte[MEBIBYTE / 4]));
            while (!slow.end.isDone()) {
                server.run(() -> {
                    slow.connection.send(message);
                    quick.connection.send(message);
                });
                assertThat(always.read()).hasSize(MEBIBYTE / 4 + 10);
            }
            assertThat(slow.end()).isEqualTo(1006);
            assertThat(server.call(quick.connection::isOpen)).isTrue();
            assertThat(logs.lines()).singleElement().asString().contains("without awaiting");
        }
    }

    // ---- parts ----

    private static final WebSocketUpgrade PARTS =
            WebSocketUpgrade.DEFAULTS.withInParts(true).withMaxMessageSize(1000);

    @Test
    void aLongMessageIsHeardInPartsAsItComes() throws Exception {
        var recorder = new Recorder();
        try (var server = serve(recorder, PARTS);
                var client = WsClient.open(server.connect(), "")) {
            var frame = WsClient.masked(0x81, "\u20ac".repeat(100_000));
            client.sendRaw(Arrays.copyOf(frame, 1000));
            server.await(() -> !recorder.heard.isEmpty());
            client.sendRaw(Arrays.copyOfRange(frame, 1000, frame.length));
            server.await(() ->
                    recorder.heard.getLast() instanceof WebSocketMessage.TextPart(_, boolean last)
                            && last);
            var text = new StringBuilder();
            for (var part : recorder.heard) {
                text.append(((WebSocketMessage.TextPart) part).text());
            }
            assertThat(text).hasToString("\u20ac".repeat(100_000));
        }
    }

    @Test
    void aShortMessageIsOnePart() throws Exception {
        var recorder = new Recorder();
        try (var server = serve(recorder, PARTS);
                var client = WsClient.open(server.connect(), "")) {
            client.send(1, "short");
            server.await(() -> recorder.heard.size() == 1);
            assertThat(recorder.heard)
                    .containsExactly(new WebSocketMessage.TextPart("short", true));
        }
    }

    @Test
    void whoHearsPartsAndPausesGetsNoMoreOfThem() throws Exception {
        var recorder = new Recorder();
        var upgrade = PARTS.withDeflate(DeflateOptions.DEFAULTS);
        try (var server = serve(recorder, upgrade);
                var client = deflating(server)) {
            recorder.oneAtATime = true;
            client.sendRaw(WsClient.masked(0xC2, client.deflatedPart(new byte[64 * MEBIBYTE])));
            int size = 0;
            for (boolean last = false; !last; ) {
                server.await(() -> !recorder.heard.isEmpty());
                assertThat(recorder.heard).hasSize(1);
                var part = (WebSocketMessage.BinaryPart) recorder.heard.removeFirst();
                assertThat(part.bytes().length).isLessThan(2 * MEBIBYTE);
                size += part.bytes().length;
                last = part.last();
                server.run(recorder.connection::resume);
            }
            assertThat(size).isEqualTo(64 * MEBIBYTE);
        }
    }

    @Test
    void aMessageIsSentInPartsAndPingsInBetween() throws Exception {
        var recorder = new Recorder();
        try (var server = serve(recorder, WebSocketUpgrade.DEFAULTS);
                var client = WsClient.open(server.connect(), "")) {
            server.run(() -> {
                recorder.connection.send(new WebSocketMessage.TextPart("one ", false));
                recorder.connection.send(new WebSocketMessage.Ping(new byte[0]));
                assertThatThrownBy(() -> recorder.connection.send("in between"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("last part");
                recorder.connection.send(new WebSocketMessage.TextPart("two", true));
                recorder.connection.send("whole");
            });
            assertThat(client.read()).isEqualTo(frame(0x01, "one "));
            assertThat(client.read()).isEqualTo(frame(0x89, ""));
            assertThat(client.read()).isEqualTo(frame(0x80, "two"));
            assertThat(client.read()).isEqualTo(WsClient.text("whole"));
        }
    }

    private static byte[] frame(int first, String payload) {
        return WsClient.frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }
}
