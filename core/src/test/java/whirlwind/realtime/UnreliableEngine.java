package whirlwind.realtime;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.EngineListener;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.HistoryLimits;
import whirlwind.realtime.engine.HistoryPage;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.engine.Member;
import whirlwind.realtime.engine.MemoryEngine;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;

/**
 * An engine at the other end of a bad network: it answers late, on a thread of its own, sometimes
 * not at all, and loses some of what it should tell. What it took, it keeps.
 */
final class UnreliableEngine implements HubEngine {
    private static final int LOST_PERCENT = 5;
    private static final int FAILED_PERCENT = 5;
    private static final int MAX_DELAY_MICROS = 500;

    private final MemoryEngine memory = new MemoryEngine();
    private final Random random;
    private final ScheduledExecutorService network = Executors.newSingleThreadScheduledExecutor();
    private volatile @Nullable EngineListener listener;
    private volatile boolean reliable;

    UnreliableEngine(long seed) {
        random = new Random(seed);
    }

    /** From now on nothing is lost. */
    void becomeReliable() {
        reliable = true;
        network.execute(() -> {
            if (listener != null) {
                listener.restored();
            }
        });
    }

    private synchronized boolean happens(int percent) {
        return !reliable && random.nextInt(100) < percent;
    }

    private synchronized int delay() {
        return random.nextInt(MAX_DELAY_MICROS);
    }

    private <T extends @Nullable Object> CompletableFuture<T> late(
            Supplier<CompletableFuture<T>> call) {
        var answer = new CompletableFuture<T>();
        network.schedule(
                () ->
                        call.get()
                                .whenComplete((value, failure) -> {
                                    if (failure == null) {
                                        answer.complete(value);
                                    } else {
                                        answer.completeExceptionally(failure);
                                    }
                                }),
                delay(),
                TimeUnit.MICROSECONDS);
        return answer;
    }

    private <T extends @Nullable Object> CompletableFuture<T> lateOrNever(
            Supplier<CompletableFuture<T>> call) {
        return happens(FAILED_PERCENT)
                ? late(() ->
                        CompletableFuture.failedFuture(
                                new EngineUnavailableException("the network is bad")))
                : late(call);
    }

    @Override
    public void start(EngineListener listener) {
        this.listener = listener;
        memory.start(
                new EngineListener() {
                    @Override
                    public void published(Publication publication) {
                        if (!happens(LOST_PERCENT)) {
                            listener.published(publication);
                        }
                    }

                    @Override
                    public void joined(String topic, Member member) {
                        listener.joined(topic, member);
                    }

                    @Override
                    public void left(String topic, Member member) {
                        listener.left(topic, member);
                    }

                    @Override
                    public void lost() {}

                    @Override
                    public void restored() {}
                });
    }

    @Override
    public CompletableFuture<Position> publish(
            String topic, String json, @Nullable String publisher, HistoryLimits limits) {
        return memory.publish(topic, json, publisher, limits);
    }

    @Override
    public CompletableFuture<@Nullable Void> subscribe(TopicPattern pattern) {
        return lateOrNever(() -> memory.subscribe(pattern));
    }

    @Override
    public CompletableFuture<@Nullable Void> unsubscribe(TopicPattern pattern) {
        return late(() -> memory.unsubscribe(pattern));
    }

    @Override
    public CompletableFuture<HistoryPage> history(
            String topic, @Nullable Position since, int limit) {
        return lateOrNever(() -> memory.history(topic, since, limit));
    }

    @Override
    public CompletableFuture<@Nullable Void> join(
            String topic, String connection, String user, @Nullable String info) {
        return late(() -> memory.join(topic, connection, user, info));
    }

    @Override
    public CompletableFuture<@Nullable Void> leave(String topic, String connection, String user) {
        return late(() -> memory.leave(topic, connection, user));
    }

    @Override
    public CompletableFuture<List<Member>> members(String topic) {
        return late(() -> memory.members(topic));
    }

    @Override
    public CompletableFuture<@Nullable Void> close() {
        network.shutdownNow();
        return memory.close();
    }
}
