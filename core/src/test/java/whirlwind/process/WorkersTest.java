package whirlwind.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.Eventually;
import whirlwind.testing.FreePort;
import whirlwind.testing.JavaProcess;

@Timeout(120)
class WorkersTest {
    @TempDir Path folder;

    @Test
    void aProcessThatNobodySupervisesHasNoTaskId() {
        assertThat(Workers.taskId()).isEmpty();
    }

    @Test
    void optionsWithoutSenseAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerOptions.DEFAULTS.withProcesses(0))
                .withMessage("processes: 0 (at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerOptions.DEFAULTS.withMaxRestarts(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WorkerOptions.DEFAULTS.withDrainLimit(Duration.ofSeconds(-1)));
    }

    @Test
    void twoWorkersServeOnePortUntilTheirSupervisorIsToldToEnd() throws Exception {
        int port = FreePort.choose(); // they can't agree on one that the kernel chooses
        var supervisor = start("2", "0", "serve", String.valueOf(port));
        try {
            assertThat(idsThatAnswer(port, 2)).containsExactlyInAnyOrder("0", "1");
            var workers = supervisor.children().toList();
            assertThat(workers).hasSize(2);
            supervisor.destroy();
            assertThat(supervisor.waitFor()).as(this::log).isEqualTo(0);
            assertThat(workers).noneMatch(ProcessHandle::isAlive);
        } finally {
            endAll(supervisor);
        }
    }

    @Test
    void aWorkerThatIsKilledIsStartedAnewWithItsId() throws Exception {
        int port = FreePort.choose();
        var supervisor = start("1", "1", "serve", String.valueOf(port));
        try {
            assertThat(idsThatAnswer(port, 1)).containsExactly("0");
            var first = supervisor.children().toList().getFirst();
            first.destroyForcibly();
            first.onExit().join();
            assertThat(idsThatAnswer(port, 1)).containsExactly("0");
            assertThat(supervisor.children()).doesNotContain(first).hasSize(1);
            assertThat(log()).contains("exited with status 137 (signal 9): starting it anew");
        } finally {
            endAll(supervisor);
        }
    }

    @Test
    void failuresAreRestartedAndStatusZeroIsFinal() throws Exception {
        script(0, 2, 3, 0);
        script(1, 0);
        var supervisor = start("2", "2", "exit", folder.toString());
        assertThat(supervisor.waitFor()).as(this::log).isEqualTo(0);
        assertThat(Files.readAllLines(folder.resolve("started-0")))
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(Files.readAllLines(folder.resolve("started-1"))).hasSize(1);
    }

    @Test
    void tooManyFailuresEndTheSupervisorWithAnError() throws Exception {
        script(0, 4, 4, 4);
        var supervisor = start("1", "1", "exit", folder.toString());
        assertThat(supervisor.waitFor()).isEqualTo(1);
        assertThat(log())
                .containsPattern(
                        "WorkerException: worker 0 \\(pid \\d+\\) exited with status 4,"
                                + " and workers may be restarted only 1 times");
        assertThat(Files.readAllLines(folder.resolve("started-0"))).hasSize(2);
    }

    @Test
    void aWorkerEndsWhenItsSupervisorIsKilled() throws Exception {
        int port = FreePort.choose();
        var supervisor = start("1", "0", "serve", String.valueOf(port));
        try {
            assertThat(idsThatAnswer(port, 1)).containsExactly("0");
            var worker = supervisor.children().toList().getFirst();
            supervisor.destroyForcibly();
            worker.onExit().join();
        } finally {
            endAll(supervisor);
        }
    }

    @Test
    void aWorkerThatDoesNotDrainIsEndedAtTheLimit() throws Exception {
        int port = FreePort.choose();
        var supervisor = start("1", "0", "hang", String.valueOf(port));
        try {
            assertThat(idsThatAnswer(port, 1)).containsExactly("0");
            supervisor.destroy();
            assertThat(supervisor.waitFor()).as(this::log).isEqualTo(0);
        } finally {
            endAll(supervisor);
        }
    }

    @Test
    void aWorkerThatDoesNotListenToTermIsKilled() throws Exception {
        var supervisor = start("1", "0", "freeze", folder.toString());
        try {
            var frozen = folder.resolve("frozen");
            Eventually.holds(() -> Files.exists(frozen));
            supervisor.destroy();
            assertThat(supervisor.waitFor()).as(this::log).isEqualTo(0);
            assertThat(log()).contains("exited with status 137 (signal 9) instead of draining");
        } finally {
            endAll(supervisor);
        }
    }

    private Process start(String... arguments) throws IOException {
        return JavaProcess.of(WorkerProgram.class, arguments)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private void script(int task, Integer... statuses) throws IOException {
        Files.write(
                folder.resolve("task-" + task), Stream.of(statuses).map(String::valueOf).toList());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Set<String> idsThatAnswer(int port, int count) throws Exception {
        Set<String> ids = new HashSet<>();
        Eventually.holds(() -> {
            try {
                ids.add(Get.tried(port));
            } catch (IOException notYet) {
                // nobody listens
            }
            return ids.size() == count;
        });
        return ids;
    }

    private static void endAll(Process supervisor) {
        var children = supervisor.children().toList();
        supervisor.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aWorkerEndsWhenItsSupervisorIsKilledBeforeItHasStarted() throws Exception {
        var supervisor = start("1", "0", "linger", folder.toString());
        try {
            var starting = folder.resolve("starting");
            Eventually.holds(() -> Files.exists(starting));
            var worker = supervisor.children().toList().getFirst();
            supervisor.destroyForcibly().onExit().join();
            Files.createFile(folder.resolve("go"));
            worker.onExit().join();
        } finally {
            endAll(supervisor);
        }
    }
}
