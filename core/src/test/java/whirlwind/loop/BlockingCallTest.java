package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/**
 * A blocking call of the JDK in a coroutine: on the mounted engine it suspends the coroutine and
 * the loop goes on; on the baton engine it holds the loop.
 */
class BlockingCallTest {

    /**
     * Makes the call in one coroutine while another of the loop is ready. On the mounted engine
     * only that other one ends the call, so a loop that is held would hang.
     */
    private static void blocks(CheckedRunnable call, Runnable release) {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withStallThreshold(Duration.ZERO))) {
            boolean mounted = loop.engine().equals("mounted");
            loop.runSync(() -> {
                var otherRan = new AtomicBoolean();
                var blocked =
                        Async.spawn(() -> {
                            call.run();
                            return otherRan.get();
                        });
                Async.spawn(() -> {
                    otherRan.set(true);
                    if (mounted) {
                        release.run();
                    }
                });
                if (!mounted) {
                    Thread.ofPlatform()
                            .start(() -> {
                                Loops.awaitParked(blocked.coroutine().thread());
                                release.run();
                            });
                }
                assertThat(Async.<Boolean>await(blocked)).isEqualTo(mounted);
                return null;
            });
        }
    }

    @Test
    void aFutureOfTheLoopIsBlockedForOnEitherEngine() {
        try (var loop = new IOLoop()) {
            loop.runSync(
                    Duration.ofSeconds(20),
                    () -> {
                        assertThat(later("joined").join()).isEqualTo("joined");
                        assertThat(later("got").get()).isEqualTo("got");
                        assertThat(later("soon").get(10, TimeUnit.SECONDS)).isEqualTo("soon");
                        var never = Async.spawn(() -> Async.await(new CompletableFuture<String>()));
                        assertThatThrownBy(() -> never.get(1, TimeUnit.MILLISECONDS))
                                .isInstanceOf(TimeoutException.class);
                        never.cancel(true);
                        assertThatThrownBy(never::join).isInstanceOf(CancellationException.class);
                    });
        }
    }

    private static Task<String> later(String result) {
        return Async.spawn(() -> {
            Async.sleep(Duration.ofMillis(1));
            return result;
        });
    }

    @Test
    void aCallbackThatWouldWaitForItsOwnLoopIsRefused() {
        try (var loop = new IOLoop()) {
            loop.runSync(
                    Duration.ofSeconds(20),
                    () -> {
                        var task = later("late");
                        var refused = new CompletableFuture<Throwable>();
                        loop.addCallback(() -> refused.complete(catchThrowable(task::join)));
                        assertThat(Async.await(refused))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageStartingWith("join() in a callback would wait for ever");
                        assertThat(Async.await(task)).isEqualTo("late");
                    });
        }
    }

    @Test
    void sleepOfTheThread() {
        blocks(() -> Thread.sleep(20), () -> {});
    }

    @Test
    void takeFromABlockingQueue() {
        var queue = new LinkedBlockingQueue<String>();
        blocks(queue::take, () -> queue.add("element"));
    }

    @Test
    void waitForALatch() {
        var latch = new CountDownLatch(1);
        blocks(latch::await, latch::countDown);
    }

    @Test
    void waitOnAMonitor() {
        var monitor = new Object();
        var notified = new AtomicBoolean();
        blocks(
                () -> {
                    synchronized (monitor) {
                        while (!notified.get()) {
                            monitor.wait();
                        }
                    }
                },
                () -> {
                    synchronized (monitor) {
                        notified.set(true);
                        monitor.notifyAll();
                    }
                });
    }

    @Test
    void entryToAMonitorThatAnotherThreadHolds() throws Exception {
        var monitor = new Object();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        Thread.ofPlatform()
                .start(() -> {
                    synchronized (monitor) {
                        held.countDown();
                        awaitLatch(release);
                    }
                });
        held.await();
        blocks(
                () -> {
                    synchronized (monitor) {
                        assertThat(release.getCount()).isZero();
                    }
                },
                release::countDown);
    }

    @Test
    void lockThatAnotherThreadHolds() throws Exception {
        var lock = new ReentrantLock();
        var held = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        Thread.ofPlatform()
                .start(() -> {
                    lock.lock();
                    try {
                        held.countDown();
                        awaitLatch(release);
                    } finally {
                        lock.unlock();
                    }
                });
        held.await();
        blocks(
                () -> {
                    lock.lock();
                    try {
                        assertThat(release.getCount()).isZero();
                    } finally {
                        lock.unlock();
                    }
                },
                release::countDown);
    }

    @Test
    void readFromASocket() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var peer = server.accept()) {
            blocks(
                    () -> assertThat(client.getInputStream().read()).isEqualTo(42),
                    () -> write(peer));
        }
    }

    @Test
    void acceptOnAServerSocket() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            blocks(() -> server.accept().close(), () -> connect(server));
        }
    }

    private static void connect(ServerSocket server) {
        try {
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Socket socket) {
        try {
            socket.getOutputStream().write(42);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
