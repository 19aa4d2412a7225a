package whirlwind.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Loops for tests: which kinds this JVM and this machine have, and one that another thread runs.
 */
final class Loops {
    private Loops() {}

    private static final boolean MOUNTED = engineIsMounted();

    /** Whether loops with default options are mounted: the suite runs once on each engine. */
    static boolean mounted() {
        return MOUNTED;
    }

    private static boolean engineIsMounted() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
            return loop.engine().equals("mounted");
        }
    }

    static Stream<String> transports() {
        return Stream.of("epoll", "io_uring", "nio")
                .filter(transport -> opens(LoopOptions.DEFAULTS.withTransport(transport)));
    }

    static Stream<String> engines() {
        return Stream.of("mounted", "baton")
                .filter(engine -> opens(LoopOptions.DEFAULTS.withEngine(engine)));
    }

    static Stream<Arguments> enginesAndTransports() {
        var transports = transports().toList();
        return engines().flatMap(engine -> transports.stream().map(t -> Arguments.of(engine, t)));
    }

    static IOLoop open(String engine, String transport) {
        return new IOLoop(LoopOptions.DEFAULTS.withEngine(engine).withTransport(transport));
    }

    private static boolean opens(LoopOptions options) {
        try (var loop = new IOLoop(options.withMakeCurrent(false))) {
            return loop.name() != null;
        } catch (IllegalArgumentException absent) {
            return false;
        }
    }

    /** Returns when the thread waits for something. */
    static void awaitParked(Thread thread) {
        while (thread.getState() == Thread.State.RUNNABLE
                || thread.getState() == Thread.State.NEW) {
            Thread.yield();
        }
    }

    /** A future that nobody completes. */
    static <T> CompletableFuture<T> never() {
        return new CompletableFuture<>();
    }

    /** A loop that runs on a thread of its own until it is closed. */
    static final class Running implements AutoCloseable {
        final IOLoop loop;
        private final Thread thread;

        Running() {
            this(LoopOptions.DEFAULTS);
        }

        Running(LoopOptions options) {
            loop = new IOLoop(options.withMakeCurrent(false));
            thread = Thread.ofPlatform().daemon().name("test-" + loop.name()).start(loop::start);
            var started = new CountDownLatch(1);
            loop.addCallback(started::countDown);
            try {
                started.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void stop() {
            loop.stop();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            stop();
            loop.close();
        }
    }

    /** A clock that jumps to the next timer whenever its loop has nothing to do. */
    static final class JumpingClock implements Ticker {
        private volatile long nanos;
        final List<Long> jumps = new ArrayList<>();

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public boolean skipTo(long nextTimerNanos) {
            if (nextTimerNanos == NEVER) {
                return false;
            }
            nanos = nextTimerNanos;
            jumps.add(nextTimerNanos);
            return true;
        }
    }
}
