package whirlwind.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Async#all}: done when every stage is. */
final class Join<T extends @Nullable Object> extends LoopFuture<@Nullable Void> {
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    private final List<CompletableFuture<? extends T>> parts;
    private final Set<Class<? extends Throwable>> quiet;
    private int left;
    private @Nullable Throwable firstFailure;

    Join(
            IOLoop loop,
            Collection<? extends CompletionStage<? extends T>> stages,
            Set<Class<? extends Throwable>> quiet) {
        super(loop);
        this.quiet = quiet;
        this.left = stages.size();
        this.parts = new ArrayList<>(stages.size());
        for (var stage : stages) {
            parts.add(stage.toCompletableFuture());
        }
        if (parts.isEmpty()) {
            super.complete(null);
        }
        for (var part : parts) {
            part.whenComplete((value, failure) -> onLoop(loop, () -> partDone(failure)));
        }
    }

    private void partDone(@Nullable Throwable failure) {
        if (failure != null) {
            var cause = Outcomes.unwrap(failure);
            if (firstFailure == null) {
                firstFailure = cause;
            } else if (cause != firstFailure
                    && !(cause instanceof CancellationException)
                    && quiet.stream().noneMatch(type -> type.isInstance(cause))) {
                log.error("One of several awaited futures failed after another had", cause);
            }
        }
        if (--left == 0) {
            if (firstFailure == null) {
                complete(null);
            } else {
                completeExceptionally(firstFailure);
            }
        }
    }

    CompletableFuture<List<T>> thenResults() {
        return new Results<>(
                this,
                () -> {
                    var results = new ArrayList<T>(parts.size());
                    parts.forEach(part -> results.add(part.resultNow()));
                    return results;
                });
    }

    <K> CompletableFuture<Map<K, T>> thenResults(List<K> keys) {
        return new Results<>(
                this,
                () -> {
                    var results = new LinkedHashMap<K, T>();
                    for (int i = 0; i < keys.size(); i++) {
                        results.put(keys.get(i), parts.get(i).resultNow());
                    }
                    return results;
                });
    }

    private void cancelParts() {
        parts.forEach(part -> part.cancel(true));
    }

    /** Runs at once on the loop, else as a callback: stages may be completed by any thread. */
    static void onLoop(IOLoop loop, Runnable step) {
        if (loop.isCurrent()) {
            step.run();
        } else {
            loop.post((Callbacks.Delivery) step::run);
        }
    }

    static <T extends @Nullable Object> void copy(
            T value, @Nullable Throwable failure, CompletableFuture<T> target) {
        if (failure == null) {
            target.complete(value);
        } else if (Outcomes.unwrap(failure) instanceof CancellationException) {
            target.cancel(false);
        } else {
            target.completeExceptionally(Outcomes.unwrap(failure));
        }
    }

    /** The collected results; cancelling it cancels the parts. */
    private static final class Results<R> extends LoopFuture<R> {
        private final Join<?> join;

        Results(Join<?> join, java.util.function.Supplier<R> collect) {
            super(join.loop);
            this.join = join;
            join.whenComplete((nothing, failure) -> {
                if (failure == null) {
                    complete(collect.get());
                } else if (failure instanceof CancellationException) {
                    super.cancel(false);
                } else {
                    completeExceptionally(failure);
                }
            });
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (isDone()) {
                return false;
            }
            join.cancelParts();
            return super.cancel(mayInterruptIfRunning);
        }
    }
}
