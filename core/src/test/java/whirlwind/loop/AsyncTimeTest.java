package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.testing.VirtualTime;

/** How coroutines sleep, and how long they may take: {@link Async} on virtual time. */
class AsyncTimeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();
    private final List<String> history = new ArrayList<>();

    // ---- sleeping ----

    @Test
    void sleepersWakeAtTheirTimesInOrder() {
        time.run(() -> {
            var sleepers = new ArrayList<Task<?>>();
            for (int seconds : new int[] {3, 1, 2}) {
                sleepers.add(
                        Async.spawn(() -> {
                            Async.sleep(SECOND.multipliedBy(seconds));
                            history.add(seconds + " at " + time.elapsed());
                        }));
            }
            Async.await(sleepers);
            assertThat(history).containsExactly("1 at PT1S", "2 at PT2S", "3 at PT3S");
        });
    }

    @Test
    void sleepingForNothingLetsOthersRunOnce() {
        time.run(() -> {
            Async.spawn(() -> {
                history.add("other");
                Async.moment();
                history.add("other again");
            });
            Async.sleep(Duration.ZERO);
            assertThat(history).containsExactly("other");
            Async.sleep(Duration.ofSeconds(-1));
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void aCancelledSleeperWakesAtOnceAndLeavesNoTimer() {
        time.run(() -> {
            var sleeper = Async.spawn(() -> Async.sleep(Duration.ofHours(1)));
            Async.sleep(SECOND);
            sleeper.cancel();
            assertThatThrownBy(() -> Async.await(sleeper))
                    .isInstanceOf(CancellationException.class);
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    // ---- limits on a stage ----

    @Test
    void aStageThatTakesTooLongIsCancelledAndTimesOut() {
        time.run(() -> {
            var stage = new CompletableFuture<String>();
            assertThatThrownBy(() -> Async.await(Async.withTimeout(SECOND, stage)))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("the operation timed out after 1 s");
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(stage).isCancelled();
        });
    }

    @Test
    void aStageThatIsDoneInTimeKeepsItsOutcomeAndLeavesNoTimer() {
        time.run(() -> {
            var result = Async.withTimeout(SECOND, after(SECOND.dividedBy(2), "result"));
            assertThat(Async.await(result)).isEqualTo("result");
            var failure =
                    Async.withTimeout(
                            SECOND,
                            Async.spawn(() -> {
                                Async.sleep(SECOND.dividedBy(2));
                                throw new IllegalStateException("mine");
                            }));
            assertThatThrownBy(() -> Async.await(failure)).hasMessage("mine");
            assertThat(time.elapsed()).isEqualTo(SECOND);
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    @Test
    void aStageThatIsDoneAlreadyNeedsNoTimer() {
        time.run(() -> {
            assertThat(
                            Async.await(
                                    Async.withTimeout(
                                            Duration.ZERO,
                                            CompletableFuture.completedFuture("done"))))
                    .isEqualTo("done");
            assertThatThrownBy(() ->
                            Async.await(
                                    Async.withTimeout(
                                            SECOND,
                                            CompletableFuture.failedFuture(
                                                    new IllegalStateException("mine")))))
                    .hasMessage("mine");
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    @Test
    void aShieldedStageGoesOnAfterTheLimit() {
        time.run(() -> {
            var stage = after(SECOND.multipliedBy(2), "late");
            assertThatThrownBy(() -> Async.await(Async.withTimeout(SECOND, Async.shield(stage))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(Async.await(stage)).isEqualTo("late");
            assertThat(time.elapsed()).isEqualTo(SECOND.multipliedBy(2));
        });
    }

    @Test
    void offloadedWorkKeepsItsOutcomeWithinALimit() {
        time.run(() ->
                assertThat(Async.await(Async.withTimeout(SECOND, Async.offload(() -> "result"))))
                        .isEqualTo("result"));
    }

    // ---- limits on a body ----

    @Test
    void aBodyThatTakesTooLongIsCancelledWhereItWaitsAndTimesOut() {
        time.run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    SECOND,
                                    () -> {
                                        try {
                                            Async.sleep(Duration.ofHours(1));
                                        } finally {
                                            history.add("cleaned up at " + time.elapsed());
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("the operation timed out after 1 s");
            assertThat(history).containsExactly("cleaned up at PT1S");
            Async.sleep(SECOND);
            assertThat(time.elapsed()).isEqualTo(SECOND.multipliedBy(2));
        });
    }

    @Test
    void aBodyThatEndsInTimeGivesItsResultAndLeavesNoTimer() {
        time.run(() -> {
            var result =
                    Async.withTimeout(
                            SECOND,
                            () -> {
                                Async.sleep(SECOND.dividedBy(2));
                                return "result";
                            });
            assertThat(result).isEqualTo("result");
            assertThat(IOLoop.current().metrics().timers()).isZero();
            Async.sleep(SECOND);
        });
    }

    @Test
    void ofNestedLimitsTheShorterOneEndsItsOwnBodyOnly() {
        time.run(() -> {
            var answer =
                    Async.withTimeout(
                            SECOND.multipliedBy(2),
                            () -> {
                                try {
                                    Async.withTimeout(
                                            SECOND, () -> Async.sleep(Duration.ofHours(1)));
                                    return "inner ended";
                                } catch (AsyncTimeoutException e) {
                                    Async.sleep(SECOND.dividedBy(2));
                                    return "inner timed out";
                                }
                            });
            assertThat(answer).isEqualTo("inner timed out");
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    SECOND,
                                    () ->
                                            Async.withTimeout(
                                                    SECOND.multipliedBy(2),
                                                    () -> Async.sleep(Duration.ofHours(1)))))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessage("the operation timed out after 1 s");
        });
    }

    @Test
    void nestedLimitsOfTheSameMomentEndBothBodies() {
        time.run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    SECOND,
                                    () ->
                                            Async.withTimeout(
                                                    SECOND,
                                                    () -> Async.sleep(Duration.ofHours(1)))))
                    .isInstanceOf(AsyncTimeoutException.class);
            Async.sleep(SECOND);
            assertThat(time.elapsed()).isEqualTo(SECOND.multipliedBy(2));
        });
    }

    @Test
    void anOuterLimitThatPassesWhileTheInnerOneIsBeingDeliveredIsNotLost() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(new LateClock()))) {
            loop.runSync(() -> {
                assertThatThrownBy(() ->
                                Async.withTimeout(
                                        SECOND.multipliedBy(2), this::waitAgainAfterATimeout))
                        .isInstanceOf(AsyncTimeoutException.class)
                        .hasMessage("the operation timed out after 2 s");
                return null;
            });
        }
        assertThat(history).isEmpty();
    }

    private void waitAgainAfterATimeout() {
        try {
            Async.withTimeout(SECOND, () -> Async.await(new CompletableFuture<Void>()));
        } catch (AsyncTimeoutException e) {
            Async.sleep(Duration.ofDays(1));
            history.add("waited on");
        }
    }

    /**
     * As on a machine that is too busy: when the loop comes to look at its timers, they are long
     * due.
     */
    private static final class LateClock implements Ticker {
        private long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public boolean skipTo(long nextTimerNanos) {
            nanos = nextTimerNanos + Duration.ofHours(1).toNanos();
            return true;
        }
    }

    @Test
    void aLimitThatPassesJustAsTheBodyEndsCancelsNothingAfterIt() {
        time.run(() -> {
            try {
                Async.withTimeout(SECOND, () -> Async.sleep(SECOND));
            } catch (AsyncTimeoutException e) {
                history.add("timed out");
            }
            Async.sleep(SECOND);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(time.elapsed()).isEqualTo(SECOND.multipliedBy(2));
        });
    }

    private static <T> CompletableFuture<T> after(Duration delay, T result) {
        return Async.spawn(() -> {
            Async.sleep(delay);
            return result;
        });
    }
}
