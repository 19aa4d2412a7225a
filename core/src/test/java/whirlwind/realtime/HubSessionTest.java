package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.session.Session;
import whirlwind.realtime.sse.EventSource;
import whirlwind.realtime.sse.EventSourceOptions;

/** The hub over server-sent events and long polling. */
@Timeout(60)
class HubSessionTest extends SessionServers {
    private static JsonNode frame(String chunk) {
        assertThat(chunk).startsWith("data: {").endsWith("}\n\n");
        return Json.decode(chunk.substring("data: ".length()));
    }

    @Test
    void framesComeAsEvents() throws Exception {
        var session = serve().begin();
        try (var events = session.listen()) {
            assertThat(events.head()).contains("Content-Type: text/event-stream");
            assertThat(frame(events.chunk()).path("type").asString()).isEqualTo("ping");
            session.subscribe("news");
            assertThat(frame(events.chunk()).path("type").asString()).isEqualTo("subscribed");
            hub.publish("news", Map.of("text", "größer")).join();
            var message = frame(events.chunk());
            assertThat(message.path("offset").asLong()).isEqualTo(1);
            assertThat(message.path("data").path("text").asString()).isEqualTo("größer");
        }
    }

    @Test
    void framesComeByPolls() throws Exception {
        var session = serve().begin();
        session.subscribe("news");
        assertThat(session.types()).containsExactly("subscribed");
        var poll = session.waiting();
        hub.publish("news", 1).join();
        assertThat(poll.types()).containsExactly("message");
        for (int i = 2; i <= 5; i++) {
            hub.publish("news", i).join();
        }
        var seen = new ArrayList<Long>();
        while (seen.size() < 4) {
            Json.decode(session.poll().join().body())
                    .forEach(frame -> seen.add(frame.path("offset").asLong()));
        }
        assertThat(seen).containsExactly(2L, 3L, 4L, 5L);
    }

    /** As browsers do when a connection ends before its answer has come. */
    @Test
    void aPollThatIsRepeatedGetsTheSameAnswer() throws Exception {
        var session = serve().begin();
        session.subscribe("news");
        var answer = session.post("/poll", 1, "").join().body();
        assertThat(typesOf(answer)).containsExactly("subscribed");
        hub.publish("news", 1).join();
        assertThat(session.post("/poll", 1, "").join().body()).isEqualTo(answer);
        assertThat(typesOf(session.post("/poll", 2, "").join().body())).containsExactly("message");
    }

    @Test
    void framesThatAreRepeatedAreTakenOnce() throws Exception {
        var session = serve().begin();
        var publish = "[{\"type\":\"publish\",\"topic\":\"news\",\"data\":0}]";
        for (int number : List.of(1, 1, 2, 2, 1)) {
            var answer = session.post("/messages", number, publish).join();
            assertThat(answer.statusCode()).isEqualTo(204);
        }
        assertThat(hub.publish("news", 1).join().offset()).isEqualTo(3);
    }

    @Test
    void requestsMayReachOtherLoopsThanTheSessions() throws Exception {
        var here = serve();
        var there = serve();
        var session = here.begin();
        session.at(there).subscribe("news");
        assertThat(session.at(there).types()).containsExactly("subscribed");
        var poll = session.at(there).waiting();
        hub.publish("news", 1).join();
        assertThat(poll.types()).containsExactly("message");
        try (var events = session.at(there).listen()) {
            assertThat(events.chunk()).contains("ping");
            for (int i = 2; i < 1000; i++) {
                hub.publish("news", i).join();
                assertThat(frame(events.chunk()).path("offset").asLong()).isEqualTo(i);
            }
        }
        assertThat(gone.take()).startsWith("anonymous-");
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER", "PRIOR_KNOWLEDGE"})
    void bothWorkOverEachVersionOfHttp(Http2Mode http2) throws Exception {
        int port = serve().port();
        var base = "http://127.0.0.1:" + port + "/whirlwind";
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var post =
                        whirlwind.http.client.HttpRequest.of(base)
                                .withMethod("POST")
                                .withHttp2(http2)
                                .withHeader("Content-Type", "application/json");
                var http = AsyncHttpClient.current();
                var connected =
                        Async.await(http.fetch(post.withUrl(base + "/session").withBody(CONNECT)));
                var of = "?session=" + Json.decode(connected.body()).path("session").asString();
                var say = post.withUrl(base + "/messages" + of);
                Async.await(
                        http.fetch(
                                say.withBody(
                                        "[{\"type\":\"subscribe\",\"id\":2,\"topic\":\"news\"}]")));
                var poll = http.fetch(post.withUrl(base + "/poll" + of).withBody(""));
                assertThat(Async.await(poll).text()).contains("subscribed");
                var get =
                        whirlwind.http.client.HttpRequest.of(base + "/events" + of)
                                .withHttp2(http2);
                try (var events = EventSource.open(get, EventSourceOptions.DEFAULTS)) {
                    assertThat(events.next().data()).contains("ping");
                    Async.await(
                            http.fetch(
                                    say.withBody(
                                            "[{\"type\":\"publish\",\"topic\":\"news\",\"data\":7}]")));
                    assertThat(events.next().data()).contains("\"data\":7");
                }
                return true;
            });
        }
        assertThat(gone.take()).startsWith("anonymous-");
    }

    @Test
    void theTransportHasAName() throws Exception {
        var server = serve();
        var ask = "{\"type\":\"request\",\"id\":3,\"name\":\"transport\"}";
        var polling = server.begin();
        polling.say(ask).join();
        assertThat(polling.poll().join().body()).contains("longpoll");
        var streaming = server.begin();
        try (var events = streaming.listen()) {
            events.chunk();
            streaming.say(ask).join();
            assertThat(frame(events.chunk()).path("data").asString()).isEqualTo("sse");
        }
    }

    @Test
    void framesOfSeveralRequestsAreTakenInTheirOrder() throws Exception {
        var session = serve().begin();
        for (int i = 0; i < 50; i++) {
            session.say(
                            "{\"type\":\"unsubscribe\",\"id\":%d,\"topic\":\"a\"}".formatted(i),
                            "{\"type\":\"unsubscribe\",\"id\":%d,\"topic\":\"b\"}".formatted(i))
                    .join();
        }
        var ids = new ArrayList<Integer>();
        while (ids.size() < 100) {
            Json.decode(session.poll().join().body())
                    .forEach(frame -> ids.add(frame.path("id").asInt()));
        }
        assertThat(ids).isSorted().hasSize(100);
    }

    /** By streams and polls at random, through any loop, broken off at any time. */
    @Test
    void aClientThatComesAgainAndAgainHearsEverythingOnceAndInOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var kept = TopicOptions.DEFAULTS.withHistory(1000, Duration.ofHours(1));
        var keeping = options.withTopics("news", kept);
        var ports = List.of(serve(keeping), serve(keeping));
        var heard = new Heard();
        var publishing =
                new Thread(() -> {
                    for (int i = 0; i < 500; i++) {
                        hub.publish("news", i).join();
                    }
                });
        var first = ports.getFirst().begin();
        first.say(heard.subscribe()).join();
        Json.decode(first.poll().join().body()).forEach(heard::take);
        publishing.start();
        while (heard.offset < 500) {
            var session = ports.get(random.nextInt(2)).begin();
            var elsewhere = session.at(ports.get(random.nextInt(2)));
            int patience = random.nextInt(30);
            if (random.nextBoolean()) {
                try (var events = elsewhere.listen()) {
                    events.chunk();
                    session.say(heard.subscribe()).join();
                    for (int i = 0; i < patience && heard.goesOn(); i++) {
                        heard.take(frame(events.chunk()));
                    }
                }
            } else {
                session.say(heard.subscribe()).join();
                for (int i = 0; i < patience && heard.goesOn(); i++) {
                    Json.decode(elsewhere.poll().join().body()).forEach(heard::take);
                }
            }
            heard.disconnected = false;
        }
        publishing.join();
    }

    /** What a client knows of a topic. */
    private static final class Heard {
        String epoch = "";
        long offset;
        boolean disconnected;

        String subscribe() {
            var since =
                    epoch.isEmpty()
                            ? ""
                            : ",\"since\":{\"epoch\":\"%s\",\"offset\":%d}"
                                    .formatted(epoch, offset);
            return "{\"type\":\"subscribe\",\"id\":1,\"topic\":\"news\"%s}".formatted(since);
        }

        boolean goesOn() {
            return offset < 500 && !disconnected;
        }

        void take(JsonNode frame) {
            switch (frame.path("type").asString()) {
                case "subscribed" -> {
                    assertThat(frame.path("recovered").asBoolean(true)).isTrue();
                    epoch = frame.path("epoch").stringValue();
                }
                case "message" -> assertThat(frame.path("offset").asLong()).isEqualTo(++offset);
                case "disconnect" -> disconnected = true; // it was too slow
                default -> assertThat(frame.path("type").asString()).isEqualTo("ping");
            }
        }
    }

    // ---- the end ----

    @Test
    void aPollWithoutNewsIsAnsweredWithinAHeartbeat() throws Exception {
        var session = serve().begin();
        var poll = session.waiting();
        pass(Duration.ofSeconds(25));
        assertThat(poll.text()).isEqualTo("[]");
    }

    @Test
    void aPollThatWaitsKeepsNoCoroutine() throws Exception {
        var session = serve().begin();
        var poll = session.waiting();
        var tasks = servers.getFirst().onLoop(() -> IOLoop.current().tasks());
        assertThat(tasks).hasSize(1); // the one that asks
        session.subscribe("news");
        assertThat(poll.types()).containsExactly("subscribed");
    }

    @Test
    void aSessionThatNobodyPollsEnds() throws Exception {
        var session = serve().begin("{\"type\":\"connect\",\"version\":1,\"token\":\"ann\"}");
        pass(Duration.ofSeconds(37));
        assertThat(gone).isEmpty();
        pass(Duration.ofSeconds(25));
        assertThat(gone.take()).isEqualTo("ann");
        // Its last words wait for a while.
        assertThat(session.poll().join().body()).contains("disconnect").contains("timeout");
        assertThat(error(session.poll().join())).isEqualTo("410 unavailable");
    }

    @Test
    void whoPollsStays() throws Exception {
        var session = serve().begin();
        for (int i = 0; i < 6; i++) {
            var poll = session.waiting();
            pass(Duration.ofSeconds(25));
            assertThat(poll.text()).isEqualTo("[]");
        }
        assertThat(gone).isEmpty();
    }

    @Test
    void aSessionEndsWithItsStream() throws Exception {
        var session = serve().begin();
        try (var events = session.listen()) {
            events.chunk();
        }
        assertThat(gone.take()).startsWith("anonymous-");
        assertThat(error(session.say().join())).isEqualTo("410 unavailable");
    }

    @Test
    void aSessionEndsWithAPollThatBreaks() throws Exception {
        var server = serve();
        var session = server.begin();
        try (var broken = HttpClient.newHttpClient()) {
            var poll = session.at(new Session.Server(broken, server.port())).waiting();
            poll.body().close();
        }
        assertThat(gone.take()).startsWith("anonymous-");
    }

    @Test
    void goodByesReachTheClient() throws Exception {
        var server = serve();
        var polling = server.begin();
        var poll = polling.waiting();
        var streaming = server.begin();
        try (var events = streaming.listen()) {
            events.chunk();
            for (var connection : hub.connections().join()) {
                connection.disconnect("banned", "for ever", false);
            }
            var goodBye = frame(events.chunk());
            assertThat(goodBye.path("type").asString()).isEqualTo("disconnect");
            assertThat(goodBye.path("code").asString()).isEqualTo("banned");
            assertThat(events.chunk()).isEmpty();
            assertThat(poll.types()).containsExactly("disconnect");
        }
    }

    @Test
    void aGoodByeWhoseAnswerIsLostIsSaidAgain() throws Exception {
        var session = serve().begin();
        var poll = session.waiting(1);
        hub.connections().join().getFirst().disconnect("banned", "for ever", false);
        var answer = poll.text();
        assertThat(typesOf(answer)).containsExactly("disconnect");
        assertThat(session.post("/poll", 1, "").join().body()).isEqualTo(answer);
        assertThat(error(session.post("/poll", 2, "").join())).isEqualTo("410 unavailable");
        assertThat(error(session.say().join())).isEqualTo("410 unavailable");
        pass(Duration.ofSeconds(30));
        assertThat(error(session.post("/poll", 1, "").join())).isEqualTo("410 unavailable");
    }

    /** By another loop, which is busy when its stream should begin. */
    @Test
    void aSessionThatEndsWhileItsStreamOpensSaysGoodBye() throws Exception {
        var here = serve();
        var session = here.begin("{\"type\":\"connect\",\"version\":1}");
        var there = serve();
        var homeGoesOn = new CountDownLatch(1);
        var otherGoesOn = new CountDownLatch(1);
        loops.get(0).addCallback(() -> await(homeGoesOn));
        try (var events = session.at(there).listen()) {
            var other = servers.get(1);
            while (other.onLoop(() -> IOLoop.current().tasks().size()) < 2) {
                Thread.onSpinWait(); // until the request waits for the session's loop
            }
            loops.get(1).addCallback(() -> await(otherGoesOn));
            homeGoesOn.countDown();
            servers.get(0)
                    .onLoop(() -> {
                        hub.here().connections().open().getFirst().disconnect("banned", "", false);
                        return true;
                    });
            otherGoesOn.countDown();
            var goodBye = events.chunk();
            while (goodBye.contains("ping")) {
                goodBye = events.chunk();
            }
            assertThat(frame(goodBye).path("code").asString()).isEqualTo("banned");
            assertThat(events.chunk()).isEmpty();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDrainMovesClientsAway() throws Exception {
        var server = serve();
        var polling = server.begin();
        var poll = polling.waiting();
        try (var events = server.begin().listen()) {
            events.chunk();
            var drained = hub.drain(Duration.ZERO);
            assertThat(frame(events.chunk()).path("code").asString()).isEqualTo("draining");
            assertThat(events.chunk()).isEmpty();
            assertThat(poll.text()).contains("draining").contains("\"reconnect\":true");
            drained.join();
            assertThat(error(server.post("/session", CONNECT).join())).isEqualTo("503 unavailable");
        }
    }
}
