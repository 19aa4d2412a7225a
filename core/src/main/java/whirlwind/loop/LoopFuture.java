package whirlwind.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A future whose dependents run on its loop, whoever completes it: a completion from another thread
 * is handed to the loop first. Then the answer of {@link #complete} only says that the future was
 * not done yet.
 */
class LoopFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    final IOLoop loop;

    LoopFuture(IOLoop loop) {
        this.loop = loop;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<>(loop);
    }

    @Override
    public Executor defaultExecutor() {
        return loop;
    }

    @Override
    public boolean complete(T value) {
        return loop.isCurrent() ? super.complete(value) : handOver(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return loop.isCurrent()
                ? super.completeExceptionally(failure)
                : handOver(() -> super.completeExceptionally(failure));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return loop.isCurrent()
                ? super.cancel(mayInterruptIfRunning)
                : handOver(() -> super.cancel(mayInterruptIfRunning));
    }

    /**
     * Calls {@code action} when the stage is done, unless this is done first. Then it leaves
     * nothing behind on the stage, which may live long: a dependent can't be taken back from a
     * {@link CompletableFuture}, but those of {@code anyOf} are dropped by all when one is done.
     */
    final <U extends @Nullable Object> void follow(
            CompletionStage<U> stage, BiConsumer<? super U, ? super @Nullable Throwable> action) {
        var future = stage.toCompletableFuture();
        if (future.isDone()) {
            future.whenComplete(action);
            return;
        }
        CompletableFuture.anyOf(future, this)
                .whenComplete((value, failure) -> {
                    if (future.isDone()) {
                        future.whenComplete(action);
                    }
                });
    }

    private boolean handOver(Callbacks.Delivery completion) {
        if (isDone()) {
            return false;
        }
        if (!loop.post(completion)) {
            completion.run(); // the loop is closed: nobody else will
        }
        return true;
    }
}
