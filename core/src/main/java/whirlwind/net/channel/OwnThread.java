package whirlwind.net.channel;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/** The way to the one thread of a loop that may touch its channels. */
public final class OwnThread {
    private OwnThread() {}

    /** Whether the caller is that thread: a callback, and not a coroutine. */
    public static boolean isCurrent(IOLoop loop) {
        return loop.io().eventLoop().inEventLoop();
    }

    /**
     * Runs an action there, and returns when it has run. Called in a coroutine, it suspends; called
     * while the loop doesn't run, it runs the loop for a moment.
     */
    public static void run(IOLoop loop, Runnable action) {
        if (isCurrent(loop)) {
            action.run();
        } else if (loop.isCurrent()) {
            var done = new CompletableFuture<@Nullable Void>();
            loop.addCallback(() -> {
                try {
                    action.run();
                    done.complete(null);
                } catch (RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
            Async.await(Async.shield(done));
        } else {
            loop.runSync(() -> {
                run(loop, action);
                return null;
            });
        }
    }
}
