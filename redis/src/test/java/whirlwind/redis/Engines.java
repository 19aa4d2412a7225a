package whirlwind.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;

/** The engines of a test, all of them on one Redis. */
final class Engines implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Supplier<String> url;
    private final List<RedisEngine> started = new ArrayList<>();

    Engines(Supplier<String> url) {
        this.url = url;
    }

    RedisEngine start(EngineListener listener) {
        return start(listener, UnaryOperator.identity());
    }

    RedisEngine start(EngineListener listener, UnaryOperator<RedisOptions> options) {
        var engine = new RedisEngine(options.apply(RedisOptions.at(url.get())));
        engine.start(listener);
        started.add(engine);
        return engine;
    }

    /**
     * One that has reached Redis, which on a busy machine may take longer than its patience: until
     * then it knows by itself alone who is present.
     */
    RedisEngine startLinked(EngineListener listener, UnaryOperator<RedisOptions> options) {
        var engine = start(listener, options);
        while (get(engine.history("linked", null, 0).handle((page, failure) -> failure != null))) {
            // it had no more patience
        }
        return engine;
    }

    static <T extends @Nullable Object> T get(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        started.forEach(engine -> get(engine.close()));
        started.clear();
    }
}
