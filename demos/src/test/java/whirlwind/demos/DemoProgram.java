package whirlwind.demos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The demos as a process, with the arguments that a user would give. */
public final class DemoProgram implements AutoCloseable {
    private static final String LISTENING = "listening on ";

    final Process process;

    public DemoProgram(String... arguments) throws IOException {
        var command = new ArrayList<String>();
        // A shell's background jobs ignore INT, and would hand that down.
        command.addAll(List.of("env", "--default-signal=INT,TERM"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // start soon
        // What the watchdog has to say depends on what else the machine does.
        command.add("-Dwhirlwind.stallThreshold=0");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Demos.class.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).start();
    }

    /** Waits for the line that says where it listens. */
    public URI address() throws IOException {
        var line = process.inputReader().readLine();
        if (line == null) {
            throw new AssertionError("it ended: " + errors());
        }
        assertThat(line).matches(LISTENING + "(http|tcp)://localhost:\\d+");
        return URI.create(line.substring(LISTENING.length()));
    }

    public String output() throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    public String errors() throws IOException {
        return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    public int status() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
