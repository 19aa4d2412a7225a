package whirlwind.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What started this process, to start it again. */
final class CommandLine {
    /** Whole, where {@link ProcessHandle.Info} gives up on a long class path. */
    private static final Path ON_LINUX = Path.of("/proc/self/cmdline");

    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private CommandLine() {}

    /** The same program and the same JVM options, with servers that share their ports. */
    static List<String> ofWorker() {
        var info = ProcessHandle.current().info();
        var program = info.command();
        var arguments = arguments(info);
        if (program.isEmpty() || arguments == null) {
            throw new IllegalStateException(
                    "this system doesn't say what started this process:"
                            + " give the workers' command in WorkerOptions.withCommand");
        }
        var command = new ArrayList<String>();
        command.add(program.get());
        command.add("-Dwhirlwind.reusePort=true");
        command.addAll(arguments);
        return command;
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
