package whirlwind.demos.clock;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import whirlwind.demos.page.PageHandler;
import whirlwind.loop.IOLoop;
import whirlwind.loop.PeriodicCallback;
import whirlwind.realtime.sse.SseEvent;
import whirlwind.realtime.sse.SseStream;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/** {@code /events} tells the time every second; {@code /} is a page that shows it. */
public final class Clock {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Set<SseStream> listeners = new HashSet<>(); // one loop, so no lock

    private Clock() {}

    /** The application, on no port yet. */
    public static Application application() {
        var clock = new Clock();
        new PeriodicCallback(clock::tick, SECOND).start();
        return new Application()
                .route("/", PageHandler.of(Clock.class, "index.html"))
                .route("/icon.svg", PageHandler.icon())
                .route("/clock.css", PageHandler.of(Clock.class, "clock.css"))
                .route("/clock.js", PageHandler.of(Clock.class, "clock.js"))
                .route("/events", () -> clock.new EventsHandler());
    }

    /** Encodes once, however many listen; whoever is behind misses a second. */
    private void tick() {
        var event = now();
        listeners.forEach(stream -> stream.trySend(event));
    }

    private static SseEvent now() {
        var time = IOLoop.current().time();
        return SseEvent.of(time.toString()).withName("tick").withId(time.getEpochSecond());
    }

    private final class EventsHandler extends RequestHandler {
        @Override
        protected void get() {
            var stream = SseStream.open(this);
            stream.retryAfter(SECOND);
            stream.send(now());
            listeners.add(stream);
            stream.onClose(() -> listeners.remove(stream));
        }
    }
}
