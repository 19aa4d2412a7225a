package whirlwind.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A platform thread that belongs to one loop, made when needed, for a loop that can't run on the
 * thread that starts it.
 */
final class OwnThread implements AutoCloseable {
    private final ExecutorService thread;

    OwnThread(String name) {
        thread =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Runs {@code body} on the thread while the caller waits. */
    void run(Runnable body) {
        try {
            CompletableFuture.runAsync(body, thread).join();
        } catch (CompletionException e) {
            throw Outcomes.unchecked(e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
