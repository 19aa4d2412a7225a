package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Loops.never;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.testing.OpenDescriptors;

@LoopTest
class IOLoopLifeTest {

    private static final LoopOptions NOT_CURRENT = LoopOptions.DEFAULTS.withMakeCurrent(false);

    // ---- current ----

    @Test
    void newLoopIsCurrentOnItsThread() {
        try (var loop = new IOLoop()) {
            assertThat(IOLoop.current()).isSameAs(loop);
        }
        assertThat(IOLoop.currentOrNull()).isNull();
    }

    @Test
    void threadWithoutLoopGetsOneThatStays() {
        assertThat(IOLoop.currentOrNull()).isNull();
        try (var loop = IOLoop.current()) {
            assertThat(IOLoop.current()).isSameAs(loop);
        }
    }

    @Test
    void loopNotMadeCurrentIsCurrentOnlyWhileItRuns() {
        try (var loop = new IOLoop(NOT_CURRENT)) {
            for (int round = 0; round < 3; round++) {
                assertThat(IOLoop.currentOrNull()).isNull();
                assertThat(loop.isCurrent()).isFalse();
                assertThat(loop.<IOLoop>runSync(IOLoop::current)).isSameAs(loop);
            }
            assertThat(IOLoop.currentOrNull()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopIsCurrentInWhateverItRuns(String engine, String transport) {
        try (var loop = new IOLoop(NOT_CURRENT.withEngine(engine).withTransport(transport))) {
            var callback = new CompletableFuture<IOLoop>();
            var timer = new CompletableFuture<IOLoop>();
            loop.runSync(() -> {
                loop.addCallback(() -> callback.complete(IOLoop.currentOrNull()));
                loop.callLater(Duration.ZERO, () -> timer.complete(IOLoop.currentOrNull()));
                assertThat(IOLoop.current()).isSameAs(loop);
                assertThat(loop.isCurrent()).isTrue();
                assertThat(Async.await(callback)).isSameAs(loop);
                assertThat(Async.await(timer)).isSameAs(loop);
                assertThat(Async.<IOLoop>await(Async.spawn(IOLoop::current))).isSameAs(loop);
                return null;
            });
            assertThat(loop.toString()).contains(engine, transport);
        }
    }

    @Test
    void runningALoopGivesTheThreadItsOwnLoopBack() {
        try (var mine = new IOLoop();
                var other = new IOLoop(NOT_CURRENT)) {
            other.runSync(() -> null);
            assertThat(IOLoop.current()).isSameAs(mine);
        }
    }

    @Test
    void loopClosedElsewhereIsNotCurrentAnyMore() throws Exception {
        var loop = new IOLoop();
        Thread.ofPlatform().start(loop::close).join();

        assertThat(IOLoop.currentOrNull()).isNull();
    }

    @Test
    void unknownEnginesAndTransportsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IOLoop(LoopOptions.DEFAULTS.withEngine("steam")))
                .withMessageContaining("steam");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IOLoop(LoopOptions.DEFAULTS.withTransport("pigeon")))
                .withMessageContaining("pigeon");
    }

    // ---- runSync ----

    @Test
    void runSyncReturnsWhatItsBodyReturns() {
        try (var loop = new IOLoop()) {
            assertThat(loop.<String>runSync(() -> "done")).isEqualTo("done");
            assertThat(loop.<Object>runSync(() -> null)).isNull();
            assertThat(loop.<Integer>runSync(() -> Async.await(Async.spawn(() -> 42))))
                    .isEqualTo(42);
        }
    }

    @Test
    void runSyncThrowsWhatItsBodyThrows() {
        try (var loop = new IOLoop()) {
            var unchecked = new IllegalArgumentException("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(unchecked))).isSameAs(unchecked);
            var checked = new IOException("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(checked)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCause(checked);
            var error = new AssertionError("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(error))).isSameAs(error);
        }
    }

    @Test
    void runSyncWithLimitCancelsItsBodyAndSaysHowLongItWas() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(new Loops.JumpingClock()))) {
            var cancelled = new AtomicBoolean();
            assertThatThrownBy(() ->
                            loop.runSync(
                                    Duration.ofMillis(1500),
                                    () -> {
                                        try {
                                            return Async.await(never());
                                        } catch (CancellationException e) {
                                            cancelled.set(true);
                                            throw e;
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("1.5 s");
            assertThat(cancelled).isTrue();
            assertThat(loop.metrics().timers()).isZero();
        }
    }

    @Test
    void runSyncLeavesABodyBehindThatDoesNotEndAtItsLimit() {
        try (var log = new LogCapture();
                var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(new Loops.JumpingClock()))) {
            var release = new CompletableFuture<String>();
            assertThatThrownBy(() ->
                            loop.runSync(
                                    Duration.ofMillis(1),
                                    () -> {
                                        try {
                                            return Async.await(never());
                                        } catch (CancellationException stubborn) {
                                            return Async.await(release);
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            release.complete("late");
            assertThat(
                            loop.<String>runSync(() -> {
                                Async.moment();
                                return "next";
                            }))
                    .isEqualTo("next");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void runSyncSaysThatTheLoopWasStoppedFirst() {
        try (var loop = new IOLoop()) {
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            loop.runSync(() -> {
                                loop.stop();
                                return Async.await(never());
                            }))
                    .withMessageContaining("stopped before");
        }
    }

    // ---- start and stop ----

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

    // ---- close ----

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
    @Timeout(
            value = 20,
            threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // the grace is two seconds
    void closeReturnsWhenItsCoroutinesHaveEnded() {
        for (int i = 0; i < 20; i++) {
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
                Async.spawn("stubborn", IOLoopLifeTest::waitForEver);
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
    void closedLoopLetsGoOfItsThread() {
        var before = loopThreads();
        for (int i = 0; i < 20; i++) {
            try (var loop = new IOLoop()) {
                loop.runSync(() -> null);
            }
        }
        while (loopThreads() > before) {
            Thread.yield();
        }
    }

    private static long loopThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("whirlwind-loop-"))
                .count();
    }

    @Test
    void loopNeverStartedCloses() {
        for (int i = 0; i < 20; i++) {
            assertThatCode(() -> new IOLoop(NOT_CURRENT).close()).doesNotThrowAnyException();
        }
    }

    private static Object fail(Throwable failure) throws Exception {
        if (failure instanceof Error e) {
            throw e;
        }
        throw (Exception) failure;
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

    @Test
    void refusedLoopLeavesNoDescriptorOpen() throws Exception {
        OpenDescriptors.noneIsLeftBy(() ->
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new IOLoop(NOT_CURRENT.withEngine("steam"))));
    }
}
