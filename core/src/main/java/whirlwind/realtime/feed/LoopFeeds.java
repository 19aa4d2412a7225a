package whirlwind.realtime.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.TopicPattern;

/**
 * The topics and patterns that have subscribers on one loop. Confined to the loop, but for the
 * queue by which it is told what happened: however much that is, it wakes the loop once.
 *
 * <p>What is shared with other loops (the engine, {@link Interests}) has locks, and a coroutine or
 * callback that finds one taken is suspended, while other coroutines of the loop go on. So each
 * call of these counts as one that waits: before it, all is in order; after it, all is looked at
 * anew.
 */
public final class LoopFeeds {
    /**
     * More waits only on a loop that is far behind: then it reads from the history what it needs.
     */
    private static final int MAX_QUEUED = 65_536;

    /** So many are taken from the queue in one turn. */
    private static final int AT_ONCE = 64;

    /** So many are told to their audiences at a time; the others wait in the queue. */
    private static final int MAX_TELLING = 256;

    private static final Logger log = LoggerFactory.getLogger(LoopFeeds.class);

    private final IOLoop loop;
    private final Interests interests;
    private final Clients clients;
    private final Supplier<? extends RuntimeException> ended;

    private final Map<String, TopicFeed> topics = new HashMap<>();
    private final Map<TopicPattern, PatternFeed> patterns = new HashMap<>();

    // What other threads touch.
    private final ConcurrentLinkedQueue<FeedEvent> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicBoolean overflown = new AtomicBoolean();

    private final Set<TopicPattern> wanted = ConcurrentHashMap.newKeySet();

    /** So many things are being told to audiences. */
    private int telling;

    /**
     * None yet.
     *
     * @param interests what this loop's are added to, until {@link #close}
     * @param ended what is said to who waits for a feed to start that ends before, because all its
     *     subscribers have gone
     */
    public LoopFeeds(
            IOLoop loop,
            Interests interests,
            Clients clients,
            Supplier<? extends RuntimeException> ended) {
        this.loop = loop;
        this.interests = interests;
        this.clients = clients;
        this.ended = ended;
        interests.add(this);
    }

    IOLoop io() {
        return loop;
    }

    HubEngine engine() {
        return interests.engine();
    }

    RuntimeException ended() {
        return ended.get();
    }

    /** Calls back on the loop when a future is done; now, if it is done now. */
    <T extends @Nullable Object> void whenDone(
            CompletableFuture<T> future,
            BiConsumer<? super @Nullable T, ? super @Nullable Throwable> callback) {
        if (future.isDone()) {
            future.whenComplete(callback);
        } else {
            loop.addFuture(future, done -> done.whenComplete(callback));
        }
    }

    // ---- from any thread ----

    void offer(FeedEvent event) {
        if (queued.incrementAndGet() > MAX_QUEUED) {
            queued.decrementAndGet();
            overflown.set(true);
        } else {
            queue.add(event);
        }
        wake();
    }

    private void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            loop.addCallback(this::takeQueued);
        }
    }

    /** Whether there are subscribers to it here. */
    boolean wants(TopicPattern pattern) {
        return wanted.contains(pattern);
    }

    // ---- what happens, on the loop ----

    private void takeQueued() {
        woken.set(false);
        for (int i = 0; i < AT_ONCE && telling < MAX_TELLING; i++) {
            var event = queue.poll();
            if (event == null) {
                break;
            }
            queued.decrementAndGet();
            take(event);
        }
        if (!queue.isEmpty()) {
            if (telling < MAX_TELLING) {
                wake();
            }
        } else if (overflown.compareAndSet(true, false)) {
            log.warn("{} was more than {} publications behind", loop.name(), MAX_QUEUED);
            resume();
        }
    }

    /** So many more things are being told to an audience, or, if negative, less. */
    void telling(int more) {
        boolean full = telling >= MAX_TELLING;
        telling += more;
        if (full && telling < MAX_TELLING) {
            wake();
        }
    }

    private void take(FeedEvent event) {
        switch (event) {
            case Broadcast broadcast -> published(broadcast);
            case PresenceChange change -> {
                var topic = topics.get(change.topic());
                if (topic != null) {
                    topic.audience().tell(subscriber -> subscriber.deliver(change));
                }
            }
        }
    }

    private void published(Broadcast broadcast) {
        var name = broadcast.publication().topic();
        if (topics.containsKey(name)) {
            encode(broadcast);
        }
        var topic = topics.get(name); // anew: another one may have come or gone meanwhile
        if (topic != null) {
            topic.published(broadcast);
        }
        if (!patterns.isEmpty()) {
            for (var pattern : List.copyOf(patterns.values())) {
                pattern.published(broadcast);
            }
        }
    }

    /** Before it is told to clients; not in the middle of anything, for another loop may do so. */
    void encode(Broadcast broadcast) {
        broadcast.encodeFor(clients);
    }

    /** Publications may have been missed, in any topic. */
    void resume() {
        List.copyOf(topics.values()).forEach(TopicFeed::resume);
    }

    // ---- what there is, on the loop ----

    /** A topic or pattern; its first subscriber is added before it is started. */
    public Feed feed(TopicPattern name) {
        return name.isTopic() ? topic(name) : pattern(name);
    }

    private TopicFeed topic(TopicPattern name) {
        var known = topics.get(name.text());
        if (known != null) {
            return known;
        }
        var topic = new TopicFeed(this, name);
        topics.put(name.text(), topic);
        return topic;
    }

    private PatternFeed pattern(TopicPattern name) {
        var known = patterns.get(name);
        if (known != null) {
            return known;
        }
        var pattern = new PatternFeed(this, name);
        patterns.put(name, pattern);
        return pattern;
    }

    /** Done when every later publication of it will be told. */
    CompletableFuture<@Nullable Void> want(TopicPattern pattern) {
        wanted.add(pattern);
        return interests.update(this, pattern);
    }

    void wantNoMore(TopicPattern pattern) {
        wanted.remove(pattern);
        interests.update(this, pattern);
    }

    void forget(Feed feed) {
        boolean known =
                switch (feed) {
                    case TopicFeed topic -> topics.remove(topic.name().text(), topic);
                    case PatternFeed pattern -> patterns.remove(pattern.name(), pattern);
                };
        if (known) {
            feed.close();
        }
    }

    /** The loop ends. */
    public void close() {
        new ArrayList<>(topics.values()).forEach(this::forget);
        new ArrayList<>(patterns.values()).forEach(this::forget);
        interests.remove(this);
    }
}
