package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;

/** Messages that are compressed, as RFC 7692 says. */
class WebSocketCompressionTest {
    private static final int TEXT = 1;

    @Test
    void aPreparedMessageIsCompressedOnceAndOwnMessagesGoOnBehindIt() throws Exception {
        var room = new ArrayList<WebSocketConnection>();
        var options = WebSocketUpgrade.DEFAULTS.withDeflate(DeflateOptions.DEFAULTS);
        try (var server =
                TestServer.start(exchange -> {
                    var connection = exchange.upgrade(options);
                    connection.listen(new WsRecorder());
                    room.add(connection);
                })) {
            var clients = new ArrayList<WsClient>();
            for (var offer :
                    List.of(
                            "permessage-deflate",
                            "permessage-deflate; server_no_context_takeover",
                            "permessage-deflate; server_max_window_bits=9")) {
                clients.add(
                        WsClient.open(
                                server.connect(), "Sec-WebSocket-Extensions: " + offer + "\r\n"));
            }
            server.await(() -> room.size() == clients.size());
            var own = "what only one of them hears, again and again";
            var all = "what all of them hear ".repeat(20);
            server.run(() -> {
                var prepared = new PreparedMessage(new WebSocketMessage.Text(all));
                for (var member : room) {
                    member.send(own);
                    member.send(prepared);
                    member.send(own);
                    member.send(prepared);
                    member.send(new PreparedMessage(new WebSocketMessage.Ping(new byte[1])));
                    member.send(own);
                }
            });
            for (var client : clients) {
                assertThat(client.inflate(client.read())).isEqualTo(own);
                assertThat(client.inflate(client.read())).isEqualTo(all);
                assertThat(client.inflate(client.read())).isEqualTo(own);
                assertThat(client.inflate(client.read())).isEqualTo(all);
                assertThat(client.read()).isEqualTo(WsClient.frame(0x89, new byte[1]));
                assertThat(client.inflate(client.read())).isEqualTo(own);
                client.close();
            }
        }
    }

    private static void withDeflate(
            DeflateOptions deflate, String offer, Consumer<WsClient> conversation)
            throws Exception {
        var echo = new WsEcho();
        var options = WebSocketUpgrade.DEFAULTS.withDeflate(deflate).withMaxMessageSize(100_000);
        try (var server = TestServer.start(echo.handler(options));
                var client =
                        WsClient.open(
                                server.connect(), "Sec-WebSocket-Extensions: " + offer + "\r\n")) {
            conversation.accept(client);
        }
    }

    @Test
    void compressedMessagesAreEchoedCompressed() throws Exception {
        withDeflate(
                DeflateOptions.DEFAULTS,
                "permessage-deflate; client_max_window_bits",
                client -> {
                    assertThat(client.extensions()).isEqualTo("permessage-deflate");
                    var text = "all work and no play ".repeat(100);
                    int first = client.deflateAndInflate(text);
                    int second = client.deflateAndInflate(text);
                    assertThat(first).isLessThan(text.length() / 10);
                    assertThat(second).isLessThan(first); // the context was kept
                    client.deflateAndInflate("");
                    client.deflateAndInflate("x");
                    client.deflateAndInflate("\u00e4\u20ac");
                });
    }

    @Test
    void withoutContextTakeoverEachMessageStandsAlone() throws Exception {
        withDeflate(
                new DeflateOptions(9, true, true),
                "permessage-deflate",
                client -> {
                    assertThat(client.extensions())
                            .isEqualTo(
                                    "permessage-deflate; server_no_context_takeover;"
                                            + " client_no_context_takeover");
                    var text = "all work and no play ".repeat(100);
                    int first = client.deflateAndInflate(text);
                    assertThat(client.deflateAndInflate(text)).isEqualTo(first);
                });
    }

    @Test
    void anUncompressedMessageIsFineOnACompressedConnection() throws Exception {
        withDeflate(
                DeflateOptions.DEFAULTS,
                "permessage-deflate",
                client -> {
                    client.send(TEXT, "plain");
                    assertThat(client.inflate(client.read())).isEqualTo("plain");
                });
    }

    @Test
    void theLimitAppliesToWhatIsInflated() throws Exception {
        withDeflate(
                DeflateOptions.DEFAULTS,
                "permessage-deflate",
                client -> {
                    client.sendRaw(client.deflated("x".repeat(100_001)));
                    assertThat(client.read())
                            .isEqualTo(
                                    WsClient.frame(
                                            0x88, WsClient.closing(1009, "message too big")));
                });
    }

    @Test
    void garbageInsteadOfDeflateIsAnInvalidPayload() throws Exception {
        withDeflate(
                DeflateOptions.DEFAULTS,
                "permessage-deflate",
                client -> {
                    client.sendRaw(WsClient.masked(0xC1, new byte[] {-1, -1, -1, -1}));
                    assertThat(client.read())
                            .isEqualTo(
                                    WsClient.frame(
                                            0x88, WsClient.closing(1007, "malformed compression")));
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 12, 15})
    void aSmallerWindowIsKeptTo(int bits) throws Exception {
        var distance = 1 << bits;
        withDeflate(
                new DeflateOptions(9, false, false),
                "permessage-deflate; server_max_window_bits=" + bits,
                client -> {
                    assertThat(client.extensions())
                            .isEqualTo("permessage-deflate; server_max_window_bits=" + bits);
                    // What repeats after exactly the window may be referred to, or not; an inflater
                    // of that window reads it.
                    var random = new java.util.Random(bits);
                    var block = new StringBuilder();
                    for (int i = 0; i < distance + 1; i++) {
                        block.append((char) ('a' + random.nextInt(26)));
                    }
                    var text = block.substring(0, Math.min(distance + 1, 20_000)).repeat(3);
                    client.sendRaw(client.deflated(text));
                    var frame = client.read();
                    assertThat(client.inflate(frame)).isEqualTo(text);
                    assertThat(InflateWindow.longestDistance(WsClient.payload(frame)))
                            .isLessThanOrEqualTo(distance);
                    client.deflateAndInflate(text);
                });
    }

    @Test
    void anOfferThatCannotBeMetIsDeclined() throws Exception {
        withDeflate(
                DeflateOptions.DEFAULTS,
                "permessage-deflate; server_max_window_bits=7",
                client -> {
                    assertThat(client.extensions()).isNull();
                    client.send(TEXT, "plain");
                    assertThat(client.read()).isEqualTo(WsClient.text("plain"));
                });
    }
}
