package whirlwind.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.TestSocket;
import whirlwind.escape.Json;

/** What a page asks of the chat, and what becomes of it. */
class ChatTest {
    private final RunningDemo demo = RunningDemo.start(Chat::application);

    @AfterEach
    void stop() throws InterruptedException {
        demo.close();
    }

    /** Somebody who is in the lobby. */
    private TestSocket visitor(String name) throws InterruptedException {
        var socket = new TestSocket(demo.socket("/whirlwind/ws"));
        var token = Map.of("session", "secret of " + name, "name", name);
        socket.send(frame("connect", 1, Map.of("version", 1, "token", token)));
        await(socket, "connected");
        socket.send(frame("subscribe", 2, Map.of("topic", "chat.lobby")));
        await(socket, "subscribed");
        return socket;
    }

    private static String frame(String type, int id, Map<String, ?> fields) {
        var frame = new HashMap<String, Object>(fields);
        frame.put("type", type);
        frame.put("id", id);
        return Json.encode(frame);
    }

    private static String say(int id, String key, String text, boolean again) {
        var words = Map.of("room", "lobby", "key", key, "text", text, "again", again);
        return frame("request", id, Map.of("name", "say", "data", words));
    }

    /** The next frame of that type; who comes and goes is passed over. */
    private static JsonNode await(TestSocket socket, String type) throws InterruptedException {
        while (true) {
            var text = socket.next();
            var frame = Json.decode(text);
            var actual = frame.path("type").asString();
            if (!actual.equals("join") && !actual.equals("leave")) {
                assertThat(actual).as(text).isEqualTo(type);
                return frame;
            }
        }
    }

    @Test
    void whatOneSaysEverybodyHears() throws InterruptedException {
        try (var ada = visitor("Ada");
                var bob = visitor("Bob")) {
            ada.send(say(3, "k1", " Hi\nthere\0 ", false));
            var said = await(bob, "message");
            assertThat(said.at("/data/name").asString()).isEqualTo("Ada");
            assertThat(said.at("/data/text").asString()).isEqualTo("Hi\nthere");
            assertThat(said.at("/data/key").asString()).isEqualTo("k1");
            assertThat(said.toString()).doesNotContain("secret");
        }
    }

    @Test
    void aMessageThatIsSaidAgainIsTakenOnce() throws InterruptedException {
        try (var ada = visitor("Ada");
                var bob = visitor("Bob")) {
            ada.send(say(3, "k1", "one", false));
            await(bob, "message");
            ada.send(say(4, "k1", "one", true)).send(say(5, "k2", "two", true));
            assertThat(await(bob, "message").at("/data/text").asString()).isEqualTo("two");
        }
    }

    @Test
    void aLateComerCanAskForWhatWasSaid() throws InterruptedException {
        try (var ada = visitor("Ada")) {
            ada.send(say(3, "k1", "one", false));
            await(ada, "reply");
            try (var bob = visitor("Bob")) {
                bob.send(frame("history", 3, Map.of("topic", "chat.lobby", "limit", 10)));
                var history = await(bob, "history");
                assertThat(history.at("/messages/0/data/text").asString()).isEqualTo("one");
            }
        }
    }

    @Test
    void tooMuchAtOnceIsRefusedForAWhile() throws InterruptedException {
        try (var ada = visitor("Ada")) {
            for (int i = 0; i < 40; i++) {
                ada.send(say(3 + i, "k" + i, "spam", false));
            }
            JsonNode answer;
            do {
                answer = Json.decode(ada.next());
            } while (!answer.path("type").asString().equals("error"));
            assertThat(answer.path("code").asString()).isEqualTo("rate");
        }
    }

    @Test
    void nobodyOpensRoomsWithoutEnd() throws InterruptedException {
        int room = 0;
        while (room < 64) {
            try (var ada = visitor("Ada")) {
                for (int i = 0; i < 8; i++) { // as many as are allowed at once
                    ada.send(sayIn("room-" + room++));
                    assertThat(answer(ada).path("type").asString()).isEqualTo("reply");
                }
            }
        }
        try (var ada = visitor("Ada")) {
            ada.send(sayIn("one-more"));
            assertThat(answer(ada).path("code").asString()).isEqualTo("limit");
            ada.send(sayIn("room-0"));
            assertThat(answer(ada).path("type").asString()).isEqualTo("reply");
        }
    }

    private static String sayIn(String room) {
        var words = Map.of("room", room, "key", "k", "text", "x", "again", false);
        return frame("request", 3, Map.of("name", "say", "data", words));
    }

    private static JsonNode answer(TestSocket socket) throws InterruptedException {
        JsonNode frame;
        do {
            frame = Json.decode(socket.next());
        } while (!frame.has("id"));
        return frame;
    }

    @ParameterizedTest
    @CsvSource({
        "lobby, k, ' ', empty",
        "lobby, '', x, key: 1 to 64 characters",
        "No room!, k, x, room: not a room"
    })
    void whatMakesNoSenseIsRefusedAndWhy(String room, String key, String text, String why)
            throws InterruptedException {
        try (var ada = visitor("Ada")) {
            var words = Map.of("room", room, "key", key, "text", text, "again", false);
            ada.send(frame("request", 3, Map.of("name", "say", "data", words)));
            assertThat(await(ada, "error").path("message").asString()).isEqualTo(why);
        }
    }

    @Test
    void aMessageThatIsTooLongIsRefused() throws InterruptedException {
        try (var ada = visitor("Ada")) {
            ada.send(say(3, "k", "x".repeat(2001), false));
            assertThat(await(ada, "error").path("message").asString())
                    .isEqualTo("2001 characters (at most 2000)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "subscribe, chat.lobby.x",
        "subscribe, chat.*",
        "subscribe, other",
        "publish, chat.lobby",
        "publish, typing.lobby"
    })
    void whatIsNotForPagesIsForbidden(String type, String topic) throws InterruptedException {
        try (var ada = visitor("Ada")) {
            ada.send(frame(type, 3, Map.of("topic", topic, "data", "anything")));
            assertThat(await(ada, "error").path("code").asString()).isEqualTo("forbidden");
        }
    }

    @Test
    void withoutASecretNobodyComesIn() throws InterruptedException {
        try (var socket = new TestSocket(demo.socket("/whirlwind/ws"))) {
            socket.send(frame("connect", 1, Map.of("version", 1, "token", Map.of("name", "Ada"))));
            assertThat(await(socket, "error").path("code").asString()).isEqualTo("unauthorized");
        }
    }

    @Test
    void anotherSitesPageIsRefused() {
        var address = demo.socket("/whirlwind/ws");
        assertThatThrownBy(() -> new TestSocket(address, "https://example.org"))
                .isInstanceOf(CompletionException.class)
                .rootCause()
                .hasMessageContaining("403");
    }
}
