package whirlwind.http.jdk;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/** Has the loop do things for a thread that waits for them. */
final class LoopCalls {
    private final IOLoop loop;

    LoopCalls(IOLoop loop) {
        this.loop = loop;
    }

    /**
     * Runs a call on the loop and waits for its future.
     *
     * @throws IOException if the client is gone, or the waiting thread is interrupted
     */
    <T extends @Nullable Object> T await(Callable<CompletableFuture<T>> call) throws IOException {
        if (loop.isCurrent()) {
            throw new IllegalStateException(
                    "a handler of the JDK that waits would stop the loop: run it on another thread");
        }
        var result = new CompletableFuture<T>();
        loop.addCallback(() -> {
            try {
                call.call()
                        .whenComplete((value, failure) -> {
                            if (failure == null) {
                                result.complete(value);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var failure = new InterruptedIOException("interrupted: the client has gone");
            failure.initCause(e);
            throw failure;
        } catch (CancellationException e) {
            throw new IOException("cancelled", e);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    /** As {@link #await}, for what is done at once. */
    void run(Runnable call) throws IOException {
        await(() -> {
            call.run();
            return CompletableFuture.<@Nullable Void>completedFuture(null);
        });
    }

    /** What failed on the loop, with a stack of this thread, who asked for it. */
    private static IOException unwrapped(Exception e) {
        var cause = e.getCause();
        return switch (cause) {
            case CompletionException wrapped -> unwrapped(wrapped);
            case UncheckedIOException io -> new IOException(io.getMessage(), io);
            case RuntimeException unchecked -> throw unchecked;
            case null, default -> new IOException(cause);
        };
    }
}
