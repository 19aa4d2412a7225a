package whirlwind.realtime.engine;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Ticker;

/**
 * Keeps everything in this process: for one server, of any number of loops. When the process ends,
 * so does what it kept, and the next one has another epoch.
 *
 * <p>Each topic has a short lock of its own; its publications are told while that is held, which
 * keeps them in order. A topic of which nothing is kept, and that nobody has subscribed to or is
 * present in, is forgotten. Its count isn't reused: topics that begin afterwards count on from the
 * highest offset that was forgotten, so that no position of the old one fits the new one by chance.
 */
public final class MemoryEngine implements HubEngine {
    /** So many topics are looked at for each publication; more than one, so that this keeps up. */
    private static final int SWEPT_PER_PUBLICATION = 2;

    private final String epoch = newEpoch();
    private final InstantSource clock;
    private final ConcurrentHashMap<String, MemoryTopic> topics = new ConcurrentHashMap<>();
    private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

    /** The highest offset of the topics that were forgotten. */
    private final AtomicLong forgotten = new AtomicLong();

    private final Object sweeping = new Object();
    private Iterator<MemoryTopic> toSweep = topics.values().iterator();

    private volatile @Nullable EngineListener listener;
    private volatile boolean closed;

    /** An empty one. */
    public MemoryEngine() {
        this(Ticker.SYSTEM.instants());
    }

    /** The same with a clock of its own, for tests. */
    public MemoryEngine(InstantSource clock) {
        this.clock = clock;
    }

    private static String newEpoch() {
        return Long.toString(new SecureRandom().nextLong() >>> 1, Character.MAX_RADIX);
    }

    @Override
    public void start(EngineListener listener) {
        this.listener = listener;
    }

    @Override
    public CompletableFuture<Position> publish(
            String topic, String json, @Nullable String publisher, HistoryLimits limits) {
        return done(() -> {
            sweep();
            return in(
                    topic,
                    t -> {
                        var publication = t.append(json, publisher, clock.instant(), limits);
                        tell(t, to -> to.published(publication), matchesPattern(topic));
                        forgetIfUnused(t);
                        return publication.position();
                    });
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> subscribe(TopicPattern pattern) {
        return done(() -> {
            if (pattern.isTopic()) {
                in(pattern.text(), t -> t.subscribed = true);
            } else {
                patterns.add(pattern);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> unsubscribe(TopicPattern pattern) {
        return done(() -> {
            if (pattern.isTopic()) {
                in(
                        pattern.text(),
                        t -> {
                            t.subscribed = false;
                            return forgetIfUnused(t);
                        });
            } else {
                patterns.remove(pattern);
            }
            return null;
        });
    }

    @Override
    public CompletableFuture<HistoryPage> history(
            String topic, @Nullable Position since, int limit) {
        return done(() ->
                in(
                        topic,
                        t -> {
                            var page = t.page(since, limit, clock.instant());
                            forgetIfUnused(t);
                            return page;
                        }));
    }

    @Override
    public CompletableFuture<@Nullable Void> join(
            String topic, String connection, String user, @Nullable String info) {
        return done(() -> {
            in(
                    topic,
                    t -> {
                        var joined = t.join(connection, user, info);
                        if (joined != null) {
                            tell(t, to -> to.joined(topic, joined), false);
                        }
                        return true;
                    });
            return null;
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> leave(String topic, String connection, String user) {
        return done(() -> {
            in(
                    topic,
                    t -> {
                        var left = t.leave(connection, user);
                        if (left != null) {
                            tell(t, to -> to.left(topic, left), false);
                        }
                        return forgetIfUnused(t);
                    });
            return null;
        });
    }

    @Override
    public CompletableFuture<List<Member>> members(String topic) {
        return done(() -> {
            var known = topics.get(topic);
            return known == null ? List.of() : known.members();
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
        closed = true;
        listener = null;
        topics.clear();
        patterns.clear();
        return CompletableFuture.completedFuture(null);
    }

    // ---- inside ----

    private interface Step<T extends @Nullable Object> {
        T take();
    }

    private <T extends @Nullable Object> CompletableFuture<T> done(Step<T> step) {
        return closed
                ? CompletableFuture.failedFuture(
                        new EngineUnavailableException("the engine is closed"))
                : CompletableFuture.completedFuture(step.take());
    }

    /** Does something to a topic, alone. */
    private <T> T in(String name, Function<MemoryTopic, T> action) {
        while (true) {
            var topic =
                    topics.computeIfAbsent(
                            name, n -> new MemoryTopic(n, new Position(epoch, forgotten.get())));
            synchronized (topic) {
                if (!topic.forgotten) {
                    return action.apply(topic);
                }
            }
        }
    }

    /** With the topic's lock held. */
    private void tell(MemoryTopic topic, Consumer<EngineListener> what, boolean anyway) {
        var told = listener;
        if (told != null && (topic.subscribed || anyway)) {
            what.accept(told);
        }
    }

    private boolean matchesPattern(String topic) {
        for (var pattern : patterns) {
            if (pattern.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** With the topic's lock held. */
    private boolean forgetIfUnused(MemoryTopic topic) {
        if (topic.isUnused(clock.instant())) {
            forgotten.accumulateAndGet(topic.position().offset(), Math::max);
            topic.forgotten = true;
            topics.remove(topic.name, topic);
        }
        return topic.forgotten;
    }

    /**
     * Looks at the next few topics, in a round that never ends; needs no timer, and stalls none.
     */
    private void sweep() {
        synchronized (sweeping) {
            for (int i = 0; i < SWEPT_PER_PUBLICATION; i++) {
                if (!toSweep.hasNext()) {
                    toSweep = topics.values().iterator();
                    return;
                }
                var topic = toSweep.next();
                synchronized (topic) {
                    if (!topic.forgotten) {
                        forgetIfUnused(topic);
                    }
                }
            }
        }
    }
}
