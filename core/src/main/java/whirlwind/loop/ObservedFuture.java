package whirlwind.loop;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A future whose failure is logged unless somebody looks at it within a second. */
abstract sealed class ObservedFuture<T extends @Nullable Object> extends LoopFuture<T>
        permits Task, CancellableFuture {
    /** How long a failure may go unseen before it is logged. */
    private static final Duration UNSEEN_GRACE = Duration.ofSeconds(1);

    private boolean seen;

    ObservedFuture(IOLoop loop) {
        super(loop);
    }

    /** What has failed, as a log says it. */
    abstract String what();

    /** Fails this, on the loop or when that is closed; false if it is done. */
    final boolean fail(Throwable failure) {
        if (getNumberOfDependents() > 0) {
            see();
        }
        boolean failed = super.completeExceptionally(failure);
        if (failed && !seen && !(failure instanceof CancellationException)) {
            report();
        }
        return failed;
    }

    private void report() {
        var registry = loop.registry();
        if (loop.isClosed()) {
            registry.logUnseen(this);
            return;
        }
        registry.rememberFailure(this);
        loop.callLater(UNSEEN_GRACE, () -> registry.reportFailure(this));
    }

    final boolean isSeen() {
        return seen || getNumberOfDependents() > 0;
    }

    /** Somebody looks at the result. */
    final void see() {
        seen = true;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        see();
        return super.newIncompleteFuture();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        see();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        see();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        see();
        return super.join();
    }

    @Override
    public T getNow(T valueIfAbsent) {
        see();
        return super.getNow(valueIfAbsent);
    }

    @Override
    public T resultNow() {
        see();
        return super.resultNow();
    }

    @Override
    public Throwable exceptionNow() {
        see();
        return super.exceptionNow();
    }
}
