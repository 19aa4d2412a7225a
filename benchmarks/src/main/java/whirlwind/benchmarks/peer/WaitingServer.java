package whirlwind.benchmarks.peer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/**
 * A server of ours whose handlers wait: on {@code /wait} for a future that nobody completes, as a
 * long poll to which nothing comes; on {@code /pause} in the same way for one that a timer
 * completes; on {@code /plaintext} not at all.
 */
public final class WaitingServer {
    private static final Duration PAUSE = Duration.ofMillis(1);

    private WaitingServer() {}

    /** The argument is the port. */
    public static void main(String[] args) {
        new Application()
                .route("/plaintext", () -> new Waiter(CompletableFuture.completedFuture("Hello")))
                .route("/pause", () -> new Waiter(pause()))
                .route("/wait", () -> new Waiter(new CompletableFuture<>()))
                .listen("127.0.0.1", Integer.parseInt(args[0]));
        IOLoop.current().start();
    }

    private static CompletableFuture<String> pause() {
        var future = new CompletableFuture<String>();
        IOLoop.current().callLater(PAUSE, () -> future.complete("Hello again"));
        return future;
    }

    private static final class Waiter extends RequestHandler {
        private final CompletableFuture<String> answer;

        Waiter(CompletableFuture<String> answer) {
            this.answer = answer;
        }

        @Override
        protected void get() {
            write(Async.await(answer));
        }
    }
}
