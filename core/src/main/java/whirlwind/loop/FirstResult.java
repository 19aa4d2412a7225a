package whirlwind.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link Async#any}: done with the first stage that succeeds, or when all have failed. */
final class FirstResult<T extends @Nullable Object> extends LoopFuture<T> {
    private final List<Throwable> failures = new ArrayList<>();
    private final int count;

    FirstResult(IOLoop loop, Collection<? extends CompletionStage<? extends T>> stages) {
        super(loop);
        this.count = stages.size();
        for (var stage : stages) {
            stage.whenComplete(
                    (value, failure) -> Join.onLoop(loop, () -> stageDone(value, failure)));
        }
    }

    private void stageDone(T value, @Nullable Throwable failure) {
        if (failure == null) {
            complete(value);
            return;
        }
        var cause = Outcomes.unwrap(failure);
        if (failures.size() + 1 < count) {
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
}
