package whirlwind.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.web.ApplicationSettings;

/** Requests of sessions that are malformed, forged, out of turn, or too much. */
@Timeout(60)
class HubSessionRefusalTest extends SessionServers {
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

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "1.5", "one", "9999999999"})
    void aNumberThatCountsNothingIsRefused(String number) throws Exception {
        var session = serve().begin();
        for (var path : List.of("/poll", "/messages")) {
            var answer =
                    session.server()
                            .post(path + "?session=" + session.token() + "&number=" + number, "[]");
            assertThat(error(answer.join())).isEqualTo("400 malformed");
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
