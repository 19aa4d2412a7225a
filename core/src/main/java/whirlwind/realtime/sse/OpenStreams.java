package whirlwind.realtime.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.PeriodicCallback;
import whirlwind.web.Application;

/**
 * The open streams of an application: one timer has comments sent to all of them, a part at each
 * tick, and one listener ends them when the application drains.
 */
final class OpenStreams {
    /** The streams are kept alive by so many parts, so that they aren't all at the same time. */
    private static final int PARTS = 16;

    /** So many of a part are, before others of the loop have their turn. */
    private static final int AT_ONCE = 256;

    /** So many are ended in one turn of the loop; as many come back to it. */
    private static final int DRAIN_BATCH = 100;

    /** They come back spread over this time, in milliseconds. */
    private static final int RETURN_FROM = 1000;

    private static final int RETURN_TO = 5000;

    private final Application application;
    private final List<SseStream> streams = new ArrayList<>();
    private final @Nullable PeriodicCallback timer;
    private int part;
    private boolean listening;
    private boolean draining;

    private OpenStreams(Application application) {
        this.application = application;
        var interval = application.settings().sseKeepAlive();
        timer =
                interval.isZero()
                        ? null
                        : new PeriodicCallback(this::keepPartAlive, interval.dividedBy(PARTS));
    }

    static OpenStreams of(Application application) {
        return application.attachment(OpenStreams.class, () -> new OpenStreams(application));
    }

    void add(SseStream stream) {
        stream.place = streams.size();
        streams.add(stream);
        if (!listening) {
            listening = true;
            var _ = application.onDrain(this::drain);
        }
        if (timer != null) {
            timer.start();
        }
        if (draining) {
            IOLoop.current().addCallback(() -> sendAway(stream));
        }
    }

    void remove(SseStream stream) {
        var last = streams.removeLast();
        if (last != stream) {
            streams.set(stream.place, last);
            last.place = stream.place;
        }
        if (streams.isEmpty() && timer != null) {
            timer.stop();
        }
    }

    /** In a coroutine; from the end on, for one that goes is replaced by the last. */
    private void keepPartAlive() {
        int from = (int) ((long) streams.size() * part / PARTS);
        part++;
        int to = (int) ((long) streams.size() * part / PARTS);
        part %= PARTS;
        for (int i = to - 1; i >= from; i--) {
            if (i < streams.size()) {
                streams.get(i).keepAlive();
            }
            if (i % AT_ONCE == 0) {
                Async.moment();
            }
        }
    }

    private void drain() {
        draining = true;
        drain(List.copyOf(streams), 0);
    }

    private void drain(List<SseStream> leaving, int from) {
        int to = Math.min(from + DRAIN_BATCH, leaving.size());
        leaving.subList(from, to).forEach(OpenStreams::sendAway);
        if (to < leaving.size()) {
            IOLoop.current().addCallback(() -> drain(leaving, to));
        }
    }

    private static void sendAway(SseStream stream) {
        long pause = ThreadLocalRandom.current().nextInt(RETURN_FROM, RETURN_TO);
        if (stream.isOpen()) {
            stream.drain(Duration.ofMillis(pause));
        }
    }
}
