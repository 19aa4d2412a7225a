package whirlwind.realtime.longpoll;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;
import whirlwind.loop.IOLoop;
import whirlwind.sync.Condition;
import whirlwind.web.RequestHandler;

/**
 * The requests that wait for news of one thing: a room, a user, a job. A handler asks, and waits in
 * its coroutine; whoever has news wakes them all:
 *
 * {@snippet :
 * class NewsHandler extends RequestHandler {
 *     protected void get() throws Exception {
 *         long after = query(After.class).id();
 *         writeJson(polls.await(this, () -> room.since(after)));
 *     }
 * }
 * room.add(message);
 * polls.wake();
 * }
 *
 * <p>Nothing is lost between two requests of a client as long as each says what it has and {@code
 * news} answers what came after that. Confined to its loop.
 */
public final class LongPolls {
    /**
     * How long a request waits unless told otherwise, 25 seconds: less than what proxies allow a
     * connection to be quiet, mostly 30 seconds or a minute.
     */
    public static final Duration LIMIT = Duration.ofSeconds(25);

    private final Condition woken = new Condition();
    private int waiting;

    /** Nobody waits. */
    public LongPolls() {}

    /** As {@link #await(RequestHandler, Duration, Supplier)} with {@link #LIMIT}. */
    public <T extends Collection<?>> T await(RequestHandler handler, Supplier<T> news)
            throws Exception {
        return await(handler, LIMIT, news);
    }

    /**
     * What {@code news} says as soon as that is not empty: now, or after a {@link #wake}. When the
     * limit has passed or the server {@linkplain whirlwind.web.Application#onDrain drains}, it is
     * empty, and the client asks again. When the client leaves, the handler's coroutine is
     * cancelled here. Caches are told not to keep the answer.
     *
     * @param handler the one that waits, whose response has not been sent
     * @param limit zero to answer at once
     * @param news what is new for this client; called in its coroutine
     */
    public <T extends Collection<?>> T await(
            RequestHandler handler, Duration limit, Supplier<T> news) throws Exception {
        handler.setHeader("Cache-Control", "no-store");
        var answer = news.get();
        if (!answer.isEmpty() || !limit.isPositive()) {
            return answer;
        }
        var draining = new boolean[1];
        Runnable drain =
                () -> {
                    draining[0] = true;
                    wake();
                };
        var loop = IOLoop.current();
        var until = loop.time().plus(limit);
        waiting++;
        try (var _ = handler.application().onDrain(drain)) {
            while (answer.isEmpty()
                    && !draining[0]
                    && woken.await(Duration.between(loop.time(), until))) {
                answer = news.get();
            }
        } finally {
            waiting--;
        }
        return answer;
    }

    /** There may be news: those who wait look, when the caller suspends or ends. */
    public void wake() {
        woken.signalAll();
    }

    /** How many requests wait. */
    public int waiting() {
        return waiting;
    }

    /** For example {@code LongPolls[waiting 2]}. */
    @Override
    public String toString() {
        return "LongPolls[waiting " + waiting + "]";
    }
}
