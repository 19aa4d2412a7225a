package whirlwind.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SubprocessTest {
    @Test
    void exitStatusZeroIsTheResult() {
        onLoop(() -> {
            var process = Subprocess.start("true");
            assertThat(Async.await(process.waitForExit())).isZero();
            assertThat(process.returnCode()).hasValue(0);
            assertThat(process.handle().isAlive()).isFalse();
        });
    }

    @Test
    void anotherStatusIsAnErrorThatNamesTheCommand() {
        onLoop(() -> {
            var process = Subprocess.start("sh", "-c", "exit 3");
            assertThatThrownBy(() -> Async.await(process.waitForExit()))
                    .isInstanceOfSatisfying(
                            SubprocessException.class, e -> assertThat(e.returnCode()).isEqualTo(3))
                    .hasMessage("[sh, -c, exit 3] (pid %d) exited with status 3", process.pid());
            assertThat(Async.await(process.waitForExit(false))).isEqualTo(3);
        });
    }

    @Test
    void exitCallbackRunsOnTheLoopAlsoIfTheProcessIsDeadAlready() {
        onLoop(() -> {
            var loop = IOLoop.current();
            var process = Subprocess.start("true");
            for (int round = 0; round < 2; round++) {
                var status = new CompletableFuture<Integer>();
                process.onExit(code -> {
                    assertThat(loop.isCurrent()).isTrue();
                    status.complete(code);
                });
                assertThat(status).isNotDone();
                assertThat(Async.await(status)).isZero();
            }
        });
    }

    @Test
    void aRunningProcessHasNoReturnCode() {
        onLoop(() -> {
            var process = Subprocess.start("sleep", "60");
            assertThat(process.returnCode()).isEmpty();
            process.kill();
            Async.await(process.waitForExit(false));
        });
    }

    @Test
    void terminateAndKillAreReportedAsTheirSignals() {
        onLoop(() -> {
            var terminated = Subprocess.start("sleep", "60");
            terminated.terminate();
            assertThat(Async.await(terminated.waitForExit(false))).isEqualTo(128 + 15);
            var killed = Subprocess.start("sleep", "60");
            killed.kill();
            assertThatThrownBy(() -> Async.await(killed.waitForExit()))
                    .hasMessageEndingWith("exited with status 137 (signal 9)");
            killed.terminate();
            killed.kill();
        });
    }

    @Test
    void aProcessThatOutlivesTheLimitIsEnded() {
        onLoop(() -> {
            var process = Subprocess.start("sleep", "60");
            assertThatThrownBy(() -> Async.await(process.waitForExit(Duration.ofMillis(10))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(Async.await(process.waitForExit(false))).isEqualTo(128 + 15);
        });
    }

    @Test
    void cancellingTheWaitLeavesTheProcessAlone() {
        onLoop(() -> {
            var process = Subprocess.start("sleep", "60");
            process.waitForExit().cancel(true);
            var waiting = Async.spawn(() -> Async.await(process.waitForExit()));
            Async.moment();
            waiting.cancel();
            Async.moment();
            assertThat(process.handle().isAlive()).isTrue();
            process.kill();
            assertThat(Async.await(process.waitForExit(false))).isEqualTo(128 + 9);
        });
    }

    @Test
    void aProgramThatIsNotThereIsNamed() {
        onLoop(() ->
                assertThatThrownBy(() -> Subprocess.start("no-such-program", "--help"))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasMessageStartingWith("can't start [no-such-program, --help]: "));
    }

    private static void onLoop(CheckedRunnable body) {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                body.run();
                return null;
            });
        }
    }
}
