package whirlwind.benchmarks.micro;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Task;

/** Starting, ending, suspending and resuming coroutines of one loop. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LoopState.OPERATIONS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CoroutineBenchmark {
    private static final int BATCH = 250;
    private static final int TOGETHER = 50;

    /** Spawn a coroutine and run it to its end; in batches, as a busy server does. */
    @Benchmark
    public int spawnAndFinish(LoopState state) {
        return state.run(() -> {
            int sum = 0;
            for (int done = 0; done < LoopState.OPERATIONS; done += BATCH) {
                sum += awaitLastOfBatch();
            }
            return sum;
        });
    }

    private static int awaitLastOfBatch() {
        Task<Integer> last = Async.spawn("first", () -> 0);
        for (int i = 1; i < BATCH; i++) {
            int value = i;
            last = Async.spawn("next", () -> value);
        }
        return Async.await(last); // coroutines run in the order in which they were spawned
    }

    /** Await a future that another coroutine of the loop completes: two coroutines take turns. */
    @Benchmark
    public int awaitCoroutine(LoopState state) {
        return state.run(() -> {
            var table = new PingPong(LoopState.OPERATIONS / 2);
            Task<Integer> other = Async.spawn("pong", table::pong);
            return table.ping() + Async.await(other);
        });
    }

    /** Await a future that a callback completes, with nothing else on the loop: a turn for each. */
    @Benchmark
    public int awaitCallback(LoopState state) {
        return state.run(() -> awaitCallbacks(LoopState.OPERATIONS));
    }

    /** The same in many coroutines at once, so that they share the turns. */
    @Benchmark
    public int awaitCallbackTogether(LoopState state) {
        return state.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                tasks.add(
                        Async.spawn(
                                "waiter", () -> awaitCallbacks(LoopState.OPERATIONS / TOGETHER)));
            }
            return Async.await(tasks).stream().mapToInt(Integer::intValue).sum();
        });
    }

    private static int awaitCallbacks(int times) {
        var loop = IOLoop.current();
        int sum = 0;
        for (int i = 0; i < times; i++) {
            int value = i;
            var future = new CompletableFuture<Integer>();
            loop.addCallback(() -> future.complete(value));
            sum += Async.await(future);
        }
        return sum;
    }

    /** Two coroutines, each of which completes what the other awaits. */
    private static final class PingPong {
        private final int rounds;
        private CompletableFuture<Integer> toPing = new CompletableFuture<>();
        private CompletableFuture<Integer> toPong = new CompletableFuture<>();

        PingPong(int rounds) {
            this.rounds = rounds;
        }

        int ping() {
            int sum = 0;
            for (int i = 0; i < rounds; i++) {
                toPong.complete(i);
                sum += Async.await(toPing);
                toPing = new CompletableFuture<>();
            }
            return sum;
        }

        int pong() {
            int sum = 0;
            for (int i = 0; i < rounds; i++) {
                sum += Async.await(toPong);
                toPong = new CompletableFuture<>();
                toPing.complete(i);
            }
            return sum;
        }
    }
}
