package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.testing.VirtualTime;

class IOLoopCallbackTest {

    @Test
    void callbacksRunInTheOrderInWhichTheyWereAdded() {
        try (var loop = new IOLoop()) {
            var order = new ArrayList<Integer>();
            IntStream.range(0, 100).forEach(i -> loop.addCallback(() -> order.add(i)));
            loop.addCallback(loop::stop);
            loop.start();
            assertThat(order).containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void callbackAddedByACallbackRunsInTheNextTurn() {
        try (var loop = new IOLoop()) {
            var order = new ArrayList<String>();
            loop.addCallback(() -> {
                order.add("first");
                loop.addCallback(() -> order.add("third"));
                loop.execute(loop::stop);
            });
            loop.addCallback(() -> order.add("second"));
            loop.start();
            assertThat(order).containsExactly("first", "second", "third");
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void callbackFromAnotherThreadWakesASleepingLoop(String engine, String transport)
            throws Exception {
        try (var running =
                new Loops.Running(
                        LoopOptions.DEFAULTS.withEngine(engine).withTransport(transport))) {
            for (int i = 0; i < 500; i++) {
                var ran = new CountDownLatch(1);
                running.loop.addCallbackFromSignal(ran::countDown);
                ran.await();
            }
        }
    }

    @Test
    void failingCallbackIsLoggedAndTheLoopGoesOn() {
        try (var log = new LogCapture();
                var loop = new IOLoop()) {
            loop.addCallback(() -> {
                throw new IllegalStateException("first");
            });
            loop.addCallback(() -> {
                throw new Error("second");
            });
            loop.addCallback(() -> {
                throw new CancellationException("nobody minds");
            });
            loop.addCallback(loop::stop);
            loop.start();
            assertThat(log.messages())
                    .hasSize(2)
                    .allMatch(message -> message.startsWith("Exception in callback"));
            assertThat(log.failures())
                    .containsExactly(
                            "java.lang.IllegalStateException: first", "java.lang.Error: second");
        }
    }

    @Test
    void spawnedCallbackMayWaitAndItsFailureIsLogged() {
        try (var log = new LogCapture();
                var loop = new IOLoop()) {
            loop.spawnCallback(() -> {
                Async.moment();
                throw new java.io.IOException("late");
            });
            loop.spawnCallback(() -> {
                throw new CancellationException("nobody minds");
            });
            loop.spawnCallback(() -> {
                Async.moment();
                Async.moment();
                loop.stop();
            });
            loop.start();
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("Exception in coroutine callback IOLoopCallbackTest");
            assertThat(log.failures()).containsExactly("java.io.IOException: late");
        }
    }

    @Test
    void virtualThreadStartedByACallbackRuns() throws Exception {
        try (var running = new Loops.Running()) {
            var ran = new CountDownLatch(3);
            running.loop.addCallback(() -> {
                for (int i = 0; i < 3; i++) {
                    Thread.startVirtualThread(() -> {
                        Thread.yield();
                        ran.countDown();
                    });
                }
            });
            ran.await();
            var after = new CountDownLatch(1);
            running.loop.addCallback(after::countDown);
            after.await();
        }
    }

    @Test
    void virtualThreadStartedByACoroutineRuns() {
        try (var loop = new IOLoop()) {
            var done = new CompletableFuture<Thread>();
            loop.runSync(() -> {
                Thread.startVirtualThread(() -> {
                    Thread.yield();
                    done.complete(Thread.currentThread());
                });
                assertThat(Async.await(done)).isNotSameAs(Thread.currentThread());
                return null;
            });
        }
    }

    // ---- races with close ----

    @Test
    void callbacksThatRaceWithCloseRunOrAreDropped() throws Exception {
        try (var log = new LogCapture()) {
            for (int round = 0; round < 100; round++) {
                var loop = new IOLoop();
                var go = new CyclicBarrier(2);
                var ran = new AtomicInteger();
                var adder =
                        Thread.ofPlatform()
                                .start(() -> {
                                    await(go);
                                    for (int i = 0; i < 100; i++) {
                                        loop.addCallback(ran::incrementAndGet);
                                    }
                                });
                await(go);
                loop.runSync(() -> null);
                loop.close();
                adder.join();
            }
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void futuresAndTasksThatRaceWithCloseEnd() throws Exception {
        for (int round = 0; round < 200; round++) {
            var loop = new IOLoop();
            var go = new CyclicBarrier(2);
            var pending = new ArrayList<CompletableFuture<?>>();
            var other =
                    Thread.ofPlatform()
                            .start(() -> {
                                await(go);
                                for (int i = 0; i < 20; i++) {
                                    var future = loop.<Integer>newFuture();
                                    future.complete(i);
                                    pending.add(future);
                                    var task = new Task<>(loop, "task", () -> 1);
                                    loop.launch(task);
                                    pending.add(task);
                                }
                            });
            await(go);
            loop.runSync(() -> null);
            loop.close();
            other.join();
            for (var future : pending) {
                future.handle((value, failure) -> "ended").get();
            }
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- futures ----

    @Test
    void addFutureRunsItsCallbackOnTheLoopAndNeverAtOnce() {
        try (var loop = new IOLoop()) {
            var order = new ArrayList<String>();
            loop.runSync(() -> {
                var called = new CompletableFuture<String>();
                loop.addFuture(
                        CompletableFuture.completedFuture("value"),
                        done -> {
                            order.add("callback");
                            called.complete(done.resultNow());
                        });
                order.add("after");
                assertThat(Async.await(called)).isEqualTo("value");
                return null;
            });
            assertThat(order).containsExactly("after", "callback");
        }
    }

    @Test
    void addFutureTakesFailuresOfForeignThreads() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var called = new CompletableFuture<Thread>();
                var foreign = new CompletableFuture<String>();
                loop.addFuture(
                        foreign,
                        done -> {
                            assertThat(done.exceptionNow()).hasMessage("no");
                            called.complete(Thread.currentThread());
                        });
                Thread.ofPlatform()
                        .start(() ->
                                foreign.completeExceptionally(new IllegalStateException("no")));
                assertThat(Async.await(called)).isSameAs(loop.loopThread());
                return null;
            });
        }
    }

    @Test
    void dependentsOfALoopsFutureRunOnItWhoeverCompletesIt() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                for (int i = 0; i < 100; i++) {
                    var future = loop.<String>newFuture();
                    var current =
                            future.thenApply(value -> IOLoop.currentOrNull())
                                    .thenCombine(
                                            future.thenApplyAsync(value -> IOLoop.currentOrNull()),
                                            List::of);
                    Thread.ofPlatform().start(() -> future.complete("value"));
                    assertThat(Async.await(current)).containsExactly(loop, loop);
                }
                return null;
            });
        }
    }

    @Test
    void loopsFutureTakesFailureAndCancellationFromElsewhere() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var failing = loop.<String>newFuture();
                Thread.ofPlatform()
                        .start(() ->
                                failing.completeExceptionally(new IllegalStateException("no")));
                assertThatThrownBy(() -> Async.await(failing)).hasMessage("no");
                var cancelled = loop.<String>newFuture();
                Thread.ofPlatform().start(() -> cancelled.cancel(true));
                assertThatThrownBy(() -> Async.await(cancelled))
                        .isInstanceOf(CancellationException.class);
                assertThat(cancelled.complete("late")).isFalse();
                return null;
            });
        }
    }

    // ---- executors ----

    @Test
    void runInExecutorReturnsResultsAndFailures() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var worker = Async.await(loop.runInExecutor(null, Thread::currentThread));
                assertThat(worker.isDaemon()).isTrue();
                assertThat(worker.getName()).startsWith(loop.name() + "-executor-");
                assertThat(Async.<Integer>await(Async.offload(() -> 42))).isEqualTo(42);
                var failing =
                        Async.offload(() -> {
                            throw new java.io.IOException("disk");
                        });
                assertThatThrownBy(() -> Async.await(failing))
                        .isInstanceOf(java.io.UncheckedIOException.class)
                        .hasMessageContaining("disk");
                return null;
            });
        }
    }

    @Test
    void callsInTheExecutorRunInParallel() {
        try (var loop = new IOLoop()) {
            var barrier = new CyclicBarrier(2);
            loop.runSync(() ->
                    Async.await(
                            Async.all(
                                    Async.offload(() -> barrier.await()),
                                    Async.offload(() -> barrier.await()))));
        }
    }

    @Test
    void cancellingACallInAnExecutorInterruptsIt() throws Exception {
        try (var loop = new IOLoop()) {
            var started = new CountDownLatch(1);
            var interrupted = new CountDownLatch(1);
            loop.runSync(() -> {
                var task =
                        Async.spawn(() ->
                                Async.await(
                                        Async.offload(() -> {
                                            started.countDown();
                                            try {
                                                new CountDownLatch(1).await();
                                            } catch (InterruptedException e) {
                                                interrupted.countDown();
                                            }
                                            return null;
                                        })));
                Async.await(
                        Async.offload(() -> {
                            started.await();
                            return null;
                        }));
                task.cancel();
                assertThatThrownBy(() -> Async.await(task))
                        .isInstanceOf(CancellationException.class);
                return null;
            });
            interrupted.await();
        }
    }

    @Test
    void defaultExecutorCanBeReplaced() {
        try (var loop = new IOLoop()) {
            var submitted = new AtomicInteger();
            loop.setDefaultExecutor(work -> {
                submitted.incrementAndGet();
                Thread.ofPlatform().name("mine").start(work);
            });
            Callable<String> name = () -> Thread.currentThread().getName();
            loop.runSync(() -> {
                assertThat(Async.await(loop.runInExecutor(null, name))).isEqualTo("mine");
                assertThat(Async.await(Async.offload(name))).isEqualTo("mine");
                Executor inline = Runnable::run;
                assertThat(Async.await(loop.runInExecutor(inline, () -> IOLoop.current())))
                        .isSameAs(loop);
                return null;
            });
            assertThat(submitted).hasValue(2);
        }
    }

    @Test
    void rejectionByAnExecutorIsTheFailureOfTheFuture() {
        try (var loop = new IOLoop()) {
            loop.setDefaultExecutor(work -> {
                throw new RejectedExecutionException("full");
            });
            loop.runSync(() -> {
                var rejected = Async.offload(() -> 1);
                assertThatThrownBy(() -> Async.await(rejected))
                        .isInstanceOf(RejectedExecutionException.class);
                return null;
            });
        }
    }

    @Test
    void executorThatRefusesACallFailsItsFutureAndLeavesNothingBehind() {
        for (var failure :
                List.of(new RejectedExecutionException("full"), new IllegalStateException("no"))) {
            var time = new VirtualTime();
            time.run(() -> {
                var loop = IOLoop.current();
                var refused =
                        loop.runInExecutor(
                                call -> {
                                    throw failure;
                                },
                                () -> 1);
                refused.cancel(true);
                assertThatThrownBy(() -> Async.await(refused)).isSameAs(failure);
                var sleeper = Async.spawn(() -> Async.sleep(Duration.ofHours(1)));
                Async.moment();
                Async.await(Async.offload(() -> sleepBriefly()));
                assertThat(time.elapsed()).isZero(); // it waits for a call, and for no other
                Async.await(sleeper);
            });
        }
    }

    private static int sleepBriefly() throws InterruptedException {
        Thread.sleep(20);
        return 1;
    }

    @Test
    void momentOffEveryLoopMakesNone() throws Exception {
        Thread.ofPlatform()
                .start(() -> {
                    assertThatThrownBy(Async::moment).isInstanceOf(IllegalStateException.class);
                    made.set(IOLoop.currentOrNull());
                })
                .join();
        assertThat(made.get()).isNull();
    }

    private final java.util.concurrent.atomic.AtomicReference<IOLoop> made =
            new java.util.concurrent.atomic.AtomicReference<>();
}
