package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.loop.Loops.never;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import whirlwind.testing.Eventually;
import whirlwind.testing.OpenDescriptors;

class IOLoopCloseTest {
    private static final LoopOptions NOT_CURRENT = LoopOptions.DEFAULTS.withMakeCurrent(false);

    @Test
    void closedLoopRefusesToStart() {
        var loop = new IOLoop();
        loop.close();
        loop.close();
        loop.stop();
        assertThatIllegalStateException().isThrownBy(loop::start).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> loop.runSync(() -> null));
        assertThat(loop.toString()).contains("closed");
    }

    @Test
    void runningLoopRefusesToClose() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                assertThatIllegalStateException()
                        .isThrownBy(loop::close)
                        .withMessageContaining("stop it");
                return null;
            });
        }
    }

    @Test
    void closeCancelsCoroutinesAndLetsThemCleanUp() {
        try (var log = new LogCapture()) {
            var trace = new ArrayList<String>();
            var loop = new IOLoop();
            var tasks = new ArrayList<Task<?>>();
            loop.runSync(() -> {
                tasks.add(
                        Async.spawn(() -> {
                            try {
                                Async.await(never());
                            } finally {
                                Async.sleep(Duration.ofMillis(5));
                                trace.add("cleaned up");
                            }
                        }));
                Async.moment();
                return null;
            });
            loop.close();
            assertThat(trace).containsExactly("cleaned up");
            assertThat(tasks).allMatch(Task::isCancelled);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void closeCancelsWhatHasNotStarted() {
        var loop = new IOLoop();
        var task = Async.spawn(() -> "never");
        loop.close();
        assertThat(task).isCancelled();
    }

    @Test
    void closeReturnsWhenItsCoroutinesHaveEnded() {
        for (int i = 0; i < 40; i++) { // with two seconds of grace each, a test doesn't end in time
            try (var loop = new IOLoop()) {
                loop.addCallback(() -> Async.spawn(() -> Async.await(never())));
                loop.runSync(() -> null);
                loop.stop();
            }
        }
    }

    @Test
    void closeReportsCoroutinesThatDoNotEndAndWhereTheyAre() {
        try (var log = new LogCapture()) {
            var loop = new IOLoop();
            loop.runSync(() -> {
                Async.spawn("stubborn", IOLoopCloseTest::waitForEver);
                Async.moment();
                return null;
            });
            loop.close();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("stubborn", "did not end");
            assertThat(log.methods(0)).contains("waitForEver");
        }
    }

    @Test
    void whatDoesNotEndWhenItsLoopClosesGoesOnWithoutALoop() throws Exception {
        var go = new CompletableFuture<String>();
        var seen = new CompletableFuture<Object>();
        var left = new AtomicReference<Task<?>>();
        try (var log = new LogCapture()) {
            var loop = new IOLoop();
            loop.runSync(() -> {
                left.set(
                        Async.spawn(
                                "stubborn",
                                () -> {
                                    while (!go.isDone()) {
                                        try {
                                            Async.await(Async.shield(go));
                                        } catch (CancellationException ignored) {
                                            // stubborn
                                        }
                                    }
                                    seen.complete(Optional.ofNullable(IOLoop.currentOrNull()));
                                    Async.await(never());
                                }));
                Async.moment();
            });
            loop.close();
            var failure = left.get().handle((nothing, failed) -> failed);
            go.complete("gone on");
            assertThat(seen.get()).isEqualTo(Optional.empty());
            assertThat(failure.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("needs a coroutine");
            assertThat(log.messages()).singleElement().asString().contains("did not end");
        }
    }

    private static void waitForEver() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Async.await(never());
            } catch (CancellationException ignored) {
                // stubborn
            }
        }
    }

    @Test
    void closeDropsCallbacksSilently() {
        try (var log = new LogCapture()) {
            var loop = new IOLoop();
            var ran = new AtomicBoolean();
            loop.addCallback(() -> ran.set(true));
            loop.close();
            loop.addCallback(() -> ran.set(true));
            loop.spawnCallback(() -> ran.set(true));
            assertThat(ran).isFalse();
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void closeOnAnotherThreadEndsTheLoopToo() throws Exception {
        var loop = new IOLoop();
        var task = new AtomicReference<Task<?>>();
        loop.runSync(() -> {
            task.set(Async.spawn(() -> Async.await(never())));
            Async.moment();
            return null;
        });
        Thread.ofPlatform().start(loop::close).join();
        assertThat(task.get()).isCancelled();
    }

    @Test
    void closedLoopLetsGoOfItsThread() throws Exception {
        var before = loopThreads();
        for (int i = 0; i < 20; i++) {
            try (var loop = new IOLoop()) {
                loop.runSync(() -> null);
            }
        }
        Eventually.holds(() -> loopThreads() <= before);
    }

    private static long loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("whirlwind-loop-"))
                .count();
    }

    @Test
    void loopNeverStartedLeavesNoDescriptorOpen() throws Exception {
        OpenDescriptors.noneIsLeftBy(() -> new IOLoop(NOT_CURRENT).close());
    }

    @Test
    void whatIsSharedWhileTheLoopClosesIsClosedToo() {
        record Client(AtomicBoolean closed) implements AutoCloseable {
            @Override
            public void close() {
                closed.set(true);
            }
        }
        var closed = new AtomicBoolean();
        var loop = new IOLoop();
        loop.runSync(() -> {
            Async.spawn(() -> {
                try {
                    Async.await(never());
                } finally {
                    loop.shared(Client.class, () -> new Client(closed));
                }
            });
            Async.moment();
            return null;
        });
        loop.close();
        assertThat(closed).isTrue();
    }

    @Test
    void callbacksThatACoroutineQueuesWhileItIsEndedByTheLoopsCloseStillRun() {
        var ran = new AtomicBoolean();
        var loop = new IOLoop();
        loop.runSync(() -> {
            Async.spawn(() -> {
                try {
                    Async.await(never());
                } finally {
                    loop.addCallback(() -> ran.set(true));
                }
            });
            Async.moment();
            return null;
        });
        loop.close();
        assertThat(ran).isTrue();
    }
}
