package whirlwind.realtime.feed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;

/**
 * Which loops want what: the part of a hub that its loops share. The engine is asked for a topic by
 * the first loop that wants it, and told by the last one.
 *
 * <p>Loops are added and removed under a lock, which is rare; what the engine tells is passed on
 * without.
 */
public final class Interests implements EngineListener {
    private static final LoopFeeds[] NOBODY = {};

    /** The loops that want a topic or pattern, and how far the engine is with it. */
    private static final class Interest {
        volatile LoopFeeds[] loops = NOBODY;

        /** Of the last call for it; calls come one after the other. */
        CompletableFuture<@Nullable Void> engine = CompletableFuture.completedFuture(null);
    }

    private final HubEngine engine;
    private final ConcurrentHashMap<String, Interest> topics = new ConcurrentHashMap<>();
    private volatile Map<TopicPattern, Interest> patterns = Map.of();
    private volatile LoopFeeds[] allLoops = NOBODY;

    /** None yet. The engine is to be {@linkplain HubEngine#start started} with them. */
    public Interests(HubEngine engine) {
        this.engine = engine;
    }

    HubEngine engine() {
        return engine;
    }

    // ---- from the loops ----

    synchronized void add(LoopFeeds loop) {
        allLoops = with(allLoops, loop);
    }

    synchronized void remove(LoopFeeds loop) {
        allLoops = without(allLoops, loop);
    }

    /**
     * Finds out whether a loop {@linkplain LoopFeeds#wants wants} something. That is asked under
     * the lock: of two updates that overtake each other, the second finds nothing to do.
     *
     * @return done when the engine has been told
     */
    synchronized CompletableFuture<@Nullable Void> update(LoopFeeds loop, TopicPattern pattern) {
        var interest = of(pattern);
        boolean before = interest.loops.length > 0;
        interest.loops =
                loop.wants(pattern) ? with(interest.loops, loop) : without(interest.loops, loop);
        boolean after = interest.loops.length > 0;
        if (after && !before) {
            interest.engine = after(interest.engine, () -> engine.subscribe(pattern));
        } else if (before && !after) {
            interest.engine = after(interest.engine, () -> engine.unsubscribe(pattern));
        }
        if (!after) {
            interest.engine.whenComplete((nothing, failure) -> forget(pattern, interest));
        }
        return interest.engine;
    }

    /** How many topics and patterns are wanted. */
    public int size() {
        return topics.size() + patterns.size();
    }

    private Interest of(TopicPattern pattern) {
        if (pattern.isTopic()) {
            return topics.computeIfAbsent(pattern.text(), name -> new Interest());
        }
        var known = patterns.get(pattern);
        if (known != null) {
            return known;
        }
        var interest = new Interest();
        var more = new HashMap<>(patterns);
        more.put(pattern, interest);
        patterns = more;
        return interest;
    }

    private synchronized void forget(TopicPattern pattern, Interest interest) {
        if (interest.loops.length > 0) {
            return; // wanted again meanwhile
        }
        if (pattern.isTopic()) {
            topics.remove(pattern.text(), interest);
        } else if (patterns.get(pattern) == interest) {
            var fewer = new HashMap<>(patterns);
            fewer.remove(pattern);
            patterns = fewer;
        }
    }

    private interface Call {
        CompletableFuture<@Nullable Void> make();
    }

    private static CompletableFuture<@Nullable Void> after(
            CompletableFuture<@Nullable Void> before, Call call) {
        return before.isDone()
                ? call.make()
                : before.handle((nothing, failure) -> true).thenCompose(whatever -> call.make());
    }

    private static LoopFeeds[] with(LoopFeeds[] loops, LoopFeeds loop) {
        if (contains(loops, loop)) {
            return loops;
        }
        var more = Arrays.copyOf(loops, loops.length + 1);
        more[loops.length] = loop;
        return more;
    }

    private static LoopFeeds[] without(LoopFeeds[] loops, LoopFeeds loop) {
        return Arrays.stream(loops).filter(each -> each != loop).toArray(LoopFeeds[]::new);
    }

    private static boolean contains(LoopFeeds[] loops, LoopFeeds loop) {
        for (var each : loops) {
            if (each == loop) {
                return true;
            }
        }
        return false;
    }

    // ---- from the engine ----

    @Override
    public void published(Publication publication) {
        var told = loopsOf(publication.topic());
        for (var interest : patterns.entrySet()) {
            if (interest.getKey().matches(publication.topic())) {
                for (var loop : interest.getValue().loops) {
                    told = with(told, loop);
                }
            }
        }
        if (told.length > 0) {
            var broadcast = new Broadcast(publication);
            for (var loop : told) {
                loop.offer(broadcast);
            }
        }
    }

    private LoopFeeds[] loopsOf(String topic) {
        var interest = topics.get(topic);
        return interest == null ? NOBODY : interest.loops;
    }

    @Override
    public void joined(String topic, Member member) {
        changed(new PresenceChange(topic, member, true));
    }

    @Override
    public void left(String topic, Member member) {
        changed(new PresenceChange(topic, member, false));
    }

    private void changed(PresenceChange change) {
        for (var loop : loopsOf(change.topic())) {
            loop.offer(change);
        }
    }

    /** The gap will be seen, when there is something to see again. */
    @Override
    public void lost() {}

    @Override
    public void restored() {
        for (var loop : allLoops) {
            loop.io().addCallback(loop::resume);
        }
    }
}
