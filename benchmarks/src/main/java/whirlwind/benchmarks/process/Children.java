package whirlwind.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.MisuseException;

/** The processes that a measurement starts: found, pinned to processors, and ended in any case. */
final class Children {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final int PATIENCE_SECONDS = 10;

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private Children() {}

    /** Starts a program on some processors; what it says on standard error goes to a log file. */
    static Process start(String processors, List<String> command, File log) throws IOException {
        return start(processors, command, log, ProcessBuilder.Redirect.PIPE);
    }

    /** The same for a program whose output nobody reads. */
    static Process startQuiet(String processors, List<String> command, File log)
            throws IOException {
        return start(processors, command, log, ProcessBuilder.Redirect.appendTo(log));
    }

    private static Process start(
            String processors, List<String> command, File log, ProcessBuilder.Redirect output)
            throws IOException {
        var pinned = new ArrayList<>(List.of(program("taskset"), "-c", processors));
        pinned.addAll(command);
        var process =
                new ProcessBuilder(pinned)
                        .redirectOutput(output)
                        .redirectError(ProcessBuilder.Redirect.appendTo(log))
                        .start();
        RUNNING.add(process);
        return process;
    }

    /** Ends a process and those that it started, gently first. */
    static void stop(Process process) {
        var family = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
        RUNNING.remove(process);
    }

    /** Removes a folder, and what is in it, when the benchmark ends. */
    static void removeAtExit(Path folder) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            try {
                                run(List.of("rm", "-rf", folder.toString()));
                            } catch (IOException | InterruptedException e) {
                                System.err.println("left behind: " + folder);
                            }
                        }));
    }

    /** A resource beside a class as a file, which is deleted when the benchmark ends. */
    static Path extracted(Class<?> neighbour, String resource) {
        try (var content = neighbour.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IllegalStateException("no resource " + resource);
            }
            var file = Files.createTempFile("whirlwind-bench-", "-" + resource);
            file.toFile().deleteOnExit();
            Files.write(file, content.readAllBytes());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and returns what it says, in error too. */
    static String run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /** Moves a running process, all its threads, to other processors. */
    static void pin(long pid, String processors) throws IOException, InterruptedException {
        run(List.of(program("taskset"), "-a", "-c", "-p", processors, String.valueOf(pid)));
    }

    /** A tool of the JDK that runs this. */
    static String jdkTool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** The path of an installed program, whose Debian package is named alike or as given. */
    static String program(String name) {
        var found = find(name);
        if (found == null) {
            var debian = name.equals("taskset") ? "util-linux" : name;
            throw new MisuseException(
                    "%s is not installed (on Debian: apt-get install %s)".formatted(name, debian));
        }
        return found;
    }

    static @Nullable String find(String name) {
        for (var folder : System.getenv("PATH").split(File.pathSeparator)) {
            var file = Path.of(folder, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }
}
