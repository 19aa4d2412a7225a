package whirlwind.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What came of a future that is done, as a return value or an exception of a plain call. */
final class Outcomes {
    private Outcomes() {}

    /** The result of a future that is done; its failure is thrown as {@link #unchecked} says. */
    static <T extends @Nullable Object> T get(Future<? extends T> done) {
        return switch (done.state()) {
            case SUCCESS -> done.resultNow();
            case CANCELLED ->
                    throw new CancellationException("what was awaited has been cancelled");
            case FAILED -> throw unchecked(done.exceptionNow());
            case RUNNING -> throw new IllegalStateException("not done: " + done);
        };
    }

    /** Why a future that is done failed, without the wrappers of the JDK; null if it didn't. */
    static @Nullable Throwable failure(CompletableFuture<?> done) {
        return switch (done.state()) {
            case SUCCESS, RUNNING -> null;
            case CANCELLED -> new CancellationException("cancelled");
            case FAILED -> unwrap(done.exceptionNow());
        };
    }

    /**
     * A failure as callers see it: unchecked ones as they are, an {@link IOException} as {@link
     * UncheckedIOException}, a {@link TimeoutException} as {@link AsyncTimeoutException}, any other
     * as cause of a {@link CompletionException}.
     *
     * @throws Error if it is one
     */
    static RuntimeException unchecked(Throwable failure) {
        return switch (unwrap(failure)) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case IOException e -> new UncheckedIOException(e);
            case TimeoutException e -> new AsyncTimeoutException(String.valueOf(e.getMessage()), e);
            case Throwable e -> new CompletionException(e);
        };
    }

    static Throwable unwrap(Throwable failure) {
        boolean wrapper =
                failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapper && failure.getCause() != null ? unwrap(failure.getCause()) : failure;
    }
}
