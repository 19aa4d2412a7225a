package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Loops.never;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RunSyncTest {
    @Test
    void runSyncReturnsWhatItsBodyReturns() {
        try (var loop = new IOLoop()) {
            assertThat(loop.<String>runSync(() -> "done")).isEqualTo("done");
            assertThat(loop.<Object>runSync(() -> null)).isNull();
            assertThat(loop.<Integer>runSync(() -> Async.await(Async.spawn(() -> 42))))
                    .isEqualTo(42);
        }
    }

    @Test
    void runSyncThrowsWhatItsBodyThrows() {
        try (var loop = new IOLoop()) {
            var unchecked = new IllegalArgumentException("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(unchecked))).isSameAs(unchecked);
            var checked = new IOException("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(checked)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCause(checked);
            var error = new AssertionError("no");
            assertThatThrownBy(() -> loop.runSync(() -> fail(error))).isSameAs(error);
        }
    }

    @Test
    void runSyncWithLimitCancelsItsBodyAndSaysHowLongItWas() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(new Loops.JumpingClock()))) {
            var cancelled = new AtomicBoolean();
            assertThatThrownBy(() ->
                            loop.runSync(
                                    Duration.ofMillis(1500),
                                    () -> {
                                        try {
                                            return Async.await(never());
                                        } catch (CancellationException e) {
                                            cancelled.set(true);
                                            throw e;
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("1.5 s");
            assertThat(cancelled).isTrue();
            assertThat(loop.metrics().timers()).isZero();
        }
    }

    @Test
    void runSyncLeavesABodyBehindThatDoesNotEndAtItsLimit() {
        try (var log = new LogCapture();
                var loop = new IOLoop(LoopOptions.DEFAULTS.withTicker(new Loops.JumpingClock()))) {
            var release = new CompletableFuture<String>();
            assertThatThrownBy(() ->
                            loop.runSync(
                                    Duration.ofMillis(1),
                                    () -> {
                                        try {
                                            return Async.await(never());
                                        } catch (CancellationException stubborn) {
                                            return Async.await(release);
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            release.complete("late");
            assertThat(
                            loop.<String>runSync(() -> {
                                Async.moment();
                                return "next";
                            }))
                    .isEqualTo("next");
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void runSyncSaysThatTheLoopWasStoppedFirst() {
        try (var loop = new IOLoop()) {
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            loop.runSync(() -> {
                                loop.stop();
                                return Async.await(never());
                            }))
                    .withMessageContaining("stopped before");
        }
    }

    private static Object fail(Throwable failure) throws Exception {
        if (failure instanceof Error e) {
            throw e;
        }
        throw (Exception) failure;
    }
}
