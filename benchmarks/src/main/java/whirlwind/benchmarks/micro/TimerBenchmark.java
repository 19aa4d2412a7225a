package whirlwind.benchmarks.micro;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;

/**
 * Timers of a loop on which many others are pending: most timers are timeouts that get cancelled.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LoopState.OPERATIONS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class TimerBenchmark {
    private static final long SEED = 20_251_122;
    private static final long NEAREST_MILLIS = Duration.ofHours(1).toMillis();
    private static final long FARTHEST_MILLIS = Duration.ofHours(2).toMillis();
    private static final Runnable NOTHING = () -> {};

    @Param({"1000", "1000000"})
    public int pending;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @SuppressWarnings("NullAway.Init")
    private IOLoop loop;

    @SuppressWarnings("NullAway.Init")
    private Timeout[] timers;

    @Setup(Level.Trial)
    public void fill() {
        loop = new IOLoop();
        timers = new Timeout[pending];
        for (int i = 0; i < pending; i++) {
            timers[i] = add();
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        loop.close();
    }

    private Timeout add() {
        var delay = Duration.ofMillis(random.nextLong(NEAREST_MILLIS, FARTHEST_MILLIS));
        return loop.callLater(delay, NOTHING);
    }

    /** Add a timer and cancel it at once: a timeout of something that went well quickly. */
    @Benchmark
    public int addThenCancel() {
        return loop.runSync(() -> {
            for (int i = 0; i < LoopState.OPERATIONS; i++) {
                add().cancel();
            }
            return 0;
        });
    }

    /** Cancel any one of the pending timers and add another: the timeouts of a busy server. */
    @Benchmark
    public int cancelAnyThenAdd() {
        return loop.runSync(() -> {
            for (int i = 0; i < LoopState.OPERATIONS; i++) {
                int victim = random.nextInt(pending);
                timers[victim].cancel();
                timers[victim] = add();
            }
            return 0;
        });
    }
}
