package whirlwind.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.TestSocket;
import whirlwind.escape.Json;

/** What goes over the WebSocket. */
class ChatTest {
    private final RunningDemo demo = RunningDemo.start(Chat::application);

    @AfterEach
    void stop() throws InterruptedException {
        demo.close();
    }

    private TestSocket visitor() {
        return new TestSocket(demo.socket("/socket"));
    }

    private static String hello(String name, String session, long after) {
        var hello = Map.of("type", "hello", "name", name, "session", session, "after", after);
        return Json.encode(hello);
    }

    private static String say(String key, String text) {
        return Json.encode(Map.of("type", "say", "key", key, "text", text));
    }

    private static FromRoom next(TestSocket socket) throws InterruptedException {
        return Json.decode(socket.next(), FromRoom.class);
    }

    private static <M extends FromRoom> M next(TestSocket socket, Class<M> type) throws Exception {
        var message = next(socket);
        assertThat(message).isInstanceOf(type);
        return type.cast(message);
    }

    @Test
    void whatOneSaysEverybodyHears() throws Exception {
        try (var ada = visitor();
                var bob = visitor()) {
            var welcome = next(ada.send(hello("Ada", "s1", 0)), FromRoom.Welcome.class);
            assertThat(welcome.people()).containsExactly("Ada");
            assertThat(welcome.messages()).isEmpty();
            welcome = next(bob.send(hello("ada", "s2", 0)), FromRoom.Welcome.class);
            assertThat(welcome.name()).isEqualTo("ada 2");
            assertThat(next(ada, FromRoom.Joined.class).name()).isEqualTo("ada 2");

            ada.send(say("k1", " Hi\nthere\0 "));
            var said = next(bob, FromRoom.Said.class);
            assertThat(said.name()).isEqualTo("Ada");
            assertThat(said.text()).isEqualTo("Hi\nthere");
            assertThat(next(ada)).isEqualTo(said);

            bob.close();
            assertThat(next(ada, FromRoom.Left.class).name()).isEqualTo("ada 2");
        }
    }

    @Test
    void aSecondConnectionOfASessionTakesOverAndGetsWhatWasMissed() throws Exception {
        try (var ada = visitor();
                var again = visitor()) {
            ada.send(hello("Ada", "s1", 0)).send(say("k1", "one")).send(say("k2", "two"));
            next(ada, FromRoom.Welcome.class);
            var one = next(ada, FromRoom.Said.class);
            assertThat(next(ada, FromRoom.Said.class).text()).isEqualTo("two");

            again.send(hello("Ada", "s1", one.id()));
            var welcome = next(again, FromRoom.Welcome.class);
            assertThat(welcome.name()).isEqualTo("Ada");
            assertThat(welcome.people()).containsExactly("Ada");
            assertThat(welcome.messages()).extracting(FromRoom.Said::text).containsExactly("two");
            assertThat(ada.next()).isEqualTo("closed 1000");

            again.send(say("k3", "three"));
            assertThat(next(again, FromRoom.Said.class).text()).isEqualTo("three");
        }
    }

    @Test
    void aMessageThatIsSaidAgainIsTakenOnce() throws Exception {
        try (var ada = visitor()) {
            ada.send(hello("Ada", "s1", 0)).send(say("k1", "one"));
            ada.send(say("k1", "one")).send(say("k2", "two"));
            next(ada, FromRoom.Welcome.class);
            assertThat(next(ada, FromRoom.Said.class).text()).isEqualTo("one");
            assertThat(next(ada, FromRoom.Said.class).text()).isEqualTo("two");
        }
    }

    @Test
    void tooMuchAtOnceIsRefusedForAWhile() throws Exception {
        try (var ada = visitor()) {
            ada.send(hello("Ada", "s1", 0));
            next(ada, FromRoom.Welcome.class);
            for (int i = 0; i < 50; i++) {
                ada.send(say("k" + i, "spam"));
            }
            FromRoom answer;
            do {
                answer = next(ada);
            } while (answer instanceof FromRoom.Said);
            assertThat(answer).isInstanceOf(FromRoom.Refused.class);
            assertThat(((FromRoom.Refused) answer).retryMillis()).isPositive();
        }
    }

    @Test
    void aMessageThatIsTooLongOrEmptyIsRefusedForGood() throws Exception {
        try (var ada = visitor()) {
            ada.send(hello("Ada", "s1", 0)).send(say("k1", "x".repeat(2001))).send(say("k2", " "));
            next(ada, FromRoom.Welcome.class);
            assertThat(next(ada))
                    .isEqualTo(new FromRoom.Refused("k1", "2001 characters (at most 2000)", 0));
            assertThat(next(ada)).isEqualTo(new FromRoom.Refused("k2", "empty", 0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "null",
                "{\"type\":\"shout\"}",
                "{\"type\":\"hello\",\"name\":\"Ada\"}",
                "{\"type\":\"say\",\"key\":\"k\",\"text\":\"before hello\"}"
            })
    void whateverIsNotAHelloEndsTheConversation(String message) throws Exception {
        try (var visitor = visitor()) {
            assertThat(visitor.send(message).next()).isEqualTo("closed 1008");
        }
    }

    @Test
    void anotherSitesPageIsRefused() {
        assertThatThrownBy(() -> new TestSocket(demo.socket("/socket"), "https://example.org"))
                .isInstanceOf(CompletionException.class)
                .rootCause()
                .hasMessageContaining("403");
    }
}
