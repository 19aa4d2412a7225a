package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Coroutines.run;
import static whirlwind.loop.Loops.never;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TaskTest {

    @Test
    void taskBeginsWhenItsMakerWaitsOrEnds() {
        run(() -> {
            var started = new ArrayList<String>();
            Async.spawn(() -> started.add("first"));
            Async.spawn(() -> started.add("second"));
            assertThat(started).isEmpty();
            Async.moment();
            assertThat(started).containsExactly("first", "second");
        });
    }

    @Test
    void tasksAreListedWhileTheyRunAndSayWhereTheyAre() {
        run(() -> {
            var loop = IOLoop.current();
            int others = loop.tasks().size();
            long started = loop.metrics().coroutinesStarted();
            var gate = new CompletableFuture<Void>();
            var named = Async.spawn("worker 7", () -> waitForGate(gate));
            var unnamed = Async.spawn(() -> waitForGate(gate));
            Async.moment();

            assertThat(named.name()).isEqualTo("worker 7");
            assertThat(named).hasToString("Task[worker 7, RUNNING]");
            assertThat(unnamed.name()).isEqualTo("TaskTest");
            assertThat(loop.tasks()).hasSize(others + 2).contains(named, unnamed);
            assertThat(loop.metrics().coroutines()).isEqualTo(others + 2);
            assertThat(loop.metrics().coroutinesStarted()).isEqualTo(started + 2);
            assertThat(Arrays.stream(named.stack()).map(StackTraceElement::getMethodName))
                    .contains("waitForGate", "await");

            gate.complete(null);
            Async.moment();
            assertThat(loop.tasks()).hasSize(others).doesNotContain(named, unnamed);
            assertThat(loop.metrics().coroutines()).isEqualTo(others);
        });
    }

    private static void waitForGate(CompletableFuture<Void> gate) {
        Async.await(gate);
    }

    @Test
    void metricsCountTurnsCallbacksAndTimers() {
        run(() -> {
            var loop = IOLoop.current();
            var before = loop.metrics();
            loop.callLater(Duration.ofHours(1), () -> {});
            for (int i = 0; i < 10; i++) {
                loop.addCallback(() -> {});
                Async.moment();
            }
            Async.sleep(Duration.ofSeconds(1)); // for which the loop itself takes a turn
            var after = loop.metrics();
            assertThat(after.timers()).isEqualTo(before.timers() + 1);
            assertThat(after.callbacks()).isGreaterThanOrEqualTo(before.callbacks() + 20);
            assertThat(after.turns()).isGreaterThan(before.turns());
            assertThat(after.maxLag()).isGreaterThanOrEqualTo(after.lag());
            assertThat(after.slowCallbacks()).isZero();
        });
    }

    @Test
    void taskIsCompletedByItsCoroutineOnly() {
        run(() -> {
            var task = Async.spawn(() -> "value");
            assertThatThrownBy(() -> task.complete("other"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> task.completeExceptionally(new IllegalStateException()))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(Async.await(task)).isEqualTo("value");
        });
    }

    @Test
    void dependentStagesOfATaskSeeItsResultOnTheLoop() {
        run(() -> {
            var loop = IOLoop.current();
            var task =
                    Async.spawn(() -> {
                        Async.moment();
                        return 20;
                    });
            var current = task.thenApplyAsync(value -> IOLoop.currentOrNull());
            assertThat(Async.<Integer>await(task.thenApply(value -> value + 22))).isEqualTo(42);
            assertThat(Async.<IOLoop>await(current)).isSameAs(loop);
        });
    }

    @Test
    void anotherThreadMayWaitForATask() throws Exception {
        try (var running = new Loops.Running()) {
            var task = new CompletableFuture<Task<String>>();
            running.loop.addCallback(() ->
                    task.complete(
                            Async.spawn(() -> {
                                Async.moment();
                                return "value";
                            })));
            assertThat(task.get().get()).isEqualTo("value");
        }
    }

    // ---- failures that nobody sees ----

    @Test
    void failureThatNobodyLooksAtIsLoggedAfterASecond() {
        try (var log = new LogCapture()) {
            run(() -> {
                Async.<Object>spawn(
                        "forgotten",
                        () -> {
                            throw new IllegalStateException("lost?");
                        });
                Async.sleep(Duration.ofMillis(999));
                assertThat(log.messages()).isEmpty();
                Async.sleep(Duration.ofMillis(2));
                assertThat(log.messages()).singleElement().asString().contains("forgotten");
                assertThat(log.failures())
                        .containsExactly("java.lang.IllegalStateException: lost?");
            });
        }
    }

    @Test
    void failureThatSomebodySeesIsNotLogged() {
        try (var log = new LogCapture()) {
            run(() -> {
                var awaited = failing();
                var asked = failing();
                var handled = failing();
                var combined = failing();
                var waited = Async.spawn(() -> Async.await(awaited));
                assertThat(handled.exceptionally(e -> null)).isNotNull();
                assertThatThrownBy(() -> Async.await(Async.all(combined))).hasMessage("seen");
                assertThatThrownBy(() -> Async.await(waited)).hasMessage("seen");
                assertThat(asked.exceptionNow()).hasMessage("seen");
                Async.sleep(Duration.ofSeconds(2));
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    /** Such as that of a fetch. */
    @Test
    void failureOfWhatCanBeGivenUpIsLoggedLikewise() {
        try (var log = new LogCapture()) {
            run(() -> {
                var loop = IOLoop.current();
                var futures = new ArrayList<CompletableFuture<String>>();
                for (int i = 0; i < 5; i++) {
                    futures.add(loop.newFuture(() -> {}));
                }
                var combined = CompletableFuture.allOf(futures.get(1));
                var followed = Async.shield(futures.get(2));
                var waiting = Async.spawn(() -> Async.await(futures.get(3)));
                Async.moment();
                for (int i = 0; i < 4; i++) {
                    futures.get(i).completeExceptionally(new IllegalStateException("lost " + i));
                }
                futures.get(4).cancel(true);
                assertThatThrownBy(() -> Async.await(waiting)).hasMessage("lost 3");
                assertThat(combined.isDone() && followed.isDone()).isTrue();
                Async.sleep(Duration.ofMillis(999));
                assertThat(log.messages()).isEmpty();
                Async.sleep(Duration.ofMillis(2));
                assertThat(log.failures())
                        .containsExactly("java.lang.IllegalStateException: lost 0");
            });
        }
    }

    @Test
    void failureThatIsSeenWithinTheSecondIsNotLogged() {
        try (var log = new LogCapture()) {
            run(() -> {
                var task = failing();
                Async.sleep(Duration.ofMillis(900));
                assertThatThrownBy(() -> Async.await(task)).hasMessage("seen");
                Async.sleep(Duration.ofSeconds(2));
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void failureThatNobodyHasSeenIsLoggedWhenTheLoopCloses() {
        try (var log = new LogCapture()) {
            try (var loop = new IOLoop()) {
                loop.runSync(() -> {
                    failing();
                    Async.moment();
                    return null;
                });
            }
            assertThat(log.failures()).containsExactly("java.lang.IllegalStateException: seen");
        }
    }

    @Test
    void whatIsToBeFinishedIsWaitedForWhenTheLoopCloses() {
        var ended = new ArrayList<String>();
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                for (var name : List.of("finished", "cancelled")) {
                    var task =
                            Async.spawn(() -> {
                                Async.sleep(Duration.ofMillis(1));
                                ended.add(name);
                            });
                    if (name.equals("finished")) {
                        task.finishBeforeClose();
                    }
                }
                return null;
            });
        }
        assertThat(ended).containsExactly("finished");
    }

    @Test
    void aCoroutineKnowsItsOwnCancellation() {
        run(() -> {
            var own = new ArrayList<Boolean>();
            CheckedRunnable waiting =
                    () -> {
                        try {
                            Async.await(never());
                        } catch (CancellationException e) {
                            own.add(Async.isOwnCancellation(e));
                            throw e;
                        }
                    };
            var other = Async.spawn(waiting);
            var waitsForOther =
                    Async.spawn(() -> {
                        try {
                            Async.await(other);
                        } catch (CancellationException e) {
                            own.add(Async.isOwnCancellation(e));
                        }
                    });
            Async.moment();
            other.cancel();
            Async.await(waitsForOther);
            assertThatThrownBy(() -> Async.withTimeout(Duration.ofSeconds(1), waiting))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(own).containsExactly(true, false, true);
        });
    }

    @Test
    void cancelledTaskIsNotLogged() {
        try (var log = new LogCapture()) {
            run(() -> {
                Async.spawn(() -> Async.await(never())).cancel();
                Async.sleep(Duration.ofSeconds(2));
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void failureOfALimitedTaskAfterItsLimitIsLogged() {
        try (var log = new LogCapture()) {
            run(() -> {
                var task =
                        Async.spawn(() -> {
                            try {
                                Async.await(never());
                            } finally {
                                Async.sleep(Duration.ofSeconds(1));
                                throwIllegalState("in its clean-up");
                            }
                        });
                var limited = Async.withTimeout(Duration.ofSeconds(1), task);
                assertThatThrownBy(() -> Async.await(limited))
                        .isInstanceOf(AsyncTimeoutException.class);
                Async.sleep(Duration.ofSeconds(5));
            });
            assertThat(log.failures())
                    .containsExactly("java.lang.IllegalStateException: in its clean-up");
        }
    }

    private static void throwIllegalState(String message) {
        throw new IllegalStateException(message);
    }

    private static Task<Object> failing() {
        return Async.spawn(() -> {
            throw new IllegalStateException("seen");
        });
    }

    // ---- what a coroutine sees of its maker ----

    private static final ThreadLocal<String> OWN = new ThreadLocal<>();
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    @Test
    void threadLocalsBelongToOneCoroutine() {
        run(() -> {
            OWN.set("maker's");
            var other =
                    Async.spawn(() -> {
                        var before = OWN.get();
                        OWN.set("other's");
                        Async.moment();
                        return before + " " + OWN.get();
                    });
            assertThat(Async.await(other)).isEqualTo("null other's");
            assertThat(OWN.get()).isEqualTo("maker's");
        });
    }

    @Test
    void inheritableThreadLocalsComeFromTheMaker() {
        run(() -> {
            INHERITED.set("maker's");
            var other =
                    Async.spawn(() -> {
                        var before = INHERITED.get();
                        INHERITED.set("changed");
                        return before;
                    });
            assertThat(Async.await(other)).isEqualTo("maker's");
            assertThat(INHERITED.get()).isEqualTo("maker's");
        });
    }

    @Test
    void scopedValuesHoldAcrossWaitsAndDoNotLeakToOtherCoroutines() {
        run(() -> {
            var other = new ArrayList<Boolean>();
            ScopedValue.where(SCOPED, "bound")
                    .run(() -> {
                        Async.spawn(() -> other.add(SCOPED.isBound()));
                        Async.moment();
                        assertThat(SCOPED.get()).isEqualTo("bound");
                    });
            assertThat(SCOPED.isBound()).isFalse();
            assertThat(other).containsExactly(false);
        });
    }

    @Test
    void suspendedCoroutineSurvivesGarbageCollection() throws Exception {
        try (var running = new Loops.Running()) {
            var done = new CountDownLatch(1);
            var gate = new CompletableFuture<Void>();
            running.loop.spawnCallback(() -> {
                Async.await(gate);
                done.countDown();
            });
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            gate.complete(null);
            done.await();
        }
    }
}
