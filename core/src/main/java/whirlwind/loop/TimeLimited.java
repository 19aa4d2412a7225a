package whirlwind.loop;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Async#withTimeout(Duration, CompletionStage)}. */
final class TimeLimited<T extends @Nullable Object> extends LoopFuture<T> {
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    private final CompletableFuture<T> limited;

    private TimeLimited(IOLoop loop, CompletableFuture<T> limited) {
        super(loop);
        this.limited = limited;
    }

    static <T extends @Nullable Object> CompletableFuture<T> start(
            IOLoop loop, Duration limit, CompletionStage<T> stage) {
        var future = new TimeLimited<T>(loop, stage.toCompletableFuture());
        if (!future.limited.isDone()) {
            var timer = loop.callLater(limit, () -> future.timeOut(limit));
            future.whenComplete((value, failure) -> timer.cancel());
        }
        future.limited.whenComplete(future::take);
        return future;
    }

    private void take(T value, @Nullable Throwable failure) {
        if (failure != null && isDone()) {
            logLate(Outcomes.unwrap(failure));
        } else {
            Join.copy(value, failure, this);
        }
    }

    private static void logLate(Throwable failure) {
        if (!(failure instanceof CancellationException)) {
            log.error("What had been waited for with a limit failed later", failure);
        }
    }

    private void timeOut(Duration limit) {
        completeExceptionally(AsyncTimeoutException.after("the operation", limit));
        limited.cancel(true);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        limited.cancel(mayInterruptIfRunning);
        return cancelled;
    }
}
