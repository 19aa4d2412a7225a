package whirlwind.loop;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Results of several stages in the order in which they finish; made by {@link Async#asCompleted}.
 * Use it in one coroutine: {@link #next} waits. The failure of one stage is thrown by its {@code
 * next}, after which iteration may go on.
 *
 * <p>Tornado: {@code gen.WaitIterator}.
 *
 * @param <K> what a stage is known by: its position, or its key in a map
 * @param <T> the type of the results
 */
public final class WaitIterator<K, T extends @Nullable Object> implements Iterator<T> {
    private final ArrayDeque<Map.Entry<K, CompletableFuture<? extends T>>> finished =
            new ArrayDeque<>();
    private int left;
    private @Nullable CompletableFuture<@Nullable Void> waiting;
    private Map.@Nullable Entry<K, CompletableFuture<? extends T>> current;

    private WaitIterator(Map<K, ? extends CompletionStage<? extends T>> stages) {
        var loop = IOLoop.current();
        left = stages.size();
        stages.forEach((key, stage) -> {
            var future = stage.toCompletableFuture();
            future.whenComplete((value, failure) -> Join.onLoop(loop, () -> finish(key, future)));
        });
    }

    static <T extends @Nullable Object> WaitIterator<Integer, T> of(
            Collection<? extends CompletionStage<? extends T>> stages) {
        var numbered = new LinkedHashMap<Integer, CompletionStage<? extends T>>();
        for (var stage : stages) {
            numbered.put(numbered.size(), stage);
        }
        return new WaitIterator<>(numbered);
    }

    static <K, T extends @Nullable Object> WaitIterator<K, T> of(
            Map<K, ? extends CompletionStage<? extends T>> stages) {
        return new WaitIterator<>(stages);
    }

    private void finish(K key, CompletableFuture<? extends T> future) {
        finished.add(Map.entry(key, future));
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** Whether stages are left whose result has not been returned. Tornado: {@code not done()}. */
    @Override
    public boolean hasNext() {
        if (left == 0) {
            current = null;
        }
        return left > 0;
    }

    /**
     * Waits for the next stage to finish and returns its result, or throws its failure as {@link
     * Async#await} does.
     *
     * @throws NoSuchElementException if none is left
     */
    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("every stage has been returned");
        }
        while (finished.isEmpty()) {
            waiting = new CompletableFuture<>();
            Async.await(waiting);
        }
        left--;
        current = finished.remove();
        return Outcomes.get(current.getValue());
    }

    /**
     * The position or key of the stage that the last {@link #next} returned; null before the first
     * and at the end.
     */
    public @Nullable K currentIndex() {
        return current == null ? null : current.getKey();
    }

    /** The stage that the last {@link #next} returned; null before the first and at the end. */
    public @Nullable CompletableFuture<? extends T> currentFuture() {
        return current == null ? null : current.getValue();
    }
}
