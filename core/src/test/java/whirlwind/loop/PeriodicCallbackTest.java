package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class PeriodicCallbackTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();

    /** Seconds since the loop's clock stood at 1000. */
    private final List<Double> starts = new ArrayList<>();

    @Test
    void theFirstCallComesOnePeriodAfterTheStart() {
        time.run(() -> {
            var periodic = new PeriodicCallback(this::noteStart, PERIOD);
            assertThat(periodic.isRunning()).isFalse();
            periodic.start();
            assertThat(periodic.isRunning()).isTrue();
            time.advance(PERIOD.minusNanos(1));
            assertThat(starts).isEmpty();
            time.advance(Duration.ofNanos(1));
            assertThat(starts).containsExactly(1010.0);
            time.advance(PERIOD.multipliedBy(2));
            assertThat(starts).containsExactly(1010.0, 1020.0, 1030.0);
            periodic.stop();
        });
    }

    @Test
    void callsThatTakeTooLongSkipPeriodsAndStayOnTheGrid() {
        Iterator<Integer> durations = List.of(9, 9, 10, 11, 20, 20, 35, 35).iterator();
        time.run(() -> {
            var periodic =
                    new PeriodicCallback(
                            () -> {
                                noteStart();
                                if (durations.hasNext()) {
                                    Async.sleep(SECOND.multipliedBy(durations.next()));
                                }
                            },
                            PERIOD);
            periodic.start();
            time.advance(SECOND.multipliedBy(225));
            periodic.stop();
        });

        assertThat(starts)
                .containsExactly(
                        1010.0, 1020.0, 1030.0, 1050.0, 1070.0, 1100.0, 1130.0, 1170.0, 1210.0,
                        1220.0);
    }

    @Test
    void jitterScalesEachPeriod() {
        time.run(() -> {
            var periodic =
                    new PeriodicCallback(this::noteStart, PERIOD, 0.5, numbers(0.5, 1, 0, 0.75));
            periodic.start();
            time.advance(SECOND.multipliedBy(42));
            periodic.stop();
        });

        assertThat(starts).containsExactly(1010.0, 1022.5, 1030.0, 1041.25);
    }

    @Test
    void aClockThatIsMovedBackDoesNotMoveTheGrid() {
        var moved = new MovableClock(time);
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(moved))) {
            time.run(
                    loop,
                    () -> {
                        var periodic =
                                new PeriodicCallback(
                                        () -> {
                                            starts.add(1000 + moved.nanoTime() / 1e9);
                                            moved.offsetNanos = -SECOND.multipliedBy(100).toNanos();
                                        },
                                        PERIOD);
                        periodic.start();
                        time.advance(SECOND.multipliedBy(135));
                        periodic.stop();
                    });
        }

        assertThat(starts).containsExactly(1010.0, 1020.0, 1030.0);
    }

    /**
     * Tornado's clock may go back; a {@link Ticker} should not, and if it does nothing worse than a
     * gap may come of it.
     */
    private static final class MovableClock implements Ticker {
        private final VirtualTime time;
        private long offsetNanos;

        MovableClock(VirtualTime time) {
            this.time = time;
        }

        @Override
        public long nanoTime() {
            return time.nanoTime() + offsetNanos;
        }

        @Override
        public boolean skipTo(long nextTimerNanos) {
            return time.skipTo(nextTimerNanos == NEVER ? NEVER : nextTimerNanos - offsetNanos);
        }
    }

    @Test
    void callsThatWaitNeverOverlap() {
        var history = new ArrayList<String>();
        time.run(() -> {
            var periodic =
                    new PeriodicCallback(
                            () -> {
                                history.add("begin");
                                Async.sleep(PERIOD.multipliedBy(5).dividedBy(2));
                                history.add("end");
                            },
                            PERIOD);
            periodic.start();
            time.advance(PERIOD.multipliedBy(8));
            periodic.stop();
            time.advance(PERIOD.multipliedBy(8));
        });

        assertThat(history).containsExactly("begin", "end", "begin", "end", "begin", "end");
    }

    @Test
    void stopKeepsTheNextCallFromComing() {
        time.run(() -> {
            var periodic = new PeriodicCallback(this::noteStart, PERIOD);
            periodic.start();
            time.advance(PERIOD);
            periodic.stop();
            assertThat(periodic.isRunning()).isFalse();
            assertThat(IOLoop.current().metrics().timers()).isZero();
            time.advance(PERIOD.multipliedBy(5));
            periodic.stop();
        });

        assertThat(starts).containsExactly(1010.0);
    }

    @Test
    void aCallThatRunsWhenItIsStoppedEndsAndIsTheLast() {
        time.run(() -> {
            var ended = new ArrayList<Duration>();
            var periodic =
                    new PeriodicCallback(
                            () -> {
                                noteStart();
                                Async.sleep(SECOND);
                                ended.add(time.elapsed());
                            },
                            PERIOD);
            periodic.start();
            time.advance(PERIOD);
            periodic.stop();
            time.advance(PERIOD.multipliedBy(5));
            assertThat(ended).containsExactly(Duration.ofSeconds(11));
        });

        assertThat(starts).containsExactly(1010.0);
    }

    @Test
    void itMayStopItselfAndBeStartedAgainOnANewGrid() {
        time.run(() -> {
            var periodic = new PeriodicCallback[1];
            periodic[0] =
                    new PeriodicCallback(
                            () -> {
                                noteStart();
                                periodic[0].stop();
                            },
                            PERIOD);
            periodic[0].start();
            time.advance(SECOND.multipliedBy(25));
            periodic[0].start();
            time.advance(SECOND.multipliedBy(25));
        });

        assertThat(starts).containsExactly(1010.0, 1035.0);
    }

    @Test
    void stoppingAndStartingWithinACallLeavesOneSchedule() {
        time.run(() -> {
            var periodic = new PeriodicCallback[1];
            periodic[0] =
                    new PeriodicCallback(
                            () -> {
                                noteStart();
                                Async.sleep(SECOND);
                                periodic[0].stop();
                                periodic[0].start();
                            },
                            PERIOD);
            periodic[0].start();
            time.advance(SECOND.multipliedBy(35));
            periodic[0].stop();
        });

        assertThat(starts).containsExactly(1010.0, 1021.0, 1032.0);
    }

    @Test
    void startingTwiceIsStartingOnce() {
        time.run(() -> {
            var periodic = new PeriodicCallback(this::noteStart, PERIOD);
            periodic.start();
            time.advance(SECOND);
            periodic.start();
            time.advance(PERIOD.multipliedBy(2));
            periodic.stop();
        });

        assertThat(starts).containsExactly(1010.0, 1020.0);
    }

    @Test
    void itBelongsToTheLoopThatStartsItNotToWhereItWasMade() {
        var periodic = new PeriodicCallback(this::noteStart, PERIOD);
        time.run(() -> {
            periodic.start();
            time.advance(PERIOD);
            periodic.stop();
        });

        assertThat(starts).containsExactly(1010.0);
    }

    @Test
    void aFailureIsLoggedAndTheScheduleGoesOn() {
        try (var logs = LogCapture.of(PeriodicCallback.class)) {
            time.run(() -> {
                var periodic =
                        new PeriodicCallback(
                                () -> {
                                    noteStart();
                                    throw new IOException("mine " + starts.size());
                                },
                                PERIOD);
                periodic.start();
                time.advance(PERIOD.multipliedBy(2));
                periodic.stop();
            });
            assertThat(starts).containsExactly(1010.0, 1020.0);
            assertThat(logs.lines())
                    .hasSize(2)
                    .allSatisfy(line ->
                            assertThat(line).startsWith("ERROR Exception in periodic callback "));
            assertThat(logs.failures())
                    .extracting(Throwable::getMessage)
                    .containsExactly("mine 1", "mine 2");
        }
    }

    @Test
    void aCallThatWaitsWhenTheLoopClosesHasNotFailed() {
        try (var logs = LogCapture.of(PeriodicCallback.class)) {
            try (var loop = time.newLoop()) {
                loop.runSync(() -> {
                    var periodic =
                            new PeriodicCallback(
                                    () -> {
                                        noteStart();
                                        Async.sleep(Duration.ofHours(1));
                                    },
                                    PERIOD);
                    periodic.start();
                    time.advance(PERIOD);
                    return null;
                });
            }
            assertThat(starts).hasSize(1);
            assertThat(logs.lines()).isEmpty();
        }
    }

    @Test
    void anErrorIsLoggedAndTheScheduleGoesOn() {
        try (var loopLogs = LogCapture.of(IOLoop.class);
                var logs = LogCapture.of(PeriodicCallback.class)) {
            time.run(() -> {
                var periodic =
                        new PeriodicCallback(
                                () -> {
                                    noteStart();
                                    throw new Error("mine");
                                },
                                PERIOD);
                periodic.start();
                time.advance(PERIOD.multipliedBy(2));
                periodic.stop();
            });
            assertThat(starts).containsExactly(1010.0, 1020.0);
            assertThat(loopLogs.events().size() + logs.events().size()).isEqualTo(2);
        }
    }

    @Test
    void periodsThatAreNotPositiveAndNegativeJitterAreRefused() {
        for (var period : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> new PeriodicCallback(this::noteStart, period))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("period: %d s (more than 0)", period.toSeconds());
        }
        assertThatThrownBy(() -> new PeriodicCallback(this::noteStart, PERIOD, -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("jitter: -0.1 (at least 0 and less than 2)");
    }

    @Test
    void aPeriodMayBeAnyDuration() {
        time.run(() -> {
            var periodic =
                    new PeriodicCallback(this::noteStart, Duration.ofMinutes(1).plusSeconds(23));
            periodic.start();
            time.advance(Duration.ofSeconds(83));
            periodic.stop();
        });

        assertThat(starts).containsExactly(1083.0);
    }

    @Test
    void theGridStaysExactOverAYear() {
        var period = Duration.ofMinutes(7);
        time.run(() -> {
            var periodic = new PeriodicCallback(this::noteStart, period);
            periodic.start();
            time.advance(Duration.ofDays(365));
            periodic.stop();
        });

        assertThat(starts).hasSize(365 * 24 * 60 / 7);
        assertThat(starts).allMatch(start -> (start - 1000) % period.toSeconds() == 0);
    }

    private void noteStart() {
        starts.add(1000 + time.nanoTime() / 1e9);
    }

    /** The given numbers, then one half for ever. */
    private static RandomGenerator numbers(double... numbers) {
        var left = new ArrayList<Double>();
        for (double number : numbers) {
            left.add(number);
        }
        return new RandomGenerator() {
            @Override
            public double nextDouble() {
                return left.isEmpty() ? 0.5 : left.removeFirst();
            }

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only doubles are scripted");
            }
        };
    }

    @Test
    void jitterThatWouldMakeAPeriodLessThanNothingIsRefused() {
        for (double jitter : new double[] {2, 3, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThatThrownBy(() -> new PeriodicCallback(this::noteStart, PERIOD, jitter))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("jitter: " + jitter + " (at least 0 and less than 2)");
        }
    }
}
