package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Coroutines.run;
import static whirlwind.loop.Loops.never;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code all}, {@code any}, {@code asCompleted}, {@code shield}. */
class CombiningTest {

    // ---- all ----

    @Test
    void allReturnsResultsInTheOrderOfTheStages() {
        run(() -> {
            var first = new CompletableFuture<String>();
            var second = new CompletableFuture<String>();
            var all = Async.all(first, second);
            second.complete("b");
            assertThat(all).isNotDone();
            first.complete("a");
            assertThat(Async.<List<String>>await(all)).containsExactly("a", "b");
        });
    }

    @Test
    void allOfNothingIsDone() {
        run(() -> {
            assertThat(Async.all(List.<CompletableFuture<String>>of()))
                    .isCompletedWithValue(List.of());
            assertThat(Async.all(Map.<String, CompletableFuture<String>>of()))
                    .isCompletedWithValue(Map.of());
        });
    }

    @Test
    void allKeepsTheKeysAndTheOrderOfAMap() {
        run(() -> {
            var stages = new LinkedHashMap<String, CompletableFuture<String>>();
            stages.put("z", new CompletableFuture<>());
            stages.put("a", CompletableFuture.completedFuture("2"));
            var all = Async.all(stages);
            stages.get("z").complete(null);
            var results = Async.<Map<String, String>>await(all);
            assertThat(results.keySet()).containsExactly("z", "a");
            assertThat(results.get("z")).isNull();
        });
    }

    @Test
    void allTakesTheSameStageTwice() {
        run(() -> {
            var task = Async.spawn(() -> "once");
            assertThat(Async.<List<String>>await(Async.all(task, task)))
                    .containsExactly("once", "once");
        });
    }

    @Test
    void allWaitsForThousandsOfCoroutines() {
        run(() -> {
            var tasks =
                    IntStream.range(0, 2000)
                            .mapToObj(i ->
                                    Async.spawn(() -> {
                                        Async.moment();
                                        return i;
                                    }))
                            .toList();
            assertThat(Async.<List<Integer>>await(Async.all(tasks)))
                    .containsExactlyElementsOf(IntStream.range(0, 2000).boxed().toList());
        });
    }

    @Test
    void allFailsWithTheFirstFailureWhenEveryStageIsDoneAndLogsTheLaterOnes() {
        try (var log = new LogCapture()) {
            run(() -> {
                var early = new CompletableFuture<String>();
                var late = new CompletableFuture<String>();
                var slow = new CompletableFuture<String>();
                var all = Async.all(early, late, slow);
                late.completeExceptionally(new IllegalStateException("came first"));
                early.completeExceptionally(new IllegalStateException("came second"));
                assertThat(all).isNotDone();
                slow.complete("value");
                assertThatThrownBy(() -> Async.await(all)).hasMessage("came first");
            });
            assertThat(log.failures())
                    .containsExactly("java.lang.IllegalStateException: came second");
        }
    }

    @Test
    void allDoesNotLogQuietFailuresNorCancellations() {
        try (var log = new LogCapture()) {
            run(() -> {
                var stages =
                        List.of(
                                Loops.<String>never(),
                                Loops.<String>never(),
                                Loops.<String>never());
                var all = Async.all(stages, Set.of(IllegalArgumentException.class));
                stages.get(0).completeExceptionally(new IllegalStateException("first"));
                stages.get(1)
                        .completeExceptionally(new NumberFormatException("quiet by its base type"));
                stages.get(2).cancel(true);
                assertThatThrownBy(() -> Async.await(all)).hasMessage("first");
            });
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void allCancelledCancelsItsStages() {
        run(() -> {
            var task = Async.spawn(() -> Async.await(never()));
            var stage = Loops.<String>never();
            var waiting = Async.spawn(() -> Async.await(Async.all(task, stage)));
            Async.moment();
            waiting.cancel();
            Async.moment();
            Async.moment();
            assertThat(waiting).isCancelled();
            assertThat(stage).isCancelled();
            assertThat(task).isCancelled();
        });
    }

    @Test
    void allTakesStagesThatOtherThreadsComplete() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                for (int i = 0; i < 100; i++) {
                    var stages =
                            List.of(
                                    new CompletableFuture<Integer>(),
                                    new CompletableFuture<Integer>());
                    stages.forEach(stage -> Thread.ofVirtual().start(() -> stage.complete(1)));
                    assertThat(Async.<Integer>await(stages)).containsExactly(1, 1);
                }
                return null;
            });
        }
    }

    // ---- any ----

    @Test
    void anyReturnsTheFirstResultAndLeavesTheOthersAlone() {
        run(() -> {
            var failing = new CompletableFuture<String>();
            var slow = new CompletableFuture<String>();
            var fast = new CompletableFuture<String>();
            var any = Async.any(failing, slow, fast);
            failing.completeExceptionally(new IllegalStateException("no"));
            assertThat(any).isNotDone();
            fast.complete("fast");
            assertThat(Async.await(any)).isEqualTo("fast");
            assertThat(slow).isNotDone();
        });
    }

    @Test
    void anyFailsWhenAllHaveFailed() {
        run(() -> {
            var stages = List.of(Loops.<String>never(), Loops.<String>never());
            var any = Async.any(stages);
            stages.get(1).completeExceptionally(new IllegalStateException("first"));
            stages.get(0).completeExceptionally(new IllegalStateException("last"));
            assertThatThrownBy(() -> Async.await(any))
                    .hasMessage("last")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        });
    }

    @Test
    void anyOfOneFailureTwiceFailsWithIt() {
        run(() -> {
            var failed = CompletableFuture.<String>failedFuture(new IllegalStateException("no"));
            assertThatThrownBy(() -> Async.await(Async.any(failed, failed))).hasMessage("no");
        });
    }

    @Test
    void anyOfNothingIsRefused() {
        run(() ->
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Async.any(List.<CompletableFuture<String>>of())));
    }

    @Test
    void anyCancelledCancelsItsStages() {
        run(() -> {
            var task = Async.spawn(() -> Async.await(never()));
            var stage = Loops.<Object>never();
            assertThatThrownBy(() ->
                            Async.await(
                                    Async.withTimeout(
                                            Duration.ofSeconds(1), Async.any(task, stage))))
                    .isInstanceOf(AsyncTimeoutException.class);
            Async.moment();
            assertThat(stage).isCancelled();
            assertThat(task).isCancelled();
        });
    }

    // ---- asCompleted ----

    @Test
    void iteratorReturnsResultsInTheOrderInWhichTheyCome() {
        run(() -> {
            var first = new CompletableFuture<String>();
            var second = new CompletableFuture<String>();
            var iterator = Async.asCompleted(List.of(first, second));
            assertThat(iterator.currentIndex()).isNull();
            assertThat(iterator.currentFuture()).isNull();
            Async.spawn(() -> {
                second.complete("b");
                Async.moment();
                first.complete("a");
            });
            assertThat(iterator.next()).isEqualTo("b");
            assertThat(iterator.currentIndex()).isEqualTo(1);
            assertThat(iterator.currentFuture()).isSameAs(second);
            assertThat(iterator.hasNext()).isTrue();
            assertThat(iterator.next()).isEqualTo("a");
            assertThat(iterator.currentIndex()).isZero();
            assertThat(iterator.hasNext()).isFalse();
            assertThat(iterator.currentIndex()).isNull();
            assertThat(iterator.currentFuture()).isNull();
            assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void iteratorOverNothingIsAtItsEnd() {
        run(() -> {
            var iterator = Async.asCompleted(List.<CompletableFuture<String>>of());
            assertThat(iterator.hasNext()).isFalse();
            assertThat(iterator.currentIndex()).isNull();
            assertThat(iterator.currentFuture()).isNull();
        });
    }

    @Test
    void stagesThatWereDoneComeFirstInTheirOrder() {
        run(() -> {
            var late = new CompletableFuture<Integer>();
            var iterator =
                    Async.asCompleted(
                            List.of(
                                    late,
                                    CompletableFuture.completedFuture(1),
                                    CompletableFuture.completedFuture(2),
                                    CompletableFuture.completedFuture(3)));
            var seen = new ArrayList<Integer>();
            Async.spawn(() -> late.complete(0));
            iterator.forEachRemaining(seen::add);
            assertThat(seen).containsExactly(1, 2, 3, 0);
        });
    }

    @Test
    void iteratorNamesStagesOfAMap() {
        run(() -> {
            var stages = new LinkedHashMap<String, CompletableFuture<Integer>>();
            stages.put("slow", new CompletableFuture<>());
            stages.put("done", CompletableFuture.completedFuture(2));
            var iterator = Async.asCompleted(stages);
            assertThat(iterator.next()).isEqualTo(2);
            assertThat(iterator.currentIndex()).isEqualTo("done");
            stages.get("slow").complete(1);
            assertThat(iterator.next()).isEqualTo(1);
            assertThat(iterator.currentIndex()).isEqualTo("slow");
        });
    }

    @Test
    void iterationGoesOnAfterAFailure() {
        run(() -> {
            var iterator =
                    Async.asCompleted(
                            List.of(
                                    CompletableFuture.<Integer>failedFuture(
                                            new IllegalStateException("no")),
                                    CompletableFuture.completedFuture(2)));
            assertThatThrownBy(iterator::next).hasMessage("no");
            assertThat(iterator.currentIndex()).isZero();
            assertThat(iterator.next()).isEqualTo(2);
            assertThat(iterator.hasNext()).isFalse();
        });
    }

    @Test
    void iteratorTakesStagesOfOtherThreads() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var stages =
                        IntStream.range(0, 500)
                                .mapToObj(i -> new CompletableFuture<Integer>())
                                .toList();
                Thread.ofPlatform().start(() -> stages.forEach(stage -> stage.complete(1)));
                int sum = 0;
                for (var iterator = Async.asCompleted(stages); iterator.hasNext(); ) {
                    sum += iterator.next();
                }
                assertThat(sum).isEqualTo(500);
                return null;
            });
        }
    }

    @Test
    void cancelledIterationLeavesTheStagesAlone() {
        run(() -> {
            var stage = Loops.<String>never();
            var task = Async.spawn(() -> Async.asCompleted(List.of(stage)).next());
            Async.moment();
            task.cancel();
            assertThatThrownBy(() -> Async.await(task)).isInstanceOf(CancellationException.class);
            assertThat(stage).isNotDone();
        });
    }

    // ---- shield ----

    @Test
    void shieldHasTheSameOutcome() {
        run(() -> {
            assertThat(Async.<String>await(Async.shield(Async.spawn(() -> "value"))))
                    .isEqualTo("value");
            var failing =
                    Async.<Object>spawn(() -> {
                        throw new IllegalStateException("no");
                    });
            assertThatThrownBy(() -> Async.await(Async.shield(failing))).hasMessage("no");
            var cancelled = Loops.<String>never();
            var shield = Async.shield(cancelled);
            cancelled.cancel(true);
            assertThat(shield).isCancelled();
        });
    }

    @Test
    void shieldedStageSurvivesTheCoroutineThatWaitedForIt() {
        run(() -> {
            var stage = Loops.<String>never();
            var task = Async.spawn(() -> Async.await(Async.shield(stage)));
            Async.moment();
            task.cancel();
            assertThatThrownBy(() -> Async.await(task)).isInstanceOf(CancellationException.class);
            assertThat(stage).isNotDone();
        });
    }

    @Test
    void failureOfAShieldedTaskThatNobodyWaitsForAnyMoreIsLogged() {
        try (var log = new LogCapture()) {
            run(() -> {
                var gate = new CompletableFuture<Void>();
                var task =
                        Async.spawn(
                                "shielded",
                                () -> {
                                    Async.await(gate);
                                    throw new IllegalStateException("lost?");
                                });
                var waiting = Async.spawn(() -> Async.await(Async.shield(task)));
                Async.moment();
                waiting.cancel();
                Async.moment();
                gate.complete(null);
                Async.sleep(Duration.ofSeconds(2));
            });
            assertThat(log.failures()).containsExactly("java.lang.IllegalStateException: lost?");
        }
    }

    // ---- nothing is left behind on a future that lives long ----

    @Test
    void waitingWithALimitLeavesNothingOnTheStage() {
        run(() -> {
            var long1 = Loops.<String>never();
            for (int i = 0; i < 100; i++) {
                var limited = Async.withTimeout(Duration.ofMillis(1), Async.shield(long1));
                assertThatThrownBy(() -> Async.await(limited))
                        .isInstanceOf(AsyncTimeoutException.class);
            }
            assertThat(long1.getNumberOfDependents()).isLessThan(5);
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    @Test
    void waitingForAnyLeavesNothingOnTheOthers() {
        run(() -> {
            var shutdown = Loops.<String>never();
            for (int i = 0; i < 100; i++) {
                Async.await(Async.any(shutdown, Async.spawn(() -> "request")));
            }
            assertThat(shutdown.getNumberOfDependents()).isLessThan(5);
        });
    }

    @Test
    void limitThatIsKeptLeavesNoTimer() {
        run(() -> {
            var loop = IOLoop.current();
            for (int i = 0; i < 10; i++) {
                Async.await(Async.withTimeout(Duration.ofHours(1), Async.spawn(() -> "value")));
                Async.withTimeout(Duration.ofHours(1), () -> Async.moment());
            }
            assertThat(loop.metrics().timers()).isZero();
        });
    }

    @Test
    void failureOfAStageThatIsGivenTwiceIsNoSecondFailure() {
        try (var log = new LogCapture()) {
            run(() -> {
                var failed = CompletableFuture.failedFuture(new IllegalStateException("once"));
                assertThatThrownBy(() -> Async.await(Async.all(failed, failed))).hasMessage("once");
            });
            assertThat(log.messages()).isEmpty();
        }
    }
}
