package whirlwind.loop;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A future for work that can be given up. */
final class CancellableFuture<T extends @Nullable Object> extends LoopFuture<T> {
    private final Runnable whenCancelled;

    CancellableFuture(IOLoop loop, Runnable whenCancelled) {
        super(loop);
        this.whenCancelled = whenCancelled;
    }

    /** Dependents are not the work. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new LoopFuture<>(loop);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!loop.isCurrent() && loop.post((Callbacks.Delivery) () -> cancel(true))) {
            return !isDone();
        }
        boolean first = !isDone();
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (first && cancelled) {
            whenCancelled.run();
        }
        return cancelled;
    }
}
