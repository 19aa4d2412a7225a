package whirlwind.benchmarks.micro;

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

/**
 * The reference for {@link CoroutineBenchmark}: the same with the JDK's virtual threads on its own
 * scheduler, which may use every processor.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LoopState.OPERATIONS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VirtualThreadBenchmark {
    private static final int BATCH = 250;

    /** Start virtual threads and join them, in batches, from a virtual thread. */
    @Benchmark
    public void spawnAndFinish() throws InterruptedException {
        Thread.startVirtualThread(VirtualThreadBenchmark::spawnBatches).join();
    }

    private static void spawnBatches() {
        var batch = new Thread[BATCH];
        for (int done = 0; done < LoopState.OPERATIONS; done += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                batch[i] = Thread.startVirtualThread(() -> {});
            }
            for (var thread : batch) {
                join(thread);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a benchmark", e);
        }
    }

    /** Wait for a future that another virtual thread completes: two of them take turns. */
    @Benchmark
    public void awaitOther() throws InterruptedException {
        var table = new PingPong(LoopState.OPERATIONS / 2);
        var pong = Thread.startVirtualThread(table::pong);
        Thread.startVirtualThread(table::ping).join();
        pong.join();
    }

    /** Two threads, each of which completes what the other waits for. */
    private static final class PingPong {
        private final int rounds;
        private volatile CompletableFuture<Integer> toPing = new CompletableFuture<>();
        private volatile CompletableFuture<Integer> toPong = new CompletableFuture<>();

        PingPong(int rounds) {
            this.rounds = rounds;
        }

        void ping() {
            for (int i = 0; i < rounds; i++) {
                var answer = new CompletableFuture<Integer>();
                toPing = answer;
                toPong.complete(i);
                answer.join();
            }
        }

        void pong() {
            for (int i = 0; i < rounds; i++) {
                toPong.join();
                toPong = new CompletableFuture<>();
                toPing.complete(i);
            }
        }
    }
}
