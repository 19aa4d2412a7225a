package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads of all kinds start, resume and cancel coroutines of two loops; nothing is lost. */
class StressTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 1000;

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void coroutinesStartedResumedAndCancelledFromElsewhereAllEnd(String engine, String transport)
            throws Exception {
        var options = LoopOptions.DEFAULTS.withEngine(engine).withTransport(transport);
        try (var log = new LogCapture();
                var first = new Loops.Running(options);
                var second = new Loops.Running(options)) {
            var ended = new CountDownLatch(2 * THREADS * ROUNDS);
            var counts = new Counts();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(
                        Thread.ofPlatform()
                                .start(() -> {
                                    for (int round = 0; round < ROUNDS; round++) {
                                        startAndDisturb(first.loop, counts, ended);
                                        startAndDisturb(second.loop, counts, ended);
                                    }
                                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            ended.await();
            assertThat(counts.resumed.get() + counts.cancelled.get())
                    .isEqualTo(2 * THREADS * ROUNDS);
            for (var loop : List.of(first.loop, second.loop)) {
                while (loop.metrics().coroutines() > 0) {
                    Thread.yield();
                }
                assertThat(loop.metrics().coroutinesStarted()).isEqualTo(THREADS * ROUNDS);
            }
            assertThat(log.messages()).isEmpty();
        }
    }

    private static final class Counts {
        final AtomicInteger resumed = new AtomicInteger();
        final AtomicInteger cancelled = new AtomicInteger();
    }

    private static void startAndDisturb(IOLoop loop, Counts counts, CountDownLatch ended) {
        var gate = new CompletableFuture<Void>();
        var task =
                new Task<Void>(
                        loop,
                        "stress",
                        () -> {
                            Async.moment();
                            Async.await(gate);
                            Async.moment();
                            return null;
                        });
        task.whenComplete((value, failure) -> {
            (failure == null ? counts.resumed : counts.cancelled).incrementAndGet();
            ended.countDown();
        });
        loop.launch(task);
        switch (ThreadLocalRandom.current().nextInt(4)) {
            case 0 -> task.cancel();
            case 1 -> {
                gate.complete(null);
                task.cancel();
            }
            case 2 -> {
                Thread.yield();
                gate.complete(null);
            }
            default -> Thread.ofVirtual().start(() -> gate.complete(null));
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopsThatHandWorkToOneAnotherNeverSleepThroughIt(String engine, String transport)
            throws Exception {
        var options = LoopOptions.DEFAULTS.withEngine(engine).withTransport(transport);
        try (var first = new Loops.Running(options);
                var second = new Loops.Running(options)) {
            var done = new CountDownLatch(3);
            first.loop.spawnCallback(() -> {
                for (int i = 0; i < ROUNDS; i++) { // a future of one loop, completed by the other
                    var answer = first.loop.<Integer>newFuture();
                    int n = i;
                    second.loop.addCallback(() -> answer.complete(n));
                    assertThat(Async.<Integer>await(answer)).isEqualTo(n);
                }
                done.countDown();
            });
            second.loop.spawnCallback(() -> {
                for (int i = 0; i < ROUNDS; i++) { // a coroutine of the other loop
                    var answer = new CompletableFuture<Integer>();
                    int n = i;
                    first.loop.spawnCallback(() -> {
                        Async.moment();
                        answer.complete(n);
                    });
                    assertThat(Async.await(answer)).isEqualTo(n);
                }
                done.countDown();
            });
            var questions = new LinkedBlockingQueue<CompletableFuture<String>>();
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try {
                            while (true) {
                                questions.take().complete("answer");
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
            first.loop.spawnCallback(() -> {
                for (int i = 0; i < ROUNDS; i++) { // a thread
                    var question = new CompletableFuture<String>();
                    questions.add(question);
                    assertThat(Async.await(question)).isEqualTo("answer");
                }
                done.countDown();
            });
            done.await();
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#engines")
    void coroutinesOfALoopNeverRunAtTheSameTime(String engine) throws Exception {
        try (var running = new Loops.Running(LoopOptions.DEFAULTS.withEngine(engine))) {
            var loop = running.loop;
            var counter = new int[1]; // guarded by nothing but the loop
            var ended = new CountDownLatch(200);
            for (int i = 0; i < 200; i++) {
                loop.spawnCallback(() -> {
                    for (int n = 0; n < 50; n++) {
                        int before = counter[0];
                        Thread.onSpinWait();
                        counter[0] = before + 1;
                        if (n % 5 == 0) {
                            var resumed = new CompletableFuture<Void>();
                            Thread.ofVirtual().start(() -> resumed.complete(null));
                            Async.await(resumed);
                        }
                    }
                    ended.countDown();
                });
            }
            ended.await();
            var total = new CompletableFuture<Integer>();
            loop.addCallback(() -> total.complete(counter[0]));
            assertThat(total.get()).isEqualTo(200 * 50);
        }
    }
}
