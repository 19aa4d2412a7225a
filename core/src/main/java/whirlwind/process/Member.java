package whirlwind.process;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;

/** One loop of a group, with its thread. */
final class Member {
    private static final Logger log = LoggerFactory.getLogger(LoopGroup.class);

    private final IOLoop loop =
            new IOLoop(LoopOptions.DEFAULTS.withReusePort(true).withMakeCurrent(false));
    private final Callable<? extends Drainable> body;
    private final CompletableFuture<Drainable> started = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, loop.name());

    Member(Callable<? extends Drainable> body) {
        this.body = body;
        thread.start();
    }

    private void run() {
        try (loop) {
            started.complete(loop.runSync(() -> body.call()));
            loop.start();
        } catch (Throwable e) {
            if (!started.completeExceptionally(e)) {
                log.error("{} ended by a failure", loop.name(), e);
            }
        }
    }

    IOLoop loop() {
        return loop;
    }

    void awaitStarted() {
        try {
            started.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    /** Any thread; what comes before the loop runs is done when it does. */
    void drain(Duration limit) {
        loop.spawnCallback(() -> {
            try {
                Async.withTimeout(limit, () -> started.resultNow().drain(limit));
            } catch (AsyncTimeoutException e) {
                log.warn(
                        "{} was not drained within {}: dropping what is left",
                        loop.name(),
                        DurationText.of(limit));
            } finally {
                loop.stop();
            }
        });
    }

    void stopNow() {
        loop.stop();
    }

    void awaitEnded() throws InterruptedException {
        thread.join();
    }

    /** Whether an interrupt came meanwhile. */
    boolean awaitEndedUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
