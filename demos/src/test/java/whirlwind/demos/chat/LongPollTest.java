package whirlwind.demos.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.escape.Json;
import whirlwind.loop.IOLoop;
import whirlwind.testing.VirtualTime;

/** On a clock that moves only when told to, so that time limits pass at once, or never. */
class LongPollTest {
    private final VirtualTime time = new VirtualTime();
    private final RunningDemo demo = RunningDemo.start(time::newLoop, LongPoll::application);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() throws InterruptedException {
        client.shutdownNow();
        client.close();
        demo.close();
    }

    private CompletableFuture<HttpResponse<String>> send(
            HttpRequest.Builder request, String session) {
        return client.sendAsync(
                request.header("X-Session", session).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String session, Map<String, ?> message) {
        var body = BodyPublishers.ofString(Json.encode(message));
        return send(HttpRequest.newBuilder(demo.uri(path)).POST(body), session).join();
    }

    private FromRoom.Welcome join(String name, String session) {
        var hello = Map.of("type", "hello", "name", name, "session", session, "after", 0);
        return Json.decode(post("/join", session, hello).body(), FromRoom.Welcome.class);
    }

    private HttpResponse<String> say(String session, String text) {
        return post("/messages", session, Map.of("type", "say", "key", text, "text", text));
    }

    private CompletableFuture<HttpResponse<String>> ask(String session, long after) {
        return send(HttpRequest.newBuilder(demo.uri("/messages?after=" + after)), session);
    }

    private static List<FromRoom> events(CompletableFuture<HttpResponse<String>> answer) {
        assertThat(answer.join().statusCode()).isEqualTo(200);
        return List.of(Json.decode(answer.join().body(), FromRoom[].class));
    }

    /** How many coroutines wait on the loop, without the one that asks. */
    private int waiting() {
        return demo.onLoop(() -> IOLoop.current().tasks().size() - 1);
    }

    private void pass(Duration duration) {
        demo.onLoop(() -> {
            time.advance(duration);
            return null;
        });
    }

    @Test
    void aQuestionWaitsUntilSomebodySaysSomething() {
        join("Ada", "s1");
        var bob = join("Bob", "s2");
        var answer = ask("s2", bob.id());
        Eventually.becomes(1, this::waiting);
        assertThat(answer).isNotDone();

        assertThat(say("s1", "Hi").body()).isEqualTo("[]");
        var said = (FromRoom.Said) events(answer).getFirst();
        assertThat(said.name()).isEqualTo("Ada");
        assertThat(said.text()).isEqualTo("Hi");

        say("s2", "Hello");
        assertThat(events(ask("s1", said.id())))
                .extracting(event -> ((FromRoom.Said) event).text())
                .containsExactly("Hello");
    }

    @Test
    void withoutNewsTheAnswerIsEmptyInTheEnd() {
        var answer = ask("s1", join("Ada", "s1").id());
        Eventually.becomes(1, this::waiting);
        pass(Duration.ofSeconds(25));
        assertThat(events(answer)).isEmpty();
    }

    @Test
    void aClientThatGoesAwayFreesItsCoroutineAndLeavesAfterAWhile() {
        join("Ada", "s1");
        long last = join("Bob", "s2").id();
        Eventually.becomes(0, this::waiting);
        try (var goes = HttpClient.newHttpClient()) {
            var question = HttpRequest.newBuilder(demo.uri("/messages?after=" + last));
            goes.sendAsync(question.header("X-Session", "s2").build(), BodyHandlers.ofString());
            Eventually.becomes(1, this::waiting);
            goes.shutdownNow();
        }
        Eventually.becomes(0, this::waiting);

        var answer = ask("s1", last);
        Eventually.becomes(1, this::waiting);
        pass(Duration.ofSeconds(5));
        assertThat(events(answer).getLast()).isInstanceOf(FromRoom.Left.class);
    }

    @Test
    void whoHasNotJoinedHasToDoSoFirst() {
        assertThat(ask("s1", 0).join().statusCode()).isEqualTo(410);
        assertThat(say("s1", "Hi").statusCode()).isEqualTo(410);
    }

    @Test
    void whatIsMalformedIsRefused() {
        join("Ada", "s1");
        assertThat(post("/join", "s1", Map.of("type", "hello")).statusCode()).isEqualTo(422);
        assertThat(post("/messages", "s1", Map.of()).statusCode()).isEqualTo(422);
        var request = HttpRequest.newBuilder(demo.uri("/messages?after=x"));
        assertThat(send(request, "s1").join().statusCode()).isEqualTo(400);
    }
}
