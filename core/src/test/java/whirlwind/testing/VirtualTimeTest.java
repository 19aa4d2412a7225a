package whirlwind.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.PeriodicCallback;

class VirtualTimeTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualTime time = new VirtualTime();

    @Test
    void timeJumpsToTheNextTimerWhenNothingElseCanRun() {
        var result =
                time.run(() -> {
                    Async.sleep(HOUR);
                    return time.elapsed();
                });

        assertThat(result).isEqualTo(HOUR);
    }

    @Test
    void theLoopsInstantsFollowTheClock() {
        time.run(() -> {
            var start = IOLoop.current().time();
            Async.sleep(HOUR);
            assertThat(IOLoop.current().time()).isEqualTo(start.plus(HOUR));
        });
    }

    @Test
    void timeStandsStillOnALoopThatIsAdvancedByHand() {
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                var slept = Async.spawn(() -> Async.sleep(HOUR));
                Async.await(Async.offload(() -> null));
                assertThat(time.elapsed()).isZero();
                time.advance(HOUR.minusNanos(1));
                assertThat(slept).isNotDone();
                time.advance(Duration.ofNanos(1));
                assertThat(slept).isDone();
                return null;
            });
        }
    }

    @Test
    void everyTimerFiresAtItsOwnTimeAndWhatItReadiesRunsBeforeTheNextJump() {
        var seen = new ArrayList<String>();
        time.run(() -> {
            var loop = IOLoop.current();
            loop.callLater(SECOND.multipliedBy(3), () -> seen.add("third at " + time.elapsed()));
            loop.callLater(
                    SECOND,
                    () ->
                            loop.spawnCallback(() -> {
                                Async.moment();
                                Async.moment();
                                seen.add("first at " + time.elapsed());
                                Async.sleep(SECOND);
                                seen.add("second at " + time.elapsed());
                            }));
            time.advance(SECOND.multipliedBy(3));
            seen.add("there at " + time.elapsed());
        });

        assertThat(seen)
                .containsExactly(
                        "first at PT1S", "second at PT2S", "third at PT3S", "there at PT3S");
    }

    @Test
    void advancingByNothingRunsAllThatCanRun() {
        var seen = new ArrayList<String>();
        time.run(() -> {
            Async.spawn(() -> {
                Async.moment();
                Async.moment();
                seen.add("ran");
            });
            time.advance(Duration.ZERO);
            assertThat(seen).containsExactly("ran");
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void advancingByATimeWithoutTimersJustMovesTheClock() {
        time.run(() -> time.advance(HOUR));

        assertThat(time.elapsed()).isEqualTo(HOUR);
    }

    @Test
    void twoCoroutinesCannotAdvanceAtOnce() {
        time.run(() -> {
            var first = Async.spawn(() -> time.advance(HOUR));
            var second = Async.spawn(() -> time.advance(HOUR));
            assertThatThrownBy(() -> Async.await(second)).isInstanceOf(IllegalStateException.class);
            Async.await(first);
        });
    }

    @Test
    void anAdvanceThatIsCancelledLeavesTheClockToOthers() {
        time.run(() -> {
            var hold = time.hold();
            var cancelled = Async.spawn(() -> time.advance(HOUR));
            Async.moment();
            cancelled.cancel();
            Async.moment();
            hold.close();
            time.advance(SECOND);
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }

    @Test
    void negativeTimeIsRefused() {
        assertThatThrownBy(() -> time.run(() -> time.advance(SECOND.negated())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time: -1 s (at least 0)");
    }

    @Test
    void timeWaitsForOffloadedWork() {
        time.run(() -> {
            var go = new CountDownLatch(1);
            var work =
                    Async.offload(() -> {
                        go.await();
                        return time.elapsed();
                    });
            var late = Async.spawn(() -> Async.sleep(SECOND));
            IOLoop.current().addCallback(go::countDown);
            assertThat(Async.await(work)).isZero();
            Async.await(late);
        });
    }

    @Test
    void timeWaitsWhileItIsHeld() {
        time.run(() -> {
            var loop = IOLoop.current();
            var hold = time.hold();
            var answer = new CompletableFuture<Duration>();
            var slept = Async.spawn(() -> Async.sleep(SECOND));
            Thread.ofPlatform()
                    .start(() -> loop.addCallback(() -> answer.complete(time.elapsed())));
            assertThat(Async.await(answer)).isZero();
            hold.close();
            hold.close();
            Async.await(slept);
            assertThat(time.elapsed()).isEqualTo(SECOND);
        });
    }

    @Test
    void aBodyThatWaitsForWhatCannotHappenFailsAndSaysWhere() {
        assertThatThrownBy(() -> time.run(() -> Async.await(new CompletableFuture<Void>())))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("nothing can happen any more: no timer is pending")
                .hasMessageContaining("VirtualTimeTest.java");
    }

    @Test
    void aStuckBodyThatDoesNotEndWhenCancelledIsLeftBehind() {
        try (var loop = time.newLoop()) {
            assertThatThrownBy(() ->
                            time.run(
                                    loop,
                                    () -> {
                                        try {
                                            Async.await(new CompletableFuture<Void>());
                                        } finally {
                                            Async.await(new CompletableFuture<Void>());
                                        }
                                    }))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void aPeriodicCallbackDoesNotKeepAStuckBodyForEver() {
        assertThatThrownBy(() ->
                        time.run(() -> {
                            new Metronome(IOLoop.current()).tick();
                            Async.await(new CompletableFuture<Void>());
                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the body has not ended after 5000000 timers");
    }

    /** Cheaper than a {@link PeriodicCallback}, which starts a coroutine each time. */
    private record Metronome(IOLoop loop) {
        void tick() {
            loop.callLater(SECOND, this::tick);
        }
    }

    @Test
    void whatTheBodyThrowsIsThrown() {
        assertThatThrownBy(() ->
                        time.run(() -> {
                            throw new IllegalArgumentException("mine");
                        }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine");
    }

    @Test
    void whatIsLeftAtTheEndMaySleepWhileItCleansUp() {
        var cleanedUp = new ArrayList<Duration>();
        time.run(() -> {
            Async.spawn(() -> {
                try {
                    Async.await(new CompletableFuture<>());
                } finally {
                    Async.sleep(HOUR);
                    cleanedUp.add(time.elapsed());
                }
            });
            Async.moment();
        });

        assertThat(cleanedUp).containsExactly(HOUR);
    }
}
