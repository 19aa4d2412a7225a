package whirlwind.realtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import whirlwind.escape.Json;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.sse.EventSource;
import whirlwind.realtime.sse.EventSourceOptions;
import whirlwind.testing.VirtualTime;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;
import whirlwind.web.ServedApplication;

/** The hub over server-sent events and long polling, on a clock that moves only when told to. */
@Timeout(60)
class HubSessionTest {
    private static final String CONNECT = "{\"type\":\"connect\",\"id\":1,\"version\":1}";

    private final BlockingQueue<String> gone = new LinkedBlockingQueue<>();

    private final HubAccess access =
            new HubAccess() {
                @Override
                public HubUser connect(ConnectRequest request) {
                    var token = request.token();
                    if (token == null) {
                        return HubUser.ANONYMOUS;
                    }
                    if (token.stringValue().equals("nobody")) {
                        throw new HubRefusal("unauthorized", "not you");
                    }
                    return new HubUser(token.stringValue());
                }

                @Override
                public boolean mayPublish(HubConnection connection, String topic, JsonNode data) {
                    return true;
                }

                @Override
                public Object onRequest(HubConnection connection, String name, JsonNode data) {
                    return connection.transport();
                }

                @Override
                public boolean maySubscribe(HubConnection connection, TopicPattern topic) {
                    return true;
                }

                @Override
                public void onDisconnect(HubConnection connection) {
                    gone.add(connection.user().id());
                }

                @Override
                public boolean allowsOrigin(String origin) {
                    return origin.equals("https://friend.example");
                }
            };

    private final HubOptions options = HubOptions.DEFAULTS.withAccess(access);
    private final HttpClient client = HttpClient.newHttpClient();
    private final VirtualTime time = new VirtualTime();
    private final List<ServedApplication> servers = new ArrayList<>();
    private final List<IOLoop> loops = new ArrayList<>();
    private @Nullable Hub hub;

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        for (var server : servers) {
            server.close();
        }
        loops.forEach(IOLoop::close);
    }

    // ---- servers ----

    private Session.Server serve(HubOptions options) throws Exception {
        return serve(options, ApplicationSettings.DEFAULTS);
    }

    private Session.Server serve(HubOptions options, ApplicationSettings settings)
            throws Exception {
        if (hub == null) {
            hub = new Hub(options);
        }
        var loop = loops.isEmpty() ? time.newLoop() : new IOLoop();
        loops.add(loop);
        var application = new Application(settings);
        var server = ServedApplication.on(loop, application);
        servers.add(server);
        server.onLoop(() -> {
            hub.mount(application);
            return true;
        });
        return new Session.Server(client, server.port());
    }

    private Session.Server serve() throws Exception {
        return serve(options);
    }

    private void pass(Duration duration) throws Exception {
        servers.getFirst()
                .onLoop(() -> {
                    time.advance(duration);
                    return true;
                });
    }

    private static List<String> typesOf(String frames) {
        var types = new ArrayList<String>();
        Json.decode(frames).forEach(frame -> types.add(frame.path("type").asString()));
        return types;
    }

    /** What a poll will bring. */
    private record Polling(InputStream body) {
        String text() throws IOException {
            return new String(body.readAllBytes(), UTF_8);
        }

        List<String> types() throws IOException {
            return typesOf(text());
        }
    }

    /** Begins sessions, and says things in them, as a client of HTTP/1.1. */
    private record Session(Server server, String token) {
        record Server(HttpClient client, int port) {
            HttpRequest.Builder request(String path, String body) {
                return HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/whirlwind" + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .setHeader("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body));
            }

            CompletableFuture<HttpResponse<String>> post(
                    String path, String body, String... headers) {
                var request = request(path, body);
                for (int i = 0; i < headers.length; i += 2) {
                    request.setHeader(headers[i], headers[i + 1]);
                }
                return client.sendAsync(request.build(), BodyHandlers.ofString());
            }

            Session begin(String body) {
                var answer = Json.decode(post("/session", body).join().body());
                assertThat(answer.path("type").asString()).as("" + answer).isEqualTo("connected");
                return new Session(this, answer.path("session").stringValue());
            }

            Session begin() {
                return begin(CONNECT);
            }
        }

        /** The same session by another server of the hub. */
        Session at(Server other) {
            return new Session(other, token);
        }

        CompletableFuture<HttpResponse<String>> post(String path, String body) {
            return server.post(path + "?session=" + token, body);
        }

        CompletableFuture<HttpResponse<String>> say(String... frames) {
            return post("/messages", Stream.of(frames).collect(Collectors.joining(",", "[", "]")));
        }

        void subscribe(String topic) {
            var frame = "{\"type\":\"subscribe\",\"id\":2,\"topic\":\"%s\"}".formatted(topic);
            assertThat(say(frame).join().statusCode()).isEqualTo(204);
        }

        CompletableFuture<HttpResponse<String>> poll() {
            return post("/poll", "");
        }

        /** A poll that waits: its head has come. */
        Polling waiting() throws Exception {
            var request = server.request("/poll?session=" + token, "").build();
            var answer = server.client.send(request, BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            return new Polling(answer.body());
        }

        /** The types of the frames that the next poll brings. */
        List<String> types() {
            return typesOf(poll().join().body());
        }

        EventListener listen() throws IOException {
            return new EventListener(server.port, "/whirlwind/events?session=" + token);
        }
    }

    private static JsonNode frame(String chunk) {
        assertThat(chunk).startsWith("data: {").endsWith("}\n\n");
        return Json.decode(chunk.substring("data: ".length()));
    }

    private static String error(HttpResponse<String> answer) {
        return answer.statusCode() + " " + Json.decode(answer.body()).path("code").asString();
    }

    // ---- what it is for ----

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

    // ---- bad input ----

    @ParameterizedTest
    @ValueSource(strings = {"", "?session=", "?session=AAAAAAAAAAAAAAAAAAAAAAAA"})
    void aSessionThatIsUnknownOrForgedIsRefused(String query) throws Exception {
        var server = serve();
        server.begin();
        assertThat(error(server.post("/poll" + query, "").join())).isEqualTo("410 unavailable");
        assertThat(error(server.post("/messages" + query, "[]").join()))
                .isEqualTo("410 unavailable");
        try (var events = new EventListener(server.port(), "/whirlwind/events" + query)) {
            assertThat(events.head().getFirst()).startsWith("HTTP/1.1 410 ");
        }
    }

    @Test
    void onlyOneListensAtATime() throws Exception {
        var session = serve().begin();
        var poll = session.waiting();
        assertThat(error(session.poll().join())).isEqualTo("409 malformed");
        try (var second = session.listen()) {
            assertThat(second.head().getFirst()).startsWith("HTTP/1.1 409 ");
        }
        session.subscribe("news");
        assertThat(poll.types()).containsExactly("subscribed");
        try (var events = session.listen()) {
            events.chunk();
            assertThat(error(session.poll().join())).isEqualTo("409 malformed");
            try (var second = session.listen()) {
                assertThat(second.head().getFirst()).startsWith("HTTP/1.1 409 ");
            }
        }
        assertThat(gone.take()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"connect\"           | 400 malformed",
                "[]                              | 400 malformed",
                "{\"type\":\"pong\"}             | 400 malformed",
                "{\"type\":\"connect\"}          | 400 malformed",
                "{\"type\":\"connect\",\"version\":2} | 400 version",
                "{\"type\":\"connect\",\"version\":1,\"token\":\"nobody\"} | 401 unauthorized"
            })
    void whoIsNotLetInIsToldWhy(String body, String expected) throws Exception {
        var server = serve(options.withMaxSessions(1, 1));
        assertThat(error(server.post("/session", body).join())).isEqualTo(expected);
        server.begin(); // nothing is left of the other
    }

    @Test
    void whatIsNoArrayOfFramesIsRefused() throws Exception {
        var session = serve().begin();
        assertThat(error(session.post("/messages", "{}").join())).isEqualTo("400 malformed");
        assertThat(error(session.post("/messages", "[").join())).isEqualTo("400 malformed");
        var many = "[" + "{},".repeat(100) + "{}]";
        assertThat(error(session.post("/messages", many).join())).isEqualTo("400 malformed");
        session.say("{}", "1", "{\"type\":\"nonsense\",\"id\":4}").join();
        assertThat(session.types()).contains("error");
    }

    @Test
    void framesAndBodiesThatAreTooLargeAreRefused() throws Exception {
        var session = serve().begin();
        var large = "{\"type\":\"request\",\"name\":\"%s\"}".formatted("x".repeat(70_000));
        assertThat(error(session.say(large).join())).isEqualTo("413 limit");
        var body = "[\"" + "x".repeat(4 << 20) + "\"]";
        assertThat(error(session.post("/messages", body).join())).isEqualTo("413 limit");
        assertThat(error(session.post("/poll", body).join())).isEqualTo("413 limit");
    }

    @Test
    void onlyJsonIsTaken() throws Exception {
        var server = serve();
        var answer = server.post("/session", CONNECT, "Content-Type", "text/plain").join();
        assertThat(error(answer)).isEqualTo("415 malformed");
    }

    @Test
    void otherSitesPagesAreRefusedUnlessAllowed() throws Exception {
        var server = serve();
        var evil = server.post("/session", CONNECT, "Origin", "https://evil.example").join();
        assertThat(error(evil)).isEqualTo("403 forbidden");
        for (var origin : List.of("http://127.0.0.1:" + server.port(), "https://friend.example")) {
            var answer = server.post("/session", CONNECT, "Origin", origin).join();
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aTokenAgainstForgeryIsNotNeeded() throws Exception {
        var settings = ApplicationSettings.DEFAULTS.withXsrfCookies(true);
        var session = serve(options, settings).begin();
        session.subscribe("news");
    }

    @Test
    void sessionsAreLimited() throws Exception {
        var server = serve(options.withMaxSessions(3, 2));
        var first = server.begin();
        server.begin();
        assertThat(error(server.post("/session", CONNECT).join())).isEqualTo("429 limit");
        try (var events = first.listen()) {
            events.chunk();
        }
        assertThat(gone.take()).isNotEmpty();
        server.begin();
    }

    @Test
    void sessionsOfAllAddressesTogetherAreLimited() throws Exception {
        var server = serve(options.withMaxSessions(1, 2));
        server.begin();
        assertThat(error(server.post("/session", CONNECT).join())).isEqualTo("429 limit");
    }

    @Test
    void whoSendsTooManyFramesIsToldSo() throws Exception {
        var session = serve(options.withFrameRate(1, 1)).begin();
        var posted = session.say("{\"type\":\"pong\"}");
        assertThat(session.poll().join().body()).contains("\"code\":\"rate\"");
        assertThat(posted).isNotDone(); // until the frame's time comes
        pass(Duration.ofSeconds(2));
        assertThat(posted.join().statusCode()).isEqualTo(204);
    }

    @Test
    void aClientThatNeverReadsIsDisconnected() throws Exception {
        var session = serve(options.withMaxQueuedBytes(100_000)).begin();
        try (var events = session.listen()) {
            events.chunk();
            session.subscribe("news");
            var text = "x".repeat(50_000);
            while (gone.isEmpty()) {
                hub.publish("news", text).join();
            }
        }
    }

    @Test
    void aClientThatNeverPollsKeepsNoMoreThanItsQueue() throws Exception {
        var session = serve(options.withMaxQueuedBytes(100_000)).begin();
        session.subscribe("news");
        while (gone.isEmpty()) {
            hub.publish("news", "x".repeat(10_000)).join();
        }
        assertThat(session.types()).contains("disconnect");
    }
}
