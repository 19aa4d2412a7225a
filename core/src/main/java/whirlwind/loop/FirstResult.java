package whirlwind.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Async#any}: done with the first stage that succeeds, or when all have failed. */
final class FirstResult<T extends @Nullable Object> extends LoopFuture<T> {
    private final List<Throwable> failures = new ArrayList<>();
    private final List<CompletableFuture<? extends T>> stages = new ArrayList<>();

    FirstResult(IOLoop loop, Collection<? extends CompletionStage<? extends T>> stages) {
        super(loop);
        for (var stage : stages) {
            this.stages.add(stage.toCompletableFuture());
        }
        for (var stage : this.stages) {
            follow(stage, (value, failure) -> Join.onLoop(loop, () -> stageDone(value, failure)));
        }
    }

    private void stageDone(T value, @Nullable Throwable failure) {
        if (failure == null) {
            complete(value);
            return;
        }
        var cause = Outcomes.unwrap(failure);
        if (failures.size() + 1 < stages.size()) {
            failures.add(cause);
            return;
        }
        for (var earlier : failures) {
            if (earlier != cause) {
                cause.addSuppressed(earlier);
            }
        }
        completeExceptionally(cause);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            stages.forEach(stage -> stage.cancel(true));
        }
        return cancelled;
    }
}
