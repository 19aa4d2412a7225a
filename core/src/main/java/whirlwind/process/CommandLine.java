package whirlwind.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What started this process, to start it again. */
public final class CommandLine {
    /** Whole, where {@link ProcessHandle.Info} gives up on a long class path. */
    private static final Path ON_LINUX = Path.of("/proc/self/cmdline");

    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private CommandLine() {}

    /**
     * The program, the options of its JVM and its arguments. Any thread.
     *
     * @throws IllegalStateException if the system doesn't tell, as Windows doesn't
     */
    public static List<String> current() {
        var info = ProcessHandle.current().info();
        var program = info.command();
        var arguments = arguments(info);
        if (program.isEmpty() || arguments == null) {
            throw new IllegalStateException("this system doesn't say what started this process");
        }
        var command = new ArrayList<String>();
        command.add(program.get());
        command.addAll(arguments);
        return command;
    }

    /** The same program and the same JVM options, with servers that share their ports. */
    static List<String> ofWorker() {
        try {
            var command = current();
            command.add(1, "-Dwhirlwind.reusePort=true");
            return command;
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    e.getMessage() + ": give the workers' command in WorkerOptions.withCommand", e);
        }
    }

    private static @Nullable List<String> arguments(ProcessHandle.Info info) {
        try {
            var parts = new String(Files.readAllBytes(ON_LINUX), NATIVE).split("\0", -1);
            return List.of(parts).subList(1, parts.length - 1); // every argument ends with NUL
        } catch (IOException elsewhere) {
            return info.arguments().map(List::of).orElse(null);
        }
    }
}
