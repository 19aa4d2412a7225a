package whirlwind.realtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.MemoryEngine;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.feed.Interests;
import whirlwind.realtime.session.Sessions;
import whirlwind.web.Application;

/**
 * Topics to publish in and to subscribe to, for clients and for the server itself.
 *
 * <p>One hub serves any number of loops: share it between the applications of all. Methods are for
 * any thread unless they say otherwise; futures that are asked for on a loop complete there. Names
 * of topics are checked: {@link IllegalArgumentException} if they are none, see {@link
 * TopicPattern}.
 */
public final class Hub {
    private final HubOptions options;
    private final HubEngine engine;
    private final Interests interests;
    private final Sessions sessions;
    private final List<HubLoop> loops = new CopyOnWriteArrayList<>();

    /** A hub in memory with {@link HubOptions#DEFAULTS}. */
    public Hub() {
        this(HubOptions.DEFAULTS);
    }

    /** A hub with options of your own. */
    public Hub(HubOptions options) {
        this.options = options;
        var given = options.engine();
        this.engine = given != null ? given : new MemoryEngine();
        this.interests = new Interests(engine);
        this.sessions = new Sessions(options.maxSessions(), options.maxSessionsPerAddress());
        engine.start(interests);
    }

    /** What it was told. */
    public HubOptions options() {
        return options;
    }

    HubEngine engine() {
        return engine;
    }

    Sessions sessions() {
        return sessions;
    }

    Interests interests() {
        return interests;
    }

    // ---- clients ----

    /** As {@link #mount(Application, String)} below {@code /whirlwind}. */
    public void mount(Application application) {
        mount(application, "/whirlwind");
    }

    /**
     * Lets clients come to an application of the current loop: adds the routes of all transports,
     * and {@code client.js} for browsers, with {@code client.d.ts} for TypeScript. When the
     * application's server drains, the clients are moved away.
     *
     * @param base a path, without a slash at the end
     */
    public void mount(Application application, String base) {
        var loop = here();
        application
                .route(base + "/ws", () -> new HubSocket(loop))
                .route(base + ClientFiles.TEMPLATE, ClientFiles::new);
        sessions.mount(application, base, loop);
        application.onDrain(() -> {
            var limit = application.settings().drainLimit();
            loop.io().spawnCallback(() -> loop.connections().drain(limit.dividedBy(2)));
        });
    }

    /** The part of this hub on the current loop. */
    HubLoop here() {
        return IOLoop.current().shared(HubLoops.class, HubLoops::new).of(this);
    }

    /** A loop has begun to take part. */
    void joined(HubLoop loop) {
        loops.add(loop);
    }

    /** A loop has ended. */
    void left(HubLoop loop) {
        loops.remove(loop);
    }

    /** The clients that are connected now, of all loops. */
    public CompletableFuture<List<HubConnection>> connections() {
        return onAllLoops(loop -> loop.connections().open());
    }

    /**
     * The connections of one user, of all loops of this process. It goes through all connections:
     * to reach users often, let each have a topic.
     */
    public CompletableFuture<List<HubConnection>> connectionsOf(String user) {
        return onAllLoops(loop ->
                loop.connections().open().stream()
                        .filter(connection -> connection.user().id().equals(user))
                        .toList());
    }

    /**
     * Moves all clients of this process away, in batches spread over about this time: each is told
     * to come again, after a random time within a second. Clients that come meanwhile are sent
     * away, too. Mounted applications do this by themselves when their servers drain.
     *
     * @return done when all have been told
     */
    public CompletableFuture<@Nullable Void> drain(Duration time) {
        var all = new ArrayList<CompletableFuture<?>>();
        for (var loop : loops) {
            var done = new CompletableFuture<@Nullable Void>();
            all.add(done);
            loop.run(() -> {
                if (loop.isClosed()) {
                    done.complete(null);
                } else {
                    Async.spawn("drain of a hub", () -> loop.connections().drain(time))
                            .whenComplete((nothing, failure) -> done.complete(null));
                }
            });
        }
        CompletableFuture<@Nullable Void> told =
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                        .thenApply(nothing -> null);
        return brought(told);
    }

    /** Ends the engine; connections go on until their servers end, but nothing is published. */
    public CompletableFuture<@Nullable Void> close() {
        return brought(engine.close());
    }

    private <T> CompletableFuture<List<T>> onAllLoops(Function<HubLoop, List<T>> ask) {
        var answers = new ArrayList<CompletableFuture<List<T>>>();
        for (var loop : loops) {
            var answer = new CompletableFuture<List<T>>();
            answers.add(answer);
            loop.run(() -> answer.complete(ask.apply(loop)));
        }
        return brought(
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .thenApply(nothing ->
                                answers.stream().flatMap(a -> a.join().stream()).toList()));
    }

    // ---- topics ----

    /**
     * Publishes in a topic.
     *
     * @param data what {@link Json} encodes
     * @return where the topic stands then; fails with {@link
     *     whirlwind.realtime.engine.EngineUnavailableException} if the engine can't take it
     */
    public CompletableFuture<Position> publish(String topic, @Nullable Object data) {
        return publish(topic, data, null);
    }

    /** The same on behalf of a user. */
    public CompletableFuture<Position> publish(
            String topic, @Nullable Object data, @Nullable String user) {
        TopicPattern.topic(topic);
        return brought(
                engine.publish(topic, Json.encode(data), user, options.topic(topic).history()));
    }

    /**
     * Subscribes inside the server: {@code subscriber} is called on the current loop, as a callback
     * that must not wait, with each publication in its topic's order. What it throws is logged.
     *
     * @param topic a topic, or a pattern
     */
    public Subscription subscribe(String topic, Consumer<Publication> subscriber) {
        return new LocalSubscription(here(), new TopicPattern(topic), subscriber);
    }

    /**
     * What was published in a topic and is kept.
     *
     * @param since what came after this; null: the newest
     * @param limit how many publications at most; 0 just asks where the topic stands
     * @throws IllegalArgumentException if it is negative
     */
    public CompletableFuture<HistoryPage> history(
            String topic, @Nullable Position since, int limit) {
        TopicPattern.topic(topic);
        if (limit < 0) {
            throw new IllegalArgumentException("limit: " + limit + " publications (at least 0)");
        }
        return brought(engine.history(topic, since, limit));
    }

    /** Who is present in a topic. */
    public CompletableFuture<List<Member>> presence(String topic) {
        TopicPattern.topic(topic);
        return brought(engine.members(topic));
    }

    /** A future of the engine, for who asked: completed on the asking loop. */
    private static <T extends @Nullable Object> CompletableFuture<T> brought(
            CompletableFuture<T> future) {
        return future.isDone() || IOLoop.currentOrNull() == null ? future : Async.shield(future);
    }

    @Override
    public String toString() {
        return "Hub" + loops;
    }
}
