package whirlwind.testing;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM, with the class path, the flags and so the engine of this one. */
public final class JavaProcess {
    /** What makes a JVM that lives for a second or two start in half of the time. */
    private static final List<String> SHORT_LIVED =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

    private JavaProcess() {}

    /** A program that is to be started. */
    public static ProcessBuilder of(Class<?> program, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(SHORT_LIVED);
        // What the watchdog has to say depends on what else the machine does.
        command.add("-Dwhirlwind.stallThreshold=0");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
