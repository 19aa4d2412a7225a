package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;
import sun.misc.SignalHandler;

class SignalTest {
    /** Ignored by a process that doesn't listen, so that a test can't end the JVM by it. */
    private static final String HARMLESS = "WINCH";

    private static final Signal SIGNAL = new Signal(HARMLESS);

    @Test
    void signalRunsItsCallbackOnTheLoop() {
        try (var loop = new IOLoop()) {
            var received = new CompletableFuture<Thread>();
            try (var listener =
                    loop.onSignal(HARMLESS, () -> received.complete(Thread.currentThread()))) {
                assertThat(listener).isNotNull();
                loop.runSync(() -> {
                    Signal.raise(SIGNAL);
                    assertThat(Async.await(received)).isSameAs(loop.loopThread());
                    return null;
                });
            }
        }
    }

    @Test
    void severalLoopsListenToOneSignal() throws Exception {
        try (var first = new Loops.Running();
                var second = new Loops.Running()) {
            var received = new CountDownLatch(3);
            try (var a = first.loop.onSignal(HARMLESS, received::countDown);
                    var b = first.loop.onSignal(HARMLESS, received::countDown);
                    var c = second.loop.onSignal(HARMLESS, received::countDown)) {
                assertThat(a).isNotEqualTo(b).isNotEqualTo(c);
                Signal.raise(SIGNAL);
                received.await();
            }
        }
    }

    @Test
    void listenerThatIsClosedHearsNothingWhileOthersDo() throws Exception {
        try (var running = new Loops.Running()) {
            var closed = new AtomicInteger();
            var open = new CountDownLatch(1);
            var listener = running.loop.onSignal(HARMLESS, closed::incrementAndGet);
            try (var other = running.loop.onSignal(HARMLESS, open::countDown)) {
                assertThat(other).isNotNull();
                listener.close();
                listener.close();
                Signal.raise(SIGNAL);
                open.await();
            }
            assertThat(closed).hasValue(0);
        }
    }

    @Test
    void lastListenerToGoRestoresTheHandlerBefore() throws Exception {
        var own = new CountDownLatch(1);
        SignalHandler handler = signal -> own.countDown();
        var before = Signal.handle(SIGNAL, handler);
        try (var running = new Loops.Running()) {
            running.loop.onSignal(HARMLESS, () -> {}).close();
            Signal.raise(SIGNAL);
            own.await();
        } finally {
            Signal.handle(SIGNAL, before);
        }
    }

    @Test
    void closingALoopEndsItsListening() throws Exception {
        var own = new CountDownLatch(1);
        SignalHandler handler = signal -> own.countDown();
        var before = Signal.handle(SIGNAL, handler);
        try {
            var loop = new IOLoop();
            loop.onSignal(HARMLESS, () -> {});
            loop.close();
            loop.onSignal(HARMLESS, () -> {}); // too late
            Signal.raise(SIGNAL);
            own.await();
        } finally {
            Signal.handle(SIGNAL, before);
        }
    }

    @Test
    void signalsThatTheJvmCannotCatchAreRefused() {
        try (var loop = new IOLoop()) {
            assertThatIllegalArgumentException().isThrownBy(() -> loop.onSignal("KILL", () -> {}));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loop.onSignal("NONSENSE", () -> {}));
        }
    }
}
