package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class TimersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MILLION = 1_000_000;

    private final VirtualTime time = new VirtualTime();
    private final List<String> history = new ArrayList<>();

    @Test
    void aTimerFiresAfterItsDelay() {
        time.run(() -> {
            IOLoop.current().callLater(SECOND, () -> history.add("fired at " + time.elapsed()));
            Async.sleep(SECOND.multipliedBy(2));
            assertThat(history).containsExactly("fired at PT1S");
        });
    }

    @Test
    void aTimerFiresAtItsInstantOnTheLoopsClock() {
        time.run(() -> {
            var loop = IOLoop.current();
            var when = loop.time().plus(SECOND);
            loop.callAt(
                    when,
                    () -> {
                        assertThat(loop.time()).isEqualTo(when);
                        history.add("fired");
                    });
            Async.sleep(SECOND);
            Async.moment();
            assertThat(history).containsExactly("fired");
        });
    }

    @Test
    void theLoopsTimeIsItsOwnClocksTime() {
        time.run(() -> {
            var loop = IOLoop.current();
            var start = loop.time();
            Async.moment();
            assertThat(loop.time()).isEqualTo(start);
            Async.sleep(Duration.ofDays(365));
            assertThat(loop.time()).isEqualTo(start.plus(Duration.ofDays(365)));
        });
    }

    @Test
    void whatIsDueAlreadyFiresInTheNextTurnNotInline() {
        time.run(() -> {
            var loop = IOLoop.current();
            loop.callAt(loop.time().minus(SECOND), () -> history.add("past"));
            loop.callLater(Duration.ofSeconds(-1), () -> history.add("negative"));
            loop.callLater(Duration.ZERO, () -> history.add("zero"));
            assertThat(history).isEmpty();
            time.advance(Duration.ZERO);
            assertThat(history).containsExactlyInAnyOrder("past", "negative", "zero");
            assertThat(time.elapsed()).isZero();
        });
    }

    @Test
    void timersFireInTheOrderOfTheirTimesAndEqualOnesAsTheyWereMade() {
        time.run(() -> {
            var loop = IOLoop.current();
            for (int seconds : new int[] {3, 1, 2, 1, 3}) {
                int number = history.size() + loop.metrics().timers();
                loop.callLater(
                        SECOND.multipliedBy(seconds), () -> history.add(seconds + "s #" + number));
            }
            time.advance(SECOND.multipliedBy(3));
            assertThat(history).containsExactly("1s #1", "1s #3", "2s #2", "3s #0", "3s #4");
        });
    }

    @Test
    void aCancelledTimerDoesNotFire() {
        time.run(() -> {
            var loop = IOLoop.current();
            var first = loop.callLater(SECOND, () -> history.add("first"));
            var second = loop.callAt(loop.time().plus(SECOND), () -> history.add("second"));
            assertThat(first.isPending()).isTrue();
            loop.removeTimeout(first);
            second.cancel();
            assertThat(first.isPending()).isFalse();
            assertThat(loop.metrics().timers()).isZero();
            time.advance(SECOND);
            assertThat(history).isEmpty();
        });
    }

    @Test
    void cancellingATimerThatHasFiredOrTwiceDoesNothing() {
        time.run(() -> {
            var loop = IOLoop.current();
            var fired = loop.callLater(SECOND, () -> history.add("fired"));
            var cancelled = loop.callLater(SECOND, () -> history.add("cancelled"));
            cancelled.cancel();
            cancelled.cancel();
            time.advance(SECOND);
            var other = loop.callLater(SECOND, () -> history.add("other"));
            loop.removeTimeout(fired);
            loop.removeTimeout(cancelled);
            assertThat(other.isPending()).isTrue();
            time.advance(SECOND);
            assertThat(history).containsExactly("fired", "other");
        });
    }

    @Test
    void aTimerMayCancelAnotherThatIsDueInTheSameTurn() {
        time.run(() -> {
            var loop = IOLoop.current();
            var timers = new ArrayList<Timeout>();
            for (int i = 0; i < 2; i++) {
                int number = i;
                timers.add(
                        loop.callLater(
                                SECOND,
                                () -> {
                                    history.add("fired " + number);
                                    timers.get(1 - number).cancel();
                                }));
            }
            time.advance(SECOND);
            assertThat(history).containsExactly("fired 0");
        });
    }

    @Test
    void aTimerMayCancelItself() {
        time.run(() -> {
            var loop = IOLoop.current();
            var own = new Timeout[1];
            own[0] =
                    loop.callLater(
                            SECOND,
                            () -> {
                                own[0].cancel();
                                history.add("fired");
                            });
            time.advance(SECOND);
            assertThat(history).containsExactly("fired");
        });
    }

    @Test
    void timersThatMakeDueTimersDoNotHoldTheLoop() {
        time.run(() -> {
            var loop = IOLoop.current();
            new Object() {
                void again() {
                    if (history.size() < 100) {
                        history.add("timer");
                        loop.callLater(Duration.ZERO, this::again);
                    }
                }
            }.again();
            Async.moment();
            assertThat(history).hasSizeLessThan(10);
            time.advance(Duration.ZERO);
            assertThat(history).hasSize(100);
        });
    }

    @Test
    void whatATimerThrowsIsLoggedAndTheOthersFire() {
        try (var logs = LogCapture.of(IOLoop.class)) {
            time.run(() -> {
                var loop = IOLoop.current();
                loop.callLater(
                        SECOND,
                        () -> {
                            throw new IllegalStateException("mine");
                        });
                loop.callLater(SECOND, () -> history.add("fired"));
                time.advance(SECOND);
            });
            assertThat(history).containsExactly("fired");
            assertThat(logs.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Exception in callback ");
            assertThat(logs.failures())
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("mine");
        }
    }

    @Test
    void delaysBeyondTheClocksRangeNeverFire() {
        time.run(() -> {
            var loop = IOLoop.current();
            var never =
                    loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> history.add("fired"));
            Async.sleep(Duration.ofDays(365 * 100));
            assertThat(never.isPending()).isTrue();
            assertThat(history).isEmpty();
        });
    }

    @Test
    void thousandsOfTimersMadeAndCancelledLeaveNothingBehind() {
        time.run(() -> {
            var loop = IOLoop.current();
            for (int i = 0; i < 2000; i++) {
                loop.removeTimeout(loop.callLater(Duration.ofHours(1), () -> history.add("fired")));
            }
            assertThat(loop.metrics().timers()).isZero();
        });
    }

    @Test
    void aMillionTimersPendAndAreCancelledInAnyOrder() {
        time.run(() -> {
            var loop = IOLoop.current();
            var random = new Random(1);
            int[] fired = {0};
            long[] lastNanos = {0};
            var timers = new ArrayList<Timeout>(MILLION);
            for (int i = 0; i < MILLION; i++) {
                timers.add(
                        loop.callLater(
                                Duration.ofMillis(random.nextInt(1000)),
                                () -> {
                                    assertThat(time.nanoTime() >= lastNanos[0]).isTrue();
                                    lastNanos[0] = time.nanoTime();
                                    fired[0]++;
                                }));
            }
            assertThat(loop.metrics().timers()).isEqualTo(MILLION);
            Collections.shuffle(timers, random);
            timers.subList(0, MILLION / 2).forEach(Timeout::cancel);
            assertThat(loop.metrics().timers()).isEqualTo(MILLION / 2);
            time.advance(SECOND);
            assertThat(fired[0]).isEqualTo(MILLION / 2);
            assertThat(timers).noneMatch(Timeout::isPending);
        });
    }
}
