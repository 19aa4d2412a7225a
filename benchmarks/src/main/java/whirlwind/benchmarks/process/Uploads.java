package whirlwind.benchmarks.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;

/**
 * One large file, sent by the demo {@code upload} to itself, and by curl to nginx, and crosswise:
 * how long it takes, what CPU time, and what memory at most on both ends.
 */
public final class Uploads {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final int POLL_MILLIS = 100;

    /** Small on purpose: the file is much larger. */
    private static final List<String> JVM =
            List.of(
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-Djdk.trackAllThreads=false",
                    "-Djdk.pollerMode=1");

    private static final String LOCATION =
            "location /files/ { root %s; dav_methods PUT; create_full_put_path on; }";

    private final Options options;
    private final Path folder;
    private final Path file;
    private final Table table =
            new Table("from", "to", "MiB/s", "CPU s (from + to)", "peak RSS MiB (from, to)");

    private Uploads(Options options) throws IOException {
        this.options = options;
        this.folder = Files.createTempDirectory("whirlwind-bench-upload-");
        // nginx, started by root, writes as nobody.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        this.file = folder.resolve("large");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known =
                List.of(
                        new Option("mib", "4096", "size of the file"),
                        new Option("rounds", "1", "how often each pair is measured"),
                        new Option("jvm", "", "more flags for the demo's JVMs"));
        var options = Options.parse("upload", known, arguments);
        if (options != null) {
            new Uploads(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        Children.program("curl");
        Children.program("nginx");
        try {
            try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength((long) options.number("mib") << 20);
            }
            // Into the disk's cache, or else the first sender alone would wait for the disk.
            Files.copy(file, OutputStream.nullOutputStream());
            for (int round = 0; round < options.number("rounds"); round++) {
                for (var to : List.of("whirlwind", "nginx")) {
                    for (var from : List.of("whirlwind", "curl")) {
                        System.err.printf("round %d: %s to %s%n", round + 1, from, to);
                        measure(from, to);
                    }
                }
            }
        } finally {
            Children.run(List.of("rm", "-rf", folder.toString()));
        }
        System.out.printf("A file of %,d MiB%n%n", options.number("mib"));
        table.print();
    }

    private void measure(String from, String to) throws IOException, InterruptedException {
        var receiver =
                to.equals("nginx")
                        ? Nginx.serving(LOCATION.formatted(folder), folder)
                        : demoAsReceiver();
        try (var server = ServerProcess.start(receiver, allProcessors())) {
            var command = from.equals("curl") ? curl(server) : demo("--port", "" + server.port());
            if (!from.equals("curl")) {
                command.add(file.toString());
            }
            var log = ServerProcess.log(from);
            long started = System.nanoTime();
            var sender = Children.startQuiet(allProcessors(), command, log);
            long peak = 0;
            var cpu = new CpuTimes(0, 0, 0, 0);
            while (!sender.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                peak = Math.max(peak, peakKilobytes(sender.toHandle()));
                cpu = orLast(sender.pid(), cpu);
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            Children.stop(sender);
            if (sender.exitValue() != 0) {
                throw new IOException(from + " failed; it said: " + Files.readString(log.toPath()));
            }
            table.row(
                    from,
                    to,
                    "%,.0f".formatted(options.number("mib") / seconds),
                    "%.1f + %.1f".formatted(cpu.total(), CpuTimes.of(server.pid()).total()),
                    "%d, %d".formatted(peak >> 10, family(server.pid()) >> 10));
        } finally {
            Children.run(List.of("rm", "-rf", folder + "/uploads", folder + "/files"));
        }
    }

    /** A process that has just ended has no times any more. */
    private static CpuTimes orLast(long pid, CpuTimes last) {
        try {
            return CpuTimes.of(pid);
        } catch (IOException e) {
            return last;
        }
    }

    /** Of a process or of one that it started, whichever is larger. */
    private static long family(long pid) throws IOException {
        var root = ProcessHandle.of(pid).orElseThrow(() -> new IOException("no process " + pid));
        long most = peakKilobytes(root);
        for (var child : root.descendants().toList()) {
            most = Math.max(most, peakKilobytes(child));
        }
        return most;
    }

    private static long peakKilobytes(ProcessHandle process) {
        try {
            var status = Files.readString(Path.of("/proc", "" + process.pid(), "status"));
            var peak = PEAK.matcher(status);
            return peak.find() ? Long.parseLong(peak.group(1)) : 0;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static String allProcessors() {
        return "0-" + (Runtime.getRuntime().availableProcessors() - 1);
    }

    private List<String> demo(String... arguments) {
        var command = new ArrayList<String>();
        command.add(Children.jdkTool("java"));
        command.addAll(JVM);
        var more = options.text("jvm").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.addAll(List.of("-jar", Servers.demos().toString(), "upload"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** It stores what it gets below the folder where it was started. */
    private Servers.Server demoAsReceiver() {
        var words = demo("--port", "{port}").stream().collect(Collectors.joining(" "));
        return new Servers.Server(
                "whirlwind", List.of("sh", "-c", "cd " + folder + " && exec " + words));
    }

    private List<String> curl(ServerProcess server) {
        return List.of(
                Children.program("curl"),
                "-sS",
                "-f",
                "-o",
                "/dev/null",
                "-T",
                file.toString(),
                server.url("/files/large"));
    }
}
