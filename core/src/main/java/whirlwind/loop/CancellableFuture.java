package whirlwind.loop;

import org.jspecify.annotations.Nullable;

/** A future for work that can be given up. */
final class CancellableFuture<T extends @Nullable Object> extends ObservedFuture<T> {
    private final Runnable whenCancelled;

    CancellableFuture(IOLoop loop, Runnable whenCancelled) {
        super(loop);
        this.whenCancelled = whenCancelled;
    }

    @Override
    String what() {
        return "A future";
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        if (isDone()) {
            return false;
        }
        if (!loop.isCurrent() && loop.post((Callbacks.Delivery) () -> fail(failure))) {
            return true;
        }
        return fail(failure);
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
