package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread of somebody else holds a lock; a coroutine queues for it; then the loop's own thread
 * queues behind the coroutine. On release the coroutine is next, so the loop's thread must not be
 * what the coroutine needs in order to run. A loop that sat on its carrier thread stopped here for
 * good: the contended lock of one logger was enough.
 */
class LockTest {

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopThatQueuesForALockBehindItsCoroutineGetsIt(String engine, String transport)
            throws Exception {
        var lock = new ReentrantLock();
        bothGetIt(
                engine,
                transport,
                body -> {
                    lock.lock();
                    try {
                        body.run();
                    } finally {
                        lock.unlock();
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopThatQueuesForAMonitorBehindItsCoroutineGetsIt(String engine, String transport)
            throws Exception {
        var monitor = new Object();
        bothGetIt(
                engine,
                transport,
                body -> {
                    synchronized (monitor) {
                        body.run();
                    }
                });
    }

    private static void bothGetIt(String engine, String transport, Consumer<Runnable> locked)
            throws Exception {
        var options =
                LoopOptions.DEFAULTS
                        .withEngine(engine)
                        .withTransport(transport)
                        .withStallThreshold(Duration.ZERO);
        try (var running = new Loops.Running(options)) {
            var loop = running.loop;
            for (int round = 0; round < 10; round++) {
                var held = new CountDownLatch(1);
                var release = new CountDownLatch(1);
                var holder =
                        Thread.ofPlatform()
                                .start(() ->
                                        locked.accept(() -> {
                                            held.countDown();
                                            awaitUninterruptibly(release);
                                        }));
                held.await();

                var got = new CopyOnWriteArrayList<String>();
                var both = new CountDownLatch(2);
                var queued = new CompletableFuture<Thread>();
                loop.addCallback(() ->
                        Async.spawn(() -> {
                            queued.complete(Thread.currentThread());
                            locked.accept(() -> got.add("coroutine"));
                            both.countDown();
                        }));
                Loops.awaitParked(queued.get());
                loop.addCallback(() -> {
                    locked.accept(() -> got.add("callback"));
                    both.countDown();
                });
                if (loop.engine().equals("mounted")) {
                    Loops.awaitParked(loop.loopThread()); // on baton the coroutine holds the loop
                }
                release.countDown();
                both.await();
                holder.join();
                assertThat(got)
                        .containsExactlyInAnyOrderElementsOf(List.of("coroutine", "callback"));
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
