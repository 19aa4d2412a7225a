package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a loop starts and stops. */
class IOLoopLifeTest {
    private static final LoopOptions NOT_CURRENT = LoopOptions.DEFAULTS.withMakeCurrent(false);

    @Test
    void startIsRefusedWhileTheLoopRuns() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                assertThatIllegalStateException()
                        .isThrownBy(loop::start)
                        .withMessageContaining("caller");
                assertThatIllegalStateException().isThrownBy(() -> loop.runSync(() -> null));
                return null;
            });
        }
    }

    @Test
    void startFromACallbackIsRefused() {
        try (var loop = new IOLoop()) {
            var refused = new AtomicReference<Throwable>();
            loop.addCallback(() -> {
                try {
                    loop.start();
                } catch (IllegalStateException e) {
                    refused.set(e);
                } finally {
                    loop.stop();
                }
            });
            loop.start();
            assertThat(refused.get()).hasMessageContaining("running already");
        }
    }

    @Test
    void startFromAnotherThreadIsRefusedWhileTheLoopRuns() {
        try (var running = new Loops.Running()) {
            assertThatIllegalStateException().isThrownBy(running.loop::start);
        }
    }

    @Test
    void loopStartsOnAVirtualThreadToo() throws Exception {
        try (var loop = new IOLoop(NOT_CURRENT)) {
            var result =
                    new FutureTask<>(() ->
                            loop.<IOLoop>runSync(() -> Async.await(Async.spawn(IOLoop::current))));
            Thread.ofVirtual().start(result);
            assertThat(result.get()).isSameAs(loop);
        }
    }

    @Test
    void loopRunsInsideACoroutineOfAnotherLoop() {
        try (var outer = new IOLoop();
                var inner = new IOLoop(NOT_CURRENT)) {
            assertThat(outer.<IOLoop>runSync(() -> inner.<IOLoop>runSync(IOLoop::current)))
                    .isSameAs(inner);
        }
    }

    @Test
    void stopBeforeStartEndsTheStartAfterOneTurn() {
        try (var loop = new IOLoop()) {
            var ran = new ArrayList<String>();
            loop.addCallback(() -> ran.add("queued"));
            loop.stop();
            loop.start();
            assertThat(ran).containsExactly("queued");
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopGoesOnWhereItStoppedOnWhicheverThreadStartsIt(String engine, String transport)
            throws Exception {
        try (var loop = new IOLoop(NOT_CURRENT.withEngine(engine).withTransport(transport))) {
            var trace = new ArrayList<String>();
            var gate = new CompletableFuture<Void>();
            var tasks = new ArrayList<Task<?>>();
            loop.addCallback(() ->
                    tasks.add(
                            Async.spawn(() -> {
                                trace.add("waits");
                                Async.await(gate);
                                trace.add("goes on");
                                loop.stop();
                            })));
            for (int round = 0; round < 3; round++) {
                var name = "round " + round;
                var thread =
                        Thread.ofPlatform()
                                .start(() -> {
                                    loop.addCallback(() -> {
                                        trace.add(name);
                                        loop.callLater(Duration.ZERO, loop::stop);
                                    });
                                    loop.start();
                                });
                thread.join();
            }
            loop.addCallback(() -> gate.complete(null));
            Thread.ofVirtual().start(loop::start).join();

            assertThat(trace).containsExactly("round 0", "waits", "round 1", "round 2", "goes on");
            assertThat(tasks.getFirst()).isDone();
        }
    }

    @Test
    void stopFromAnotherThreadWakesASleepingLoop() {
        for (int round = 0; round < 100; round++) {
            try (var running = new Loops.Running()) {
                running.stop();
            }
        }
    }

    @Test
    void callbackThatLeavesAnInterruptBehindDoesNotDisturbTheLoop() {
        try (var loop = new IOLoop()) {
            var interrupted = new AtomicBoolean(true);
            loop.addCallback(() -> Thread.currentThread().interrupt());
            loop.addCallback(() -> {
                interrupted.set(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
                loop.stop();
            });
            loop.start();
            assertThat(interrupted).isFalse();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    @Test
    void interruptOfTheStartingThreadIsKeptForIt() {
        try (var loop = new IOLoop()) {
            Thread.currentThread().interrupt();
            loop.runSync(() -> Async.await(loop.runInExecutor(null, () -> 1)));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
