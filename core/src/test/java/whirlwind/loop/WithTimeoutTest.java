package whirlwind.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.loop.Coroutines.cancelWhenItWaits;
import static whirlwind.loop.Coroutines.run;
import static whirlwind.loop.Loops.never;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Limits of time: what they end, and what they leave alone. */
class WithTimeoutTest {
    private final List<String> trace = new ArrayList<>();

    @Test
    void limitEndsWhatTheBodyWaitsFor() {
        run(() -> {
            var stage = never();
            assertThatThrownBy(() ->
                            Async.withTimeout(Duration.ofSeconds(1), () -> Async.await(stage)))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("1 s");
            assertThat(stage).isCancelled();
            Async.sleep(Duration.ofSeconds(5));
        });
    }

    @Test
    void bodyThatKeepsItsLimitReturnsItsResult() {
        run(() -> {
            assertThat(
                            Async.<String>withTimeout(
                                    Duration.ofSeconds(2),
                                    () -> {
                                        Async.sleep(Duration.ofSeconds(1));
                                        return "value";
                                    }))
                    .isEqualTo("value");
            Async.sleep(Duration.ofSeconds(5));
        });
    }

    @Test
    void failureWithinALimitIsThrownAsItIs() {
        run(() ->
                assertThatThrownBy(() ->
                                Async.withTimeout(
                                        Duration.ofSeconds(1),
                                        () -> {
                                            throw new java.io.IOException("disk");
                                        }))
                        .isInstanceOf(java.io.UncheckedIOException.class));
    }

    @Test
    void limitOfABlockingCallInterruptsIt() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                if (Loops.mounted()) {
                    assertThatThrownBy(() ->
                                    Async.withTimeout(
                                            Duration.ofMillis(1),
                                            () -> Thread.sleep(Duration.ofHours(1))))
                            .isInstanceOf(AsyncTimeoutException.class);
                } else { // the call holds the loop, and its timers with it
                    Async.withTimeout(Duration.ofMillis(1), () -> Thread.sleep(5));
                }
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                Async.moment();
                return null;
            });
        }
    }

    @Test
    void cancellationFromOutsideWinsOverALimitInside() {
        run(() -> {
            var task =
                    Async.spawn(() -> {
                        try {
                            Async.withTimeout(Duration.ofHours(1), () -> Async.await(never()));
                        } catch (AsyncTimeoutException e) {
                            trace.add("mistaken for the limit");
                        }
                    });
            cancelWhenItWaits(task);
            assertThat(trace).isEmpty();
        });
    }

    @Test
    void outerLimitEndsTheBodyOfTheInnerOne() {
        run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    Duration.ofSeconds(1),
                                    () -> {
                                        try {
                                            Async.withTimeout(
                                                    Duration.ofHours(1),
                                                    () -> Async.await(never()));
                                        } catch (AsyncTimeoutException e) {
                                            trace.add("mistaken for the inner limit");
                                        }
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("1 s");
            assertThat(trace).isEmpty();
        });
    }

    @Test
    void innerLimitLeavesTheOuterBodyGoingOn() {
        run(() -> {
            var result =
                    Async.<String>withTimeout(
                            Duration.ofHours(1),
                            () -> {
                                try {
                                    Async.withTimeout(
                                            Duration.ofSeconds(1), () -> Async.await(never()));
                                } catch (AsyncTimeoutException e) {
                                    Async.sleep(Duration.ofSeconds(1));
                                }
                                return "went on";
                            });
            assertThat(result).isEqualTo("went on");
        });
    }

    @Test
    void bothLimitsPassingAtOnceEndTheOuterBody() {
        run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    Duration.ofSeconds(1),
                                    () -> {
                                        try {
                                            Async.withTimeout(
                                                    Duration.ofSeconds(1),
                                                    () -> Async.await(never()));
                                        } catch (AsyncTimeoutException e) {
                                            trace.add("inner");
                                        }
                                        Async.await(never());
                                        trace.add("went on");
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(trace).doesNotContain("went on");
        });
    }

    @Test
    void outerLimitThatPassesWhileTheInnerOneEndsIsNotLost() {
        run(() -> {
            assertThatThrownBy(() ->
                            Async.withTimeout(
                                    Duration.ofSeconds(2),
                                    () -> {
                                        try {
                                            Async.withTimeout(
                                                    Duration.ofSeconds(1),
                                                    () -> {
                                                        try {
                                                            Async.await(never());
                                                        } finally {
                                                            Async.await(never()); // until the outer
                                                            // limit
                                                        }
                                                    });
                                        } catch (AsyncTimeoutException e) {
                                            trace.add("inner");
                                        }
                                        Async.await(never());
                                    }))
                    .isInstanceOf(AsyncTimeoutException.class)
                    .hasMessageContaining("2 s");
        });
    }

    @Test
    void limitOnAStageCancelsTheStage() {
        run(() -> {
            var stage = never();
            assertThatThrownBy(() -> Async.await(Async.withTimeout(Duration.ofSeconds(1), stage)))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(stage).isCancelled();
            assertThat(Async.withTimeout(Duration.ZERO, CompletableFuture.completedFuture("done")))
                    .isCompletedWithValue("done");
            var failed = CompletableFuture.failedFuture(new IllegalStateException("no"));
            assertThatThrownBy(() -> Async.await(Async.withTimeout(Duration.ofSeconds(1), failed)))
                    .hasMessage("no");
        });
    }

    @Test
    void limitedStageThatIsCancelledCancelsTheStage() {
        run(() -> {
            var stage = never();
            cancelWhenItWaits(
                    Async.spawn(() -> Async.await(Async.withTimeout(Duration.ofHours(1), stage))));
            assertThat(stage).isCancelled();
            assertThat(IOLoop.current().metrics().timers()).isZero();
        });
    }

    @Test
    void limitOfAReadFromASocketIsTheLimitAndNoFailureOfTheSocket() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var peer = server.accept();
                var loop = new IOLoop()) {
            var limit = Duration.ofMillis(1);
            loop.runSync(() -> {
                if (Loops.mounted()) {
                    assertThatThrownBy(() ->
                                    Async.withTimeout(limit, () -> client.getInputStream().read()))
                            .isInstanceOf(AsyncTimeoutException.class);
                } else { // the call holds the loop, and its timers with it
                    peer.getOutputStream().write(1);
                    Async.withTimeout(limit, () -> client.getInputStream().read());
                }
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                Async.moment();
                return null;
            });
        }
    }
}
