package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which calls a running loop takes from other threads. */
class ThreadRulesTest {

    static Stream<Named<Consumer<IOLoop>>> confined() {
        return Stream.of(
                call("callLater", loop -> loop.callLater(Duration.ZERO, () -> {})),
                call("callAt", loop -> loop.callAt(loop.time(), () -> {})),
                call("tasks", IOLoop::tasks),
                call("addHandler", loop -> loop.addHandler(0, (fd, events) -> {}, FdEvent.READ)),
                call("updateHandler", loop -> loop.updateHandler(0, FdEvent.READ)),
                call("removeHandler", loop -> loop.removeHandler(0)),
                call("runInExecutor", loop -> loop.runInExecutor(null, () -> 1)),
                call("setDefaultExecutor", loop -> loop.setDefaultExecutor(Runnable::run)),
                call("start", IOLoop::start),
                call("runSync", loop -> loop.runSync(() -> null)),
                call("close", IOLoop::close));
    }

    @ParameterizedTest
    @MethodSource("confined")
    void runningLoopRefusesItFromAnotherThread(Consumer<IOLoop> call) {
        try (var running = new Loops.Running()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> call.accept(running.loop))
                    .withMessageContaining(running.loop.name());
        }
    }

    static Stream<Named<Consumer<IOLoop>>> free() {
        return Stream.of(
                call("addCallback", loop -> loop.addCallback(() -> {})),
                call("addCallbackFromSignal", loop -> loop.addCallbackFromSignal(() -> {})),
                call("spawnCallback", loop -> loop.spawnCallback(() -> {})),
                call("execute", loop -> loop.execute(() -> {})),
                call("addFuture", loop -> loop.addFuture(new CompletableFuture<>(), future -> {})),
                call("newFuture", IOLoop::newFuture),
                call("time", IOLoop::time),
                call("metrics", IOLoop::metrics),
                call("isCurrent", IOLoop::isCurrent),
                call("toString", loop -> assertThat(loop.toString()).isNotEmpty()),
                call("stop", IOLoop::stop));
    }

    @ParameterizedTest
    @MethodSource("free")
    void runningLoopTakesItFromAnotherThread(Consumer<IOLoop> call) {
        try (var running = new Loops.Running()) {
            assertThatCode(() -> call.accept(running.loop)).doesNotThrowAnyException();
        }
    }

    @Test
    void timerIsCancelledOnItsLoopOnly() throws Exception {
        try (var running = new Loops.Running()) {
            var made = new CompletableFuture<Timeout>();
            running.loop.addCallback(
                    () -> made.complete(running.loop.callLater(Duration.ofHours(1), () -> {})));
            var timer = made.get();
            assertThatIllegalStateException().isThrownBy(timer::cancel);
            assertThatIllegalStateException().isThrownBy(() -> running.loop.removeTimeout(timer));
            assertThat(timer.isPending()).isTrue();
        }
    }

    @Test
    void coroutineOfOneLoopIsAnotherThreadToTheNext() {
        try (var running = new Loops.Running();
                var loop = new IOLoop()) {
            loop.runSync(() -> {
                assertThat(running.loop.isCurrent()).isFalse();
                assertThatIllegalStateException().isThrownBy(running.loop::tasks);
                return null;
            });
        }
    }

    @Test
    void loopThatDoesNotRunTakesEverythingFromTheThreadThatSetsItUp() {
        try (var loop = new IOLoop()) {
            assertThatCode(
                            () -> {
                                loop.callLater(Duration.ofHours(1), () -> {}).cancel();
                                loop.setDefaultExecutor(Runnable::run);
                                loop.tasks();
                                loop.removeHandler(99);
                            })
                    .doesNotThrowAnyException();
        }
    }

    private static Named<Consumer<IOLoop>> call(String name, Consumer<IOLoop> call) {
        return Named.of(name, call);
    }

    @Test
    void offloadedCodeIsToldThatNobodyWouldRunItsCoroutines() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var lost = Async.offload(() -> Async.spawn(() -> 1));
                assertThatIllegalStateException()
                        .isThrownBy(() -> Async.await(lost))
                        .withMessageContaining("which runs no loop");
                var own =
                        Async.offload(() -> {
                            try (var another = new IOLoop()) {
                                return another.runSync(() -> Async.await(Async.spawn(() -> 2)));
                            }
                        });
                assertThat(Async.await(own)).isEqualTo(2);
                return null;
            });
        }
    }
}
