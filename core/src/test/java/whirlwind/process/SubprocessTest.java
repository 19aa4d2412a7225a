package whirlwind.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.testing.OpenDescriptors;

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
    void aProcessThatIgnoresTermIsKilled() {
        onLoop(() -> {
            var process = Subprocess.start("sh", "-c", "trap '' TERM; echo; exec sleep 60");
            Async.await(process.stdout().readUntil("\n"));
            assertThatThrownBy(() -> Async.await(process.waitForExit(Duration.ofMillis(10))))
                    .isInstanceOf(AsyncTimeoutException.class);
            assertThat(Async.await(process.waitForExit(false))).isEqualTo(128 + 9);
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

    @Test
    void environmentAndDirectoryArePassedOn(@TempDir Path folder) {
        onLoop(() -> {
            var builder =
                    new ProcessBuilder("sh", "-c", "echo \"$WORD in $(pwd)\"")
                            .directory(folder.toFile());
            builder.environment().put("WORD", "grün");
            var process = Subprocess.start(builder);
            assertThat(Async.await(process.stdout().readUntilClose()))
                    .asString(UTF_8)
                    .isEqualTo("grün in " + folder.toRealPath() + "\n");
        });
    }

    @Test
    void aConversationGoesBackAndForth() {
        onLoop(() -> {
            var process =
                    Subprocess.start(
                            "sh", "-c", "printf 'name? '; read name; echo \"hello $name\"");
            assertThat(Async.await(process.stdout().readUntil("? ")))
                    .asString()
                    .isEqualTo("name? ");
            Async.await(process.stdin().write("whirl\n"));
            assertThat(Async.await(process.stdout().readUntilClose()))
                    .asString()
                    .isEqualTo("hello whirl\n");
            assertThat(Async.await(process.waitForExit())).isZero();
            close(process);
        });
    }

    @Test
    void closingStandardInputIsTheEndOfIt() {
        onLoop(() -> {
            var process = Subprocess.start("cat");
            Async.await(process.stdin().write("all"));
            process.stdin().close();
            assertThat(Async.await(process.stdout().readUntilClose())).asString().isEqualTo("all");
            Async.await(process.waitForExit());
            close(process);
        });
    }

    @Test
    void standardErrorIsAStreamOfItsOwn() {
        onLoop(() -> {
            var process = Subprocess.start("sh", "-c", "echo good; echo bad >&2");
            assertThat(Async.await(process.stderr().readUntilClose()))
                    .asString()
                    .isEqualTo("bad\n");
            assertThat(Async.await(process.stdout().readUntilClose()))
                    .asString()
                    .isEqualTo("good\n");
            close(process);
        });
    }

    @Test
    void muchGoesThroughAProgramWhileItIsRead() {
        var sent = "x".repeat(2_000_000);
        onLoop(() -> {
            var process = Subprocess.start("cat");
            var reading = process.stdout().readUntilClose();
            Async.await(process.stdin().write(sent));
            process.stdin().close();
            assertThat(Async.await(reading)).hasSize(sent.length());
            close(process);
        });
    }

    @Test
    void aStreamThatGoesElsewhereIsNoStreamHere(@TempDir Path folder) {
        onLoop(() -> {
            var file = folder.resolve("out");
            var process =
                    Subprocess.start(
                            new ProcessBuilder("sh", "-c", "echo one; echo two >&2")
                                    .redirectErrorStream(true)
                                    .redirectOutput(file.toFile()));
            assertThatIllegalStateException()
                    .isThrownBy(process::stdout)
                    .withMessageStartingWith("standard output of [sh, -c,");
            assertThatIllegalStateException().isThrownBy(process::stderr);
            Async.await(process.waitForExit());
            assertThat(file).hasContent("one\ntwo\n");
            process.stdin().close();
        });
    }

    @Test
    void noDescriptorIsLeftOpen() {
        onLoop(() -> {
            roundTrip();
            int before = OpenDescriptors.count();
            for (int i = 0; i < 5; i++) {
                roundTrip();
                assertThatThrownBy(() -> Subprocess.start("no-such-program"))
                        .isInstanceOf(UncheckedIOException.class);
            }
            OpenDescriptors.awaitAtMost(before);
        });
    }

    private static void roundTrip() {
        var process = Subprocess.start("cat");
        Async.await(process.stdin().write("x"));
        assertThat(Async.await(process.stdout().readBytes(1))).hasSize(1);
        close(process);
        Async.await(process.waitForExit());
        for (int i = 0; i < 3; i++) {
            Async.moment();
        }
    }

    @Test
    void aLoopThatCannotWatchDescriptorsSaysSoAndStartsNothing() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTransport("nio"))) {
            loop.runSync(() -> {
                assertThatThrownBy(() -> Subprocess.start("true"))
                        .isInstanceOf(UnsupportedOperationException.class)
                        .hasMessageContaining("use epoll or io_uring");
                var process = Subprocess.start(new ProcessBuilder("true").inheritIO());
                return Async.await(process.waitForExit());
            });
        }
    }

    private static void close(Subprocess process) {
        process.stdin().close();
        process.stdout().close();
        process.stderr().close();
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
