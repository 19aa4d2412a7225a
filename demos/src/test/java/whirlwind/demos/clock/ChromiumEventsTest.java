package whirlwind.demos.clock;

import static whirlwind.web.Verbs.onGet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.demos.Browser;
import whirlwind.demos.Eventually;
import whirlwind.demos.RunningDemo;
import whirlwind.realtime.sse.SseEvent;
import whirlwind.realtime.sse.SseStream;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/** What a browser's EventSource makes of a stream. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ChromiumEventsTest {
    private static final String PAGE =
            """
            <!doctype html><title>events</title><script>
            const heard = [];
            const source = new EventSource('/events');
            const hear = ({ type, data, lastEventId }) => heard.push(`${type}|${data}|${lastEventId}`);
            for (const type of ['message', 'tïck', 'again']) source.addEventListener(type, hear);
            </script>
            """;

    private static void stream(RequestHandler handler) {
        var stream = SseStream.open(handler);
        var last = stream.lastEventId();
        if (last != null) {
            stream.send(SseEvent.of(last).withName("again"));
            return; // and goes on
        }
        stream.retryAfter(Duration.ofMillis(50));
        stream.send(SseEvent.of("first").withId("1"));
        stream.send(SseEvent.of(" a\nb\r\n\rc: ü😀\uFEFF").withName("tïck"));
        stream.send(SseEvent.of("").withId("ü 2"));
        stream.close();
    }

    @Test
    void eventsArriveAndTheNextStreamGoesOnFromTheLastId(@TempDir Path profile) throws Exception {
        var demo =
                RunningDemo.start(() ->
                        new Application()
                                .route("/", onGet(handler -> handler.write(PAGE)))
                                .route("/events", onGet(ChromiumEventsTest::stream)));
        try (var browser = new Browser(profile)) {
            browser.open(demo.uri("/").toString());
            Eventually.becomes(
                    List.of(
                            "message|first|1",
                            "tïck| a\nb\n\nc: ü😀\uFEFF|1",
                            "message||ü 2",
                            "again|ü 2|ü 2"),
                    () -> browser.driver().executeScript("return heard"));
        } finally {
            demo.close();
        }
    }
}
