package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever always has work lets callbacks, timers, coroutines and descriptors go on all the same.
 */
class FairnessTest {
    private static final int PROGRESS = 20;

    /** Makes work on a loop until it is told to stop. */
    private interface Greedy {
        void start(IOLoop loop, AtomicBoolean stop);
    }

    static Stream<Arguments> greedy() {
        var kinds =
                Stream.<Named<Greedy>>of(
                                Named.of(
                                        "coroutines that are always ready",
                                        FairnessTest::coroutines),
                                Named.of("callbacks that add themselves", FairnessTest::callbacks),
                                Named.of("callbacks that double", FairnessTest::slowCallbacks),
                                Named.of("timers at no delay", FairnessTest::timers),
                                Named.of("timers of the past", FairnessTest::pastTimers),
                                Named.of(
                                        "descriptors that are always ready",
                                        FairnessTest::descriptors),
                                Named.of(
                                        "callbacks of another thread",
                                        FairnessTest::foreignCallbacks))
                        .toList();
        return Loops.transports()
                .filter(transport -> !transport.equals("nio"))
                .flatMap(transport -> kinds.stream().map(kind -> Arguments.of(kind, transport)));
    }

    @ParameterizedTest
    @MethodSource("greedy")
    void everythingElseGoesOn(Greedy greedy, String transport) {
        var options =
                LoopOptions.DEFAULTS.withTransport(transport).withStallThreshold(Duration.ZERO);
        try (var loop = new IOLoop(options);
                var pipe = Libc.Pipe.open()) {
            var stop = new AtomicBoolean();
            loop.runSync(() -> {
                greedy.start(loop, stop);
                Async.moment();
                Async.await(
                        Async.all(
                                callbackGoesOn(loop),
                                foreignCallbackGoesOn(loop),
                                timerGoesOn(loop),
                                Async.spawn(() -> {
                                    for (int i = 0; i < PROGRESS; i++) {
                                        Async.moment();
                                    }
                                }),
                                Async.spawn(() -> {
                                    for (int i = 0; i < PROGRESS; i++) {
                                        Async.sleep(Duration.ofNanos(1));
                                    }
                                }),
                                descriptorGoesOn(loop, pipe)));
                stop.set(true);
                Async.moment();
                loop.removeHandler(pipe.readEnd());
                return null;
            });
        }
    }

    // ---- those that must go on ----

    private static CompletableFuture<Void> callbackGoesOn(IOLoop loop) {
        return count(step -> loop.addCallback(step));
    }

    private static CompletableFuture<Void> foreignCallbackGoesOn(IOLoop loop) {
        return count(step -> Thread.ofVirtual().start(() -> loop.addCallback(step)));
    }

    private static CompletableFuture<Void> timerGoesOn(IOLoop loop) {
        return count(step -> loop.callLater(Duration.ofMillis(1), step));
    }

    private static CompletableFuture<Void> descriptorGoesOn(IOLoop loop, Libc.Pipe pipe) {
        var steps = new ArrayList<Runnable>();
        loop.addHandler(
                pipe.readEnd(),
                (fd, events) -> {
                    pipe.read();
                    steps.getFirst().run();
                },
                FdEvent.READ);
        return count(step -> {
            steps.addFirst(step);
            pipe.write();
        });
    }

    /** Done when the step, given to be run once each time, has run often enough. */
    private static CompletableFuture<Void> count(java.util.function.Consumer<Runnable> runOnce) {
        var done = new CompletableFuture<Void>();
        var left = new AtomicInteger(PROGRESS);
        var step =
                new Runnable() {
                    @Override
                    public void run() {
                        if (left.decrementAndGet() == 0) {
                            done.complete(null);
                        } else {
                            runOnce.accept(this);
                        }
                    }
                };
        runOnce.accept(step);
        return done;
    }

    // ---- those that always have work ----

    private static void coroutines(IOLoop loop, AtomicBoolean stop) {
        for (int i = 0; i < 10; i++) {
            Async.spawn(() -> {
                var turn = new ArrayList<CompletableFuture<Void>>();
                while (!stop.get()) { // resumed by one another, without the loop's help
                    turn.add(new CompletableFuture<>());
                    Async.spawn(() -> turn.getLast().complete(null));
                    Async.await(turn.getLast());
                    turn.clear();
                }
            });
        }
    }

    private static void callbacks(IOLoop loop, AtomicBoolean stop) {
        for (int i = 0; i < 100; i++) {
            again(stop, loop::addCallback);
        }
    }

    private static void slowCallbacks(IOLoop loop, AtomicBoolean stop) {
        again(
                stop,
                step -> {
                    loop.addCallback(step);
                    if (loop.metrics().turns() % 2 == 0) {
                        loop.addCallback(() -> spin());
                    }
                });
    }

    private static void spin() {
        long end = System.nanoTime() + 100_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static void timers(IOLoop loop, AtomicBoolean stop) {
        for (int i = 0; i < 100; i++) {
            again(stop, step -> loop.callLater(Duration.ZERO, step));
        }
    }

    private static void pastTimers(IOLoop loop, AtomicBoolean stop) {
        for (int i = 0; i < 100; i++) {
            again(stop, step -> loop.callAt(loop.time().minusSeconds(60), step));
        }
    }

    private static void descriptors(IOLoop loop, AtomicBoolean stop) {
        for (int i = 0; i < 50; i++) {
            int fd = Libc.eventfd();
            loop.addHandler(
                    fd,
                    (ready, events) -> {
                        if (stop.get()) {
                            loop.removeHandler(fd);
                        }
                    },
                    FdEvent.WRITE);
        }
    }

    private static void foreignCallbacks(IOLoop loop, AtomicBoolean stop) {
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    var pending = new AtomicInteger();
                    while (!stop.get()) {
                        if (pending.get() < 1000) {
                            pending.incrementAndGet();
                            loop.addCallback(pending::decrementAndGet);
                        }
                    }
                });
    }

    private static void again(AtomicBoolean stop, java.util.function.Consumer<Runnable> runOnce) {
        var step =
                new Runnable() {
                    @Override
                    public void run() {
                        if (!stop.get()) {
                            runOnce.accept(this);
                        }
                    }
                };
        runOnce.accept(step);
    }

    // ---- deadlines of Netty's own tasks ----

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#transports")
    void timerIsNotDelayedByATaskOfNettysThatIsFarAway(String transport) throws Exception {
        try (var running = new Loops.Running(LoopOptions.DEFAULTS.withTransport(transport))) {
            var loop = running.loop;
            loop.addCallback(() ->
                    loop.io()
                            .eventLoop()
                            .schedule(() -> {}, 2, java.util.concurrent.TimeUnit.MINUTES));
            for (int i = 0; i < 5; i++) {
                var fired = new CompletableFuture<String>();
                loop.addCallback(
                        () -> loop.callLater(Duration.ofMillis(20), () -> fired.complete("fired")));
                assertThat(fired.get()).isEqualTo("fired");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#transports")
    void taskOfNettysIsNotDelayedByATimerThatIsFarAway(String transport) throws Exception {
        try (var running = new Loops.Running(LoopOptions.DEFAULTS.withTransport(transport))) {
            var loop = running.loop;
            loop.addCallback(() -> loop.callLater(Duration.ofHours(1), () -> {}));
            for (int i = 0; i < 5; i++) {
                var fired = new CompletableFuture<String>();
                loop.addCallback(() ->
                        loop.io()
                                .eventLoop()
                                .schedule(
                                        () -> fired.complete("fired"),
                                        20,
                                        java.util.concurrent.TimeUnit.MILLISECONDS));
                assertThat(fired.get()).isEqualTo("fired");
            }
        }
    }

    @Test
    void spuriousWakeUpsDoNotMakeTheLoopSpin() throws Exception {
        try (var running = new Loops.Running()) {
            var loop = running.loop;
            for (int i = 0; i < 100; i++) {
                loop.io().wakeup();
            }
            long turns = loop.metrics().turns();
            var later = new CountDownLatch(1);
            loop.addCallback(() -> loop.callLater(Duration.ofMillis(50), later::countDown));
            later.await();
            assertThat(loop.metrics().turns() - turns).isLessThan(1000);
        }
    }
}
