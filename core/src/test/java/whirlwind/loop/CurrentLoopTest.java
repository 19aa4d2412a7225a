package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.testing.OpenDescriptors;

/** Which loop is the current one of a thread, and how it is made. */
class CurrentLoopTest {
    private static final LoopOptions NOT_CURRENT = LoopOptions.DEFAULTS.withMakeCurrent(false);

    @Test
    void newLoopIsCurrentOnItsThread() {
        try (var loop = new IOLoop()) {
            assertThat(IOLoop.current()).isSameAs(loop);
        }
        assertThat(IOLoop.currentOrNull()).isNull();
    }

    @Test
    void threadWithoutLoopGetsOneThatStays() {
        assertThat(IOLoop.currentOrNull()).isNull();
        try (var loop = IOLoop.current()) {
            assertThat(IOLoop.current()).isSameAs(loop);
        }
    }

    @Test
    void loopNotMadeCurrentIsCurrentOnlyWhileItRuns() {
        try (var loop = new IOLoop(NOT_CURRENT)) {
            for (int round = 0; round < 3; round++) {
                assertThat(IOLoop.currentOrNull()).isNull();
                assertThat(loop.isCurrent()).isFalse();
                assertThat(loop.<IOLoop>runSync(IOLoop::current)).isSameAs(loop);
            }
            assertThat(IOLoop.currentOrNull()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("whirlwind.loop.Loops#enginesAndTransports")
    void loopIsCurrentInWhateverItRuns(String engine, String transport) {
        try (var loop = new IOLoop(NOT_CURRENT.withEngine(engine).withTransport(transport))) {
            var callback = new CompletableFuture<IOLoop>();
            var timer = new CompletableFuture<IOLoop>();
            loop.runSync(() -> {
                loop.addCallback(() -> callback.complete(IOLoop.currentOrNull()));
                loop.callLater(Duration.ZERO, () -> timer.complete(IOLoop.currentOrNull()));
                assertThat(IOLoop.current()).isSameAs(loop);
                assertThat(loop.isCurrent()).isTrue();
                assertThat(Async.await(callback)).isSameAs(loop);
                assertThat(Async.await(timer)).isSameAs(loop);
                assertThat(Async.<IOLoop>await(Async.spawn(IOLoop::current))).isSameAs(loop);
                return null;
            });
            assertThat(loop.toString()).contains(engine, transport);
        }
    }

    @Test
    void runningALoopGivesTheThreadItsOwnLoopBack() {
        try (var mine = new IOLoop();
                var other = new IOLoop(NOT_CURRENT)) {
            other.runSync(() -> null);
            assertThat(IOLoop.current()).isSameAs(mine);
        }
    }

    @Test
    void loopClosedElsewhereIsNotCurrentAnyMore() throws Exception {
        var loop = new IOLoop();
        Thread.ofPlatform().start(loop::close).join();

        assertThat(IOLoop.currentOrNull()).isNull();
    }

    @Test
    void unknownEnginesAndTransportsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IOLoop(LoopOptions.DEFAULTS.withEngine("steam")))
                .withMessageContaining("steam");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IOLoop(LoopOptions.DEFAULTS.withTransport("pigeon")))
                .withMessageContaining("pigeon");
    }

    @Test
    void refusedLoopLeavesNoDescriptorOpen() throws Exception {
        OpenDescriptors.noneIsLeftBy(() ->
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new IOLoop(NOT_CURRENT.withEngine("steam"))));
    }
}
