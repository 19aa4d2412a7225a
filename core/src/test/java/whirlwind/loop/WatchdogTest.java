package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {
    private static final Duration THRESHOLD = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofMillis(500);
    private static final LoopOptions OPTIONS = LoopOptions.DEFAULTS.withStallThreshold(THRESHOLD);

    /** For what must not be reported: so long that no busy machine takes a loop away by itself. */
    private static final Duration MORE_PATIENT = Duration.ofSeconds(1);

    @Test
    void coroutineThatHoldsTheLoopIsReportedOnceWithItsStack() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS)) {
            loop.runSync(() -> {
                Async.await(
                        Async.spawn(
                                "greedy",
                                () -> {
                                    holdTheLoopUntil(() -> !log.messages("greedy").isEmpty());
                                    holdFor(LONG);
                                }));
                return null;
            });
            assertThat(log.messages("coroutine greedy"))
                    .singleElement()
                    .asString()
                    .contains(loop.name(), "100 ms");
            assertThat(log.methods("coroutine greedy")).contains("holdTheLoopUntil");
            assertThat(loop.metrics().slowCallbacks()).isEqualTo(log.messages().size());
            assertThat(loop.metrics().longestStall()).isGreaterThanOrEqualTo(THRESHOLD);
            assertThat(loop.metrics().maxLag()).isGreaterThanOrEqualTo(THRESHOLD);
        }
    }

    @Test
    void callbackThatHoldsTheLoopIsReportedOnceWithItsStack() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS)) {
            loop.addCallback(() -> {
                holdTheLoopUntil(() -> !log.messages("WatchdogTest").isEmpty());
                loop.stop();
            });
            loop.start();
            assertThat(log.messages("WatchdogTest"))
                    .singleElement()
                    .asString()
                    .contains(loop.name(), "callback");
            assertThat(log.methods("WatchdogTest")).contains("holdTheLoopUntil");
            assertThat(loop.metrics().slowCallbacks()).isEqualTo(log.messages().size());
            assertThat(loop.metrics().longestStall()).isGreaterThanOrEqualTo(THRESHOLD);
        }
    }

    @Test
    void eachStallIsReported() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS)) {
            loop.runSync(() -> {
                for (int i = 1; i <= 3; i++) {
                    var name = "greedy " + i;
                    Async.await(
                            Async.spawn(
                                    name,
                                    () -> holdTheLoopUntil(() -> !log.messages(name).isEmpty())));
                }
                return null;
            });
            assertThat(log.messages("greedy")).hasSize(3);
            assertThat(loop.metrics().slowCallbacks()).isEqualTo(log.messages().size());
        }
    }

    @Test
    void timerAndDescriptorHandlerAreWatchedToo() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS.withTransport("epoll"));
                var pipe = Libc.Pipe.open()) {
            loop.callLater(Duration.ZERO, () -> holdTheLoopUntil(() -> !log.messages().isEmpty()));
            loop.addHandler(
                    pipe.readEnd(),
                    (fd, events) -> {
                        holdTheLoopUntil(() -> log.messages().size() >= 2);
                        loop.stop();
                    },
                    FdEvent.READ);
            pipe.write();
            loop.start();
            assertThat(log.messages()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    /** What happens once for each class, at a program's start, is no fault of its code. */
    private static final class Slow {
        static final boolean STARTED;

        static {
            holdFor(MORE_PATIENT.plus(LONG));
            STARTED = true;
        }
    }

    @Test
    void timeThatAClassTakesToStartDoesNotCount() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS.withStallThreshold(MORE_PATIENT))) {
            var starter =
                    Async.spawn(
                            "starter",
                            () -> {
                                assertThat(Slow.STARTED).isTrue();
                                holdFor(THRESHOLD); // by itself not too long
                            });
            loop.runSync(() -> Async.await(starter));
            assertThat(log.messages("starter")).isEmpty();
        }
    }

    @Test
    void waitingHoldsNothing() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS.withStallThreshold(MORE_PATIENT))) {
            loop.runSync(() -> {
                Async.sleep(MORE_PATIENT.plus(LONG));
                return null;
            });
            assertThat(log.messages()).isEmpty();
            assertThat(loop.metrics().slowCallbacks()).isZero();
        }
    }

    @Test
    void blockingCallOfTheJdkHoldsTheLoopOnTheBatonEngineOnly() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS.withStallThreshold(MORE_PATIENT))) {
            loop.runSync(() -> {
                Thread.sleep(MORE_PATIENT.plus(LONG));
                while (!Loops.mounted() && log.messages().isEmpty()) {
                    Thread.sleep(1); // the watchdog may be late, too
                }
                return null;
            });
            assertThat(log.messages()).hasSize(Loops.mounted() ? 0 : 1);
        }
    }

    @Test
    void thresholdOfZeroSwitchesItOff() {
        try (var log = LogCapture.ofStalls();
                var loop = new IOLoop(OPTIONS.withStallThreshold(Duration.ZERO))) {
            loop.runSync(() -> {
                holdFor(LONG);
                return null;
            });
            assertThat(log.messages()).isEmpty();
            assertThat(loop.metrics().slowCallbacks()).isZero();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OPTIONS.withStallThreshold(Duration.ofMillis(-1)))
                .withMessageContaining("stallThreshold");
    }

    @Test
    void watchOfAPatientLoopDoesNotDelayThatOfAnImpatientOne() {
        try (var log = LogCapture.ofStalls();
                var patient = new Loops.Running(OPTIONS.withStallThreshold(Duration.ofDays(1)));
                var loop = new IOLoop(OPTIONS)) {
            assertThat(patient.loop.isCurrent()).isFalse();
            loop.runSync(() -> {
                holdTheLoopUntil(() -> !log.messages().isEmpty());
                return null;
            });
        }
    }

    @Test
    void flightRecorderGetsTheStall(@TempDir Path directory) throws Exception {
        var file = directory.resolve("stall.jfr");
        try (var log = LogCapture.ofStalls();
                var recording = new Recording()) {
            recording.enable("whirlwind.LoopStall");
            recording.start();
            try (var loop = new IOLoop(OPTIONS)) {
                loop.runSync(() -> {
                    Async.await(
                            Async.spawn(
                                    "greedy",
                                    () ->
                                            holdTheLoopUntil(
                                                    () -> !log.messages("greedy").isEmpty())));
                    return null;
                });
                recording.stop();
                recording.dump(file);
                assertThat(RecordingFile.readAllEvents(file))
                        .filteredOn(event -> event.getString("heldBy").equals("coroutine greedy"))
                        .singleElement()
                        .satisfies(event -> {
                            assertThat(event.getEventType().getName())
                                    .isEqualTo("whirlwind.LoopStall");
                            assertThat(event.getString("loop")).isEqualTo(loop.name());
                            assertThat(event.getString("stack")).contains("holdTheLoopUntil");
                            assertThat(event.getDuration("heldNanos"))
                                    .isGreaterThanOrEqualTo(THRESHOLD);
                        });
            }
        }
    }

    private static void holdTheLoopUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static void holdFor(Duration time) {
        long start = System.nanoTime();
        holdTheLoopUntil(() -> System.nanoTime() - start > time.toNanos());
    }
}
