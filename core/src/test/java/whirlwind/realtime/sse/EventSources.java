package whirlwind.realtime.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import whirlwind.http.client.ScriptedServer;
import whirlwind.loop.IOLoop;

/** Sources of events, and what servers say to them. */
final class EventSources {
    static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    static final String STOP = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    /** Without waiting longer than it must. */
    static final EventSourceOptions EAGER = EventSourceOptions.DEFAULTS.withRetry(Duration.ZERO);

    private EventSources() {}

    static <T> T onLoop(Callable<T> body) {
        try (var loop = new IOLoop()) {
            return loop.runSync(body);
        }
    }

    /** All events until the server says that there are no more. */
    static List<SseEvent> eventsOf(EventSource source) {
        var events = new ArrayList<SseEvent>();
        for (SseEvent event; (event = source.next()) != null; ) {
            events.add(event);
        }
        return events;
    }

    static List<SseEvent> eventsFrom(ScriptedServer server) {
        return onLoop(() -> {
            try (var source = EventSource.open(server.get(), EAGER)) {
                return eventsOf(source);
            }
        });
    }

    static SseEvent message(String data) {
        return SseEvent.received("message", data, "");
    }

    static SseEvent message(String data, String lastId) {
        return SseEvent.received("message", data, lastId);
    }
}
