package whirlwind.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future whose dependents run on its loop, whoever completes it: a completion from another thread
 * is handed to the loop first. Then the answer of {@link #complete} only says that the future was
 * not done yet.
 */
class LoopFuture<T extends @Nullable Object> extends CompletableFuture<T> {
    final IOLoop loop;

    /** The coroutine of this loop that waits for this, if that needs no dependent stage. */
    private @Nullable Coroutine waiter;

    LoopFuture(IOLoop loop) {
        this.loop = loop;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Dependent<>(loop);
    }

    @Override
    public Executor defaultExecutor() {
        return loop;
    }

    @Override
    public boolean complete(T value) {
        return loop.isCurrent()
                ? tell(super.complete(value))
                : handOver(() -> tell(super.complete(value)));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return loop.isCurrent()
                ? tell(super.completeExceptionally(failure))
                : handOver(() -> tell(super.completeExceptionally(failure)));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return loop.isCurrent()
                ? tell(super.cancel(mayInterruptIfRunning))
                : handOver(() -> tell(super.cancel(mayInterruptIfRunning)));
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public void obtrudeValue(T value) {
        super.obtrudeValue(value);
        tell(true);
    }

    @Override
    public void obtrudeException(Throwable failure) {
        super.obtrudeException(failure);
        tell(true);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        refuseInCallback("get");
        var waiting = letGo();
        try {
            return super.get();
        } finally {
            takeBack(waiting);
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        var waiting = letGo();
        try {
            return super.get(timeout, unit);
        } finally {
            takeBack(waiting);
        }
    }

    @Override
    public T join() {
        refuseInCallback("join");
        var waiting = letGo();
        try {
            return super.join();
        } finally {
            takeBack(waiting);
        }
    }

    private void refuseInCallback(String method) {
        if (!isDone() && Thread.currentThread() == loop.loopThread()) {
            throw new IllegalStateException(
                    "%s() in a callback would wait for ever, since it holds %s: use whenComplete, or"
                                    .formatted(method, loop.name())
                            + " wait in a coroutine, which IOLoop.spawnCallback starts");
        }
    }

    /** A coroutine that blocks would hold the loop, which is to complete this. */
    private @Nullable Coroutine letGo() {
        var coroutine = isDone() || !loop.isCurrent() ? null : loop.currentCoroutine();
        if (coroutine != null) {
            coroutine.letGo();
        }
        return coroutine;
    }

    private static void takeBack(@Nullable Coroutine waiting) {
        if (waiting != null) {
            waiting.takeBack();
        }
    }

    private boolean tell(boolean completed) {
        var told = waiter;
        if (told != null) {
            waiter = null;
            told.resume();
        }
        return completed;
    }

    /**
     * Has a coroutine resumed when this is done, which takes no memory, unlike a dependent stage.
     * Whether that can be: for one coroutine at a time, and on the loop only.
     */
    boolean resumes(Coroutine coroutine) {
        if (waiter != null || coroutine.task.loop != loop) {
            return false;
        }
        waiter = coroutine;
        return true;
    }

    /** The coroutine waits no more. */
    final void forget(Coroutine coroutine) {
        if (waiter == coroutine) {
            waiter = null;
        }
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

    /** Completed by the stage that it depends on, and not by the methods above. */
    private static final class Dependent<T extends @Nullable Object> extends LoopFuture<T> {
        Dependent(IOLoop loop) {
            super(loop);
        }

        @Override
        boolean resumes(Coroutine coroutine) {
            return false;
        }
    }
}
