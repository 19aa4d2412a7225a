package whirlwind.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/**
 * Joins the hubs of several servers to one, over Redis 6.2 or newer.
 *
 * <pre>{@code
 * var hub = new Hub(HubOptions.DEFAULTS.withEngine(RedisEngine.at("redis://localhost")));
 * }</pre>
 *
 * <p>A publication takes one round trip, in which Redis counts it, keeps it, and passes it on to
 * all servers. When Redis is out of reach, publications, subscriptions and questions wait for as
 * long as {@link RedisOptions#patience} says, and are done once even if the connection broke before
 * the answer came; then they fail with {@link EngineUnavailableException}, or its subclass {@link
 * RedisTimeoutException} if the time was up. When it is back, subscribers get what they missed out
 * of their topics' histories. A topic begins a new epoch when Redis has lost it, or may have lost
 * some of it: after {@code FLUSHALL}, or after a restart without an append-only file.
 */
public final class RedisEngine implements HubEngine {
    /** How long Redis remembers what a server did that isn't heard of. */
    static final Duration TRACES = Duration.ofMinutes(10);

    private final RedisOptions options;
    private volatile @Nullable Links links;
    private volatile boolean closed;

    /** One with options of your own; it does nothing before its hub starts it. */
    public RedisEngine(RedisOptions options) {
        this.options = options;
    }

    /**
     * One with the {@linkplain RedisOptions#at defaults}.
     *
     * @param url as {@link RedisOptions#url} is
     * @throws IllegalArgumentException if the URL isn't one of Redis
     */
    public static RedisEngine at(String url) {
        return new RedisEngine(RedisOptions.at(url));
    }

    @Override
    public void start(EngineListener listener) {
        var made = new Links(options, listener);
        links = made;
        made.start();
    }

    @Override
    public CompletableFuture<Position> publish(
            String topic, String json, @Nullable String publisher, HistoryLimits limits) {
        return request(json, links -> links.topics.publish(topic, json, publisher, limits));
    }

    @Override
    public CompletableFuture<HistoryPage> history(
            String topic, @Nullable Position since, int limit) {
        return request(topic, links -> links.topics.history(topic, since, limit));
    }

    @Override
    public CompletableFuture<List<Member>> members(String topic) {
        return request(topic, links -> links.topics.members(topic));
    }

    @Override
    public CompletableFuture<@Nullable Void> subscribe(TopicPattern pattern) {
        return onLoop((links, answer) -> {
            var subscribed = new CompletableFuture<Boolean>();
            subscribed.whenComplete((ok, failure) -> {
                if (failure == null) {
                    answer.complete(null);
                } else {
                    links.bus.unsubscribe(pattern);
                    answer.completeExceptionally(failure);
                }
            });
            links.requests.add(subscribed, pattern.text(), links.bus.subscribe(pattern));
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> unsubscribe(TopicPattern pattern) {
        return onLoop((links, done) -> {
            links.bus.unsubscribe(pattern);
            done.complete(null);
        });
    }

    @Override
    public CompletableFuture<@Nullable Void> join(
            String topic, String connection, String user, @Nullable String info) {
        return onLoop((links, done) -> links.presence.join(topic, connection, user, info, done));
    }

    @Override
    public CompletableFuture<@Nullable Void> leave(String topic, String connection, String user) {
        return onLoop((links, done) -> links.presence.leave(topic, connection, user, done));
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
        closed = true;
        var made = links;
        return made == null ? CompletableFuture.completedFuture(null) : made.close();
    }

    // ---- inside ----

    private interface Action<T extends @Nullable Object> {
        void run(Links links, CompletableFuture<T> answer);
    }

    /** Does something on the engine's loop. */
    private <T extends @Nullable Object> CompletableFuture<T> onLoop(Action<T> action) {
        var made = links;
        if (made == null || closed) {
            return CompletableFuture.failedFuture(
                    new EngineUnavailableException(
                            closed ? "the engine is closed" : "the engine hasn't been started"));
        }
        var answer = new CompletableFuture<T>();
        made.loop.addCallback(() -> action.run(made, answer));
        return answer;
    }

    private <T extends @Nullable Object> CompletableFuture<T> request(
            String text, Function<Links, Requests.Call<T>> call) {
        return onLoop((links, answer) -> links.requests.add(answer, text, call.apply(links)));
    }
}
