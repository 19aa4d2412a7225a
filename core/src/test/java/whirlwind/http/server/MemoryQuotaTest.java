package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.websocket.WebSocketChannel;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** What many connections may have in memory together, each of them within its own limits. */
class MemoryQuotaTest {
    private static final int KIBIBYTE = 1 << 10;
    private static final int MEBIBYTE = 1 << 20;

    /** Two of that size fit into a quota of a MiB, and three don't. */
    private static final int LARGE = 500 * KIBIBYTE;

    private static final HttpServerOptions OPTIONS =
            HttpServerOptions.DEFAULTS.withMemoryQuota(MEBIBYTE);

    private static final WebSocketUpgrade UPGRADE =
            WebSocketUpgrade.DEFAULTS
                    .withMaxMessageSize(LARGE + KIBIBYTE)
                    .withDeflate(DeflateOptions.DEFAULTS);

    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    private static final byte[] PONG = WsClient.frame(0x8A, new byte[0]);
    private static final byte[] TRY_AGAIN_LATER = closed(1013, "try again later");

    private static byte[] closed(int code, String reason) {
        return WsClient.frame(0x88, WsClient.closing(code, reason));
    }

    /** Answers texts, and notes how long other messages were. */
    private static final class Conversation implements WebSocketListener {
        final List<Integer> sizes = new ArrayList<>();
        final CompletableFuture<Integer> end = new CompletableFuture<>();
        WebSocketConnection connection;

        @Override
        public void message(WebSocketMessage message) {
            switch (message) {
                case WebSocketMessage.Text(var text) -> connection.send(text);
                case WebSocketMessage.Binary(var bytes) -> sizes.add(bytes.length);
                default -> {}
            }
        }

        @Override
        public void closed(int code, String reason) {
            end.complete(code);
        }
    }

    /** A server of WebSockets, which notes them in the order in which they come. */
    private static TestServer serve(List<Conversation> conversations) {
        return TestServer.start(
                exchange -> {
                    var conversation = new Conversation();
                    conversation.connection = exchange.upgrade(UPGRADE);
                    conversation.connection.listen(conversation);
                    conversations.add(conversation);
                },
                OPTIONS);
    }

    /** Begins a message that doesn't end; what the server says to a ping in its midst. */
    private static byte[] begin(WsClient client) {
        boolean compressed = client.extensions() != null;
        client.sendRaw(
                compressed
                        ? WsClient.masked(0x42, client.deflatedPart(new byte[LARGE]))
                        : WsClient.masked(0x02, new byte[LARGE]));
        client.sendRaw(WsClient.masked(0x89, ""));
        return client.read();
    }

    private static void expectEcho(WsClient client) {
        client.send(1, "small");
        assertThat(client.read()).isEqualTo(WsClient.text("small"));
    }

    // ---- messages that come ----

    @ParameterizedTest
    @ValueSource(strings = {"", DEFLATE})
    void messagesThatDontEndAreBoundedInAll(String extensions) throws Exception {
        var conversations = new ArrayList<Conversation>();
        try (var server = serve(conversations);
                var first = WsClient.open(server.connect(), extensions);
                var second = WsClient.open(server.connect(), extensions);
                var third = WsClient.open(server.connect(), extensions);
                var fourth = WsClient.open(server.connect(), extensions);
                var small = WsClient.open(server.connect(), "")) {
            assertThat(begin(first)).isEqualTo(PONG);
            assertThat(begin(second)).isEqualTo(PONG);
            assertThat(begin(third)).isEqualTo(TRY_AGAIN_LATER);
            expectEcho(small);
            first.sendRaw(WsClient.masked(0x80, extensions.isEmpty() ? "" : "\0"));
            server.await(() -> conversations.getFirst().sizes.equals(List.of(LARGE)));
            assertThat(begin(fourth)).isEqualTo(PONG);
        }
    }

    @Test
    void whoHangsUpGivesItsPartBack() throws Exception {
        var conversations = new ArrayList<Conversation>();
        try (var server = serve(conversations);
                var stays = WsClient.open(server.connect(), "")) {
            assertThat(begin(stays)).isEqualTo(PONG);
            for (int i = 1; i <= 3; i++) {
                try (var leaves = WsClient.open(server.connect(), "")) {
                    assertThat(begin(leaves)).isEqualTo(PONG);
                }
                conversations.get(i).end.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Its client may take seconds to hang up. */
    @Test
    void aMessageThatIsRefusedGivesItsPartBackAtOnce() throws Exception {
        try (var server = serve(new ArrayList<>());
                var stays = WsClient.open(server.connect(), "");
                var refused = WsClient.open(server.connect(), "");
                var other = WsClient.open(server.connect(), "")) {
            assertThat(begin(stays)).isEqualTo(PONG);
            assertThat(begin(refused)).isEqualTo(PONG);
            refused.sendRaw(WsClient.masked(0x00, new byte[2 * KIBIBYTE]));
            assertThat(refused.read()).isEqualTo(closed(1009, "message too big"));
            assertThat(begin(other)).isEqualTo(PONG);
        }
    }

    @Test
    void noMessageCanBeLargerThanTheQuota() throws Exception {
        var upgrade = WebSocketUpgrade.DEFAULTS.withMaxMessageSize(Integer.MAX_VALUE);
        try (var server =
                        TestServer.start(
                                exchange -> {
                                    var conversation = new Conversation();
                                    conversation.connection = exchange.upgrade(upgrade);
                                    conversation.connection.listen(conversation);
                                },
                                OPTIONS);
                var client = WsClient.open(server.connect(), "")) {
            client.send(2, new byte[MEBIBYTE + 1]);
            assertThat(client.read()).isEqualTo(closed(1009, "message too big"));
        }
    }

    // ---- messages that wait for their clients ----

    @Test
    void messagesThatNobodyTakesAreBoundedInAllAndReadersStay() throws Exception {
        var conversations = new ArrayList<Conversation>();
        try (var logs = LogCapture.of(WebSocketChannel.class);
                var server = serve(conversations);
                var slow = WsClient.open(RawClient.connect(server.port(), 4096), "");
                var slower = WsClient.open(RawClient.connect(server.port(), 4096), "");
                var reader = WsClient.open(server.connect(), "")) {
            var unread = conversations.subList(0, 2);
            while (!unread.get(0).end.isDone() && !unread.get(1).end.isDone()) {
                server.run(() -> unread.forEach(MemoryQuotaTest::sendMuch));
                expectEcho(reader);
            }
            assertThat(logs.lines()).first().asString().contains("memoryQuota");
            slow.close();
            slower.close();
            server.await(() -> unread.stream().allMatch(one -> one.end.isDone()));
            assertThat(begin(reader)).isEqualTo(PONG);
        }
    }

    /** Half of what two may have. */
    private static void sendMuch(Conversation to) {
        to.connection.send(new WebSocketMessage.Binary(new byte[MEBIBYTE / 4]));
    }

    @Test
    void messagesToManyAreCountedForNobody() throws Exception {
        var conversations = new ArrayList<Conversation>();
        try (var server = serve(conversations);
                var slow = WsClient.open(RawClient.connect(server.port(), 4096), "");
                var other = WsClient.open(server.connect(), "")) {
            var message = new PreparedMessage(new WebSocketMessage.Binary(new byte[MEBIBYTE]));
            for (int i = 0; i < 12; i++) { // more than the quota and the kernel's buffers
                server.run(() -> conversations.getFirst().connection.send(message));
            }
            assertThat(begin(other)).isEqualTo(PONG);
            assertThat(server.call(conversations.getFirst().connection::isOpen)).isTrue();
        }
    }

    // ---- bodies ----

    private static final int BODY = 60_000;
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + BODY + "\r\n\r\n";

    /** A quota for one such body, whose handler answers when it is told to. */
    private static TestServer serveBodies(List<CompletableFuture<String>> answers) {
        return TestServer.start(
                exchange -> {
                    var answer = new CompletableFuture<String>();
                    answers.add(answer);
                    var text = Async.await(Async.shield(answer));
                    exchange.respond(200, new Headers(), text.getBytes(StandardCharsets.UTF_8));
                },
                HttpServerOptions.DEFAULTS.withMemoryQuota(BODY));
    }

    @Test
    void bodiesAreBoundedInAllUntilTheyAreAnswered() throws Exception {
        var answers = new ArrayList<CompletableFuture<String>>();
        try (var server = serveBodies(answers);
                var first = server.connect();
                var second = server.connect();
                var third = server.connect();
                var small = server.connect()) {
            first.send(POST).send(new byte[BODY]);
            server.await(() -> answers.size() == 1);
            second.send(POST).send(new byte[BODY - 1]);
            assertThat(second.readResponse().status()).isEqualTo(503);
            assertThat(second.isClosedByServer()).isTrue();
            small.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nsmall");
            server.await(() -> answers.size() == 2);
            answers.forEach(answer -> answer.complete("done"));
            assertThat(first.readResponse().body()).isEqualTo("done");
            assertThat(small.readResponse().body()).isEqualTo("done");
            third.send(POST).send(new byte[BODY]);
            server.await(() -> answers.size() == 3);
            answers.getLast().complete("done");
            assertThat(third.readResponse().body()).isEqualTo("done");
        }
    }

    @Test
    void bodiesOfStreamsAreBoundedInAllUntilTheyAreAnswered() throws Exception {
        var answers = new ArrayList<CompletableFuture<String>>();
        try (var server = serveBodies(answers);
                var client = Http2Client.connect(server.port())) {
            int first = post(client);
            server.await(() -> answers.size() == 1);
            try (var other = Http2Client.connect(server.port())) {
                assertThat(other.response(post(other)).status()).isEqualTo(503);
            }
            answers.getFirst().complete("done");
            assertThat(client.response(first).body()).isEqualTo("done");
            try (var other = Http2Client.connect(server.port())) {
                int third = post(other);
                server.await(() -> answers.size() == 2);
                answers.getLast().complete("done");
                assertThat(other.response(third).body()).isEqualTo("done");
            }
        }
    }

    private static int post(Http2Client client) {
        int stream = client.request("POST", "/", false);
        for (int sent = 0; sent < BODY; sent += 10_000) {
            client.data(stream, new byte[10_000], sent + 10_000 == BODY);
        }
        return stream;
    }

    @Test
    void noBodyCanBeLargerThanTheQuota() throws Exception {
        try (var server = serveBodies(new ArrayList<>());
                var client = server.connect()) {
            client.send(POST.replace("" + BODY, "" + (BODY + 1)));
            assertThat(client.readResponse().status()).isEqualTo(413);
        }
    }

    @Test
    void aQuotaOfNothingIsRefused() {
        assertThatThrownBy(() -> OPTIONS.withMemoryQuota(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memoryQuota: 0 (at least 1)");
    }
}
