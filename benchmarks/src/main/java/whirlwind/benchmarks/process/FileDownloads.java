package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.FileServer;

/**
 * One large static file over loopback, fetched by curl again and again: CPU time of the server for
 * a gigabyte, beside nginx with {@code sendfile}.
 */
public final class FileDownloads {
    private static final int WARM_UP = 200;
    private static final double GIGABYTE = 1e9;

    private static final String NGINX =
            """
            daemon off;
            worker_processes 1;
            pid %1$s/nginx.pid;
            error_log stderr crit;
            events { worker_connections 100; }
            http {
                access_log off;
                sendfile on;
                server {
                    listen 127.0.0.1:PORT;
                    root %1$s;
                }
            }
            """;

    private final Options options;
    private final Servers servers;
    private final Path folder;
    private final Table table =
            new Table("server", "round", "CPU s/GB", "of it kernel", "GB/s", "others' CPU %");

    private FileDownloads(Options options) throws IOException {
        this.options = options;
        this.servers = new Servers(options);
        this.folder = Files.createTempDirectory("whirlwind-bench-files-");
        // nginx, started by root, reads as nobody.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<>(Servers.OPTIONS);
        known.removeIf(option -> option.name().endsWith("command"));
        known.add(new Option("megabytes", "100", "size of the file"));
        known.add(new Option("times", "50", "how often it is fetched in a round"));
        known.add(new Option("rounds", "3", "how often each server is measured"));
        var options = Options.parse("files", known, arguments);
        if (options != null) {
            new FileDownloads(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        Children.program("curl");
        Children.program("nginx");
        try {
            writeFile();
            for (int round = 1; round <= options.number("rounds"); round++) {
                for (var server : List.of(whirlwind(), nginx())) {
                    System.err.printf("round %d: %s%n", round, server.name());
                    measure(server, round);
                }
            }
        } finally {
            Children.run(List.of("rm", "-rf", folder.toString()));
        }
        System.out.printf(
                "A file of %,d MB, %d times on one connection%n%n",
                options.number("megabytes"), options.number("times"));
        table.print();
    }

    private void writeFile() throws IOException {
        var random = new Random(1);
        var megabyte = new byte[1_000_000];
        try (var out = Files.newOutputStream(folder.resolve("large"))) {
            for (int i = 0; i < options.number("megabytes"); i++) {
                random.nextBytes(megabyte);
                out.write(megabyte);
            }
        }
    }

    private void measure(Servers.Server server, int round)
            throws IOException, InterruptedException {
        var processor = options.text("server-cpu");
        try (var running = ServerProcess.start(server, servers.processors())) {
            fetch(running, WARM_UP);
            running.pin(processor);
            int times = options.number("times");
            var before = CpuTimes.of(running.pid());
            double busyBefore = CpuTimes.busySeconds(processor);
            long started = System.nanoTime();
            fetch(running, times);
            double seconds = (System.nanoTime() - started) / 1e9;
            var used = CpuTimes.of(running.pid()).minus(before);
            double others = CpuTimes.busySeconds(processor) - busyBefore - used.total();
            double gigabytes = options.number("megabytes") * 1e6 * times / GIGABYTE;
            table.row(
                    server.name(),
                    "" + round,
                    "%.3f".formatted(used.total() / gigabytes),
                    "%.3f".formatted(used.kernel() / gigabytes),
                    "%.2f".formatted(gigabytes / seconds),
                    "%.0f".formatted(100 * Math.max(0, others) / seconds));
        }
    }

    /** By one curl, which keeps its connection. */
    private void fetch(ServerProcess server, int times) throws IOException, InterruptedException {
        var log = ServerProcess.log("curl");
        var curl =
                Children.startQuiet(
                        options.text("load-cpu"),
                        List.of(
                                Children.program("curl"),
                                "-sS",
                                "-f",
                                "-o",
                                "/dev/null",
                                server.url("/large?[1-" + times + "]")),
                        log);
        curl.waitFor();
        Children.stop(curl);
        if (curl.exitValue() != 0) {
            throw new IOException("curl failed; it said: " + Files.readString(log.toPath()));
        }
    }

    private Servers.Server whirlwind() {
        return new Servers.Server(
                "whirlwind",
                Servers.java(servers.jvm(), FileServer.class, "{port}", folder.toString()));
    }

    private Servers.Server nginx() throws IOException {
        var written = folder.resolve("nginx.conf");
        Files.writeString(written, NGINX.formatted(folder));
        var script = "sed s/PORT/{port}/ %1$s > %1$s.used; exec %2$s -p %3$s -c %1$s.used";
        return new Servers.Server(
                "nginx",
                List.of("sh", "-c", script.formatted(written, Children.program("nginx"), folder)));
    }
}
