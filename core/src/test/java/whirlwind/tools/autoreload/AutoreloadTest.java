package whirlwind.tools.autoreload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.testing.FreePort;
import whirlwind.testing.OneEngine;

/** Real programs are restarted by real changes. */
@OneEngine
@Timeout(120)
class AutoreloadTest {
    private static final String PROGRAM = ReloadProgram.class.getName();
    private static final String LAUNCHER = Main.class.getName();

    @TempDir Path folder;

    /** A class of its own to change, before the other one on the class path. */
    private Path programClass;

    @BeforeEach
    void copyProgram() throws Exception {
        var file = PROGRAM.replace('.', '/') + ".class";
        programClass = folder.resolve("classes").resolve(file);
        Files.createDirectories(programClass.getParent());
        Files.copy(Path.of(ReloadProgram.class.getResource("/" + file).toURI()), programClass);
        Files.writeString(
                folder.resolve("logback.xml"),
                """
                <configuration>
                  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%level %msg%n</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="out"/></root>
                </configuration>
                """);
    }

    @Test
    void aChangeRestartsTheServer() throws Exception {
        int port = FreePort.choose(); // which has to be the same after a restart
        var watched = Files.createFile(folder.resolve("a file"));
        var arguments = new String[] {"serve", String.valueOf(port), watched.toString()};
        try (var program = new Program(List.of("-Dkept=yes"), PROGRAM, arguments)) {
            var first = program.awaitStart();
            assertThat(first.pid()).isEqualTo(program.process.pid());
            program.awaitLine("listening");

            touch(programClass);
            assertThat(program.awaitLine("INFO " + programClass.toRealPath()))
                    .endsWith("ReloadProgram.class modified; restarting server");
            program.awaitLine("ERROR Exception in reload hook");
            program.awaitLine("hook");
            var second = program.awaitStart();
            assertThat(second.told()).isEqualTo("yes [serve, %d, %s]".formatted(port, watched));
            program.awaitLine("listening");
            assertThat(get(port)).isEqualTo("served");

            touch(watched);
            program.awaitLine("INFO " + watched.toRealPath() + " modified; restarting server");
            program.awaitLine("hook");
            var third = program.awaitStart();
            assertThat(third.told()).isEqualTo(second.told());
            program.awaitLine("listening");
            assertThat(get(port)).isEqualTo("served");

            program.process.destroy();
            assertThat(program.process.waitFor()).isEqualTo(128 + 15);
            assertThat(ProcessHandle.of(third.pid())).isEmpty();
        }
    }

    @Test
    void aSourceThatDoesNotCompileIsStartedWhenItDoes() throws Exception {
        int port = FreePort.choose();
        var hello = folder.resolve("Hello.java");
        write(hello, port, "h.write(\"one\")");
        try (var program = new Program(List.of(), hello.toString())) {
            program.awaitLine("INFO listening");
            assertThat(get(port)).isEqualTo("one");

            write(hello, port, "h.write(\"two\"");
            program.awaitLine("INFO " + hello.toRealPath() + " modified");
            program.awaitLine("autoreload: ended with status 1; starts again");

            write(hello, port, "h.write(\"three\")");
            program.awaitLine("INFO listening");
            assertThat(get(port)).isEqualTo("three");
        }
    }

    @Test
    void aProgramThatEndsCanWaitForTheNextChange() throws Exception {
        try (var program = new Program(List.of(), PROGRAM, "wait")) {
            program.awaitStart();
            program.awaitLine("INFO waits for a change");
            touch(programClass);
            program.awaitLine("INFO waits for a change");
        }
    }

    @Test
    void theLauncherStartsAFailingProgramAgainUntilItSucceeds() throws Exception {
        var status = folder.resolve("status");
        Files.writeString(status, "3");
        var arguments =
                new String[] {
                    "--until-success", "--watch", status.toString(), PROGRAM, "exit", "" + status
                };
        try (var program = new Program(List.of("-Dkept=yes"), LAUNCHER, arguments)) {
            assertThat(program.awaitStart().told()).isEqualTo("yes [exit, %s]".formatted(status));
            program.awaitLine("autoreload: ended with status 3; starts again");
            Files.writeString(status, "0");
            assertThat(program.awaitStart().told()).isEqualTo("yes [exit, %s]".formatted(status));
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void withoutUntilSuccessTheLauncherWaitsUntilItIsToldToEnd() throws Exception {
        var status = Files.writeString(folder.resolve("status"), "0");
        try (var program = new Program(List.of(), LAUNCHER, PROGRAM, "exit", status.toString())) {
            program.awaitLine("autoreload: ended with status 0; starts again");
            program.process.destroy();
            assertThat(program.process.waitFor()).isEqualTo(128 + 15);
        }
    }

    @Test
    void aProgramEndsWhenItsLauncherIsKilled() throws Exception {
        try (var program = new Program(List.of(), LAUNCHER, PROGRAM, "serve", "0")) {
            var started = program.awaitStart();
            assertThat(started.pid()).isNotEqualTo(program.process.pid());
            program.awaitLine("listening");
            var running = ProcessHandle.of(started.pid()).orElseThrow();
            program.process.destroyForcibly();
            running.onExit().join();
        }
    }

    @Test
    void aWorkerIsNotRestarted() throws Exception {
        var worker = Map.of("WHIRLWIND_TASK_ID", "0");
        try (var program = new Program(worker, List.of(), PROGRAM, "serve", "0")) {
            program.awaitLine("WARN autoreload is off in a worker");
            program.awaitLine("listening");
        }
    }

    @Test
    void aTestRunnerComesFromAJarAndIsNotRestarted() {
        assertThatIllegalStateException()
                .isThrownBy(Autoreload::awaitChange)
                .withMessage("there is nothing to watch: the program is in a jar");
    }

    @Test
    void aProcessThatCannotBeReplacedGoesOn() {
        var none = folder.resolve("none").toString();
        assertThatIOException()
                .isThrownBy(() -> Exec.replaceBy(List.of(none)))
                .withMessage("the system refuses to run " + none);
    }

    @Test
    void intervalsThatAreNotPositiveAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Autoreload.start(Duration.ZERO))
                .withMessage("checkTime: 0 s (more than 0)");
    }

    private static void write(Path hello, int port, String statement) throws IOException {
        Files.writeString(
                hello,
                """
                import whirlwind.loop.IOLoop;
                import whirlwind.web.*;

                class MainHandler extends RequestHandler {
                    @Override protected void get() { var h = this; %s; }
                }

                void main() {
                    new Application(ApplicationSettings.DEFAULTS.withDebug(true))
                            .route("/", MainHandler::new).listen("127.0.0.1", %d);
                    IOLoop.current().start();
                }
                """
                        .formatted(statement, port));
    }

    private static void touch(Path file) throws IOException {
        var before = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, FileTime.from(before.plusSeconds(1)));
    }

    private static String get(int port) throws IOException {
        try (var in = URI.create("http://127.0.0.1:" + port + "/").toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** What a {@link ReloadProgram} says first. */
    private record Started(long pid, String told) {}

    /** A JVM on the engine of this test, which hands its standard output down. */
    private final class Program implements AutoCloseable {
        final Process process;
        private final BufferedReader output;

        Program(List<String> options, String program, String... arguments) throws IOException {
            this(Map.of(), options, program, arguments);
        }

        Program(
                Map<String, String> environment,
                List<String> options,
                String program,
                String... arguments)
                throws IOException {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(flag -> flag.startsWith("--") || flag.startsWith("-Dwhirlwind."))
                    .forEach(command::add);
            command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
            command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
            command.add("-cp");
            command.add(classPath());
            command.addAll(options);
            command.add(program);
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            process = builder.start();
            output = process.inputReader(UTF_8);
        }

        /** The copy in place of the tests' classes, so that there is little to look at. */
        private String classPath() {
            var library =
                    Stream.of(System.getProperty("java.class.path").split(":"))
                            .filter(entry -> !Path.of(entry).endsWith("test-classes"));
            return Stream.concat(Stream.of(folder.resolve("classes").toString()), library)
                    .collect(Collectors.joining(":"));
        }

        /** The next line that starts so. */
        String awaitLine(String start) throws IOException {
            var before = new StringBuilder();
            for (String line; (line = output.readLine()) != null; ) {
                if (line.startsWith(start)) {
                    return line;
                }
                before.append(line).append('\n');
            }
            throw new AssertionError("ended without \"" + start + "\":\n" + before);
        }

        Started awaitStart() throws IOException {
            var words = awaitLine("started ").split(" ", 3);
            return new Started(Long.parseLong(words[1]), words[2]);
        }

        @Override
        public void close() {
            Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                    .toList()
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }
}
