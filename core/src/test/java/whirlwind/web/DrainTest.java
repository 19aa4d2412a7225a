package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes are ended by real signals. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainTest {
    /** A {@link DrainProgram} on the engine of this test. */
    private static final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final int port;

        Program(long limitMillis) throws IOException {
            var command = new ArrayList<String>();
            command.add(System.getProperty("java.home") + "/bin/java");
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(flag -> flag.startsWith("--") || flag.startsWith("-Dwhirlwind."))
                    .forEach(command::add);
            command.addAll(
                    List.of(
                            "-cp",
                            System.getProperty("java.class.path"),
                            DrainProgram.class.getName(),
                            Long.toString(limitMillis)));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            output = process.inputReader(UTF_8);
            port = Integer.parseInt(awaitLine("port ").substring("port ".length()));
        }

        /** The next line that starts so; those of the log are skipped. */
        String awaitLine(String start) throws IOException {
            for (String line; (line = output.readLine()) != null; ) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
            throw new AssertionError("the program has ended without saying: " + start);
        }

        Socket ask(String path) throws IOException {
            var socket = new Socket("127.0.0.1", port);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));
            return socket;
        }

        void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatRunsIsFinishedAndNothingNewIsTaken(String signal) throws Exception {
        try (var program = new Program(30_000);
                var slow = program.ask("/slow")) {
            program.awaitLine("slow is running");
            program.signal(signal);
            program.awaitLine("draining");
            assertThatThrownBy(() -> program.ask("/quick").close())
                    .isInstanceOf(ConnectException.class);
            assertThat(rest(slow))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close\r\n")
                    .endsWith("finished");
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void anIdleConnectionIsClosedAtOnce() throws Exception {
        try (var program = new Program(30_000);
                var idle = program.ask("/quick")) {
            var answer = idle.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
            assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 200 OK");
            program.signal("TERM");
            assertThat(rest(idle)).endsWith("quick");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void whoAsksToBeToldCanEndByItself() throws Exception {
        try (var program = new Program(30_000);
                var told = program.ask("/told")) {
            program.awaitLine("told is running");
            program.signal("TERM");
            assertThat(rest(told)).endsWith("told");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsDropped() throws Exception {
        try (var program = new Program(50);
                var stubborn = program.ask("/stubborn")) {
            program.awaitLine("stubborn is running");
            program.signal("TERM");
            assertThat(rest(stubborn)).isEmpty();
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        try (var program = new Program(3_600_000);
                var stubborn = program.ask("/stubborn")) {
            program.awaitLine("stubborn is running");
            program.signal("TERM");
            program.awaitLine("draining");
            program.signal("TERM");
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
            assertThat(rest(stubborn)).isEmpty();
        }
    }

    @Test
    void withoutALimitTheJvmEndsAsItDoesByItself() throws Exception {
        try (var program = new Program(0);
                var slow = program.ask("/slow")) {
            program.awaitLine("slow is running");
            program.signal("TERM");
            assertThat(program.process.waitFor()).isEqualTo(128 + 15);
            assertThat(rest(slow)).isEmpty();
        }
    }
}
