package whirlwind.benchmarks.process;

import java.io.IOException;
import java.time.Duration;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.MemorySockets;

/** Idle connections without sockets: one process holds as many as its heap does. */
final class MemoryIdle {
    private static final int WARMUP = 20_000;
    private static final int PUBLISHED = 3;
    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Of the loop and of who reads commands; compilers have their own. */
    private static final double NANOS = 1e9;

    private final Options options;
    private final int connections;
    private final String path;
    private final int pingSeconds;

    MemoryIdle(Options options) {
        this.options = options;
        this.connections = options.number("connections");
        this.path = options.text("path");
        this.pingSeconds = options.number("ping-seconds");
    }

    void run() throws IOException, InterruptedException {
        System.err.printf("%,d connections in memory%n", connections);
        try (var process =
                new ObedientProcess(
                        options.text("server-cpu") + "," + options.text("load-cpu"),
                        new Servers(options, IdleConnections.MEMORY_FLAGS).jvm(),
                        MemorySockets.class,
                        ServerProcess.log("memory"),
                        String.valueOf(pingSeconds))) {
            for (int i = 0; i < options.number("warm-rounds"); i++) {
                process.tell("open %d %s".formatted(WARMUP, path), WARMUP);
                process.tell("publish 2", 2 * WARMUP);
                process.tell("close", 0);
            }
            measure(process);
        }
    }

    private void measure(ObedientProcess process) throws IOException, InterruptedException {
        var before = Memory.of(process.pid());
        var opening = Work.of(process, "open %d %s".formatted(connections, path), connections);
        Thread.sleep(SETTLING);
        var memory = Memory.of(process.pid()).minus(before);
        process.tell("publish 1", connections);
        var publishing = Work.of(process, "publish " + PUBLISHED, PUBLISHED * connections);
        int longestMicros = process.tell("longest");
        process.tell("pings");
        var start = CpuTimes.of(process.pid());
        Thread.sleep(Duration.ofSeconds(pingSeconds));
        var idle = CpuTimes.of(process.pid()).minus(start);
        double load = idle.user() + idle.kernel() + idle.collector();
        print(memory, opening, publishing, longestMicros, load, process.tell("pings"));
    }

    private void print(
            Memory memory,
            Work opening,
            Work publishing,
            int longestMicros,
            double pinging,
            int pings) {
        System.out.printf(
                "Idle connections on %s in memory, %,d connections%n%n", path, connections);
        var table = new Table("", "all", "per connection");
        table.row(
                "heap bytes",
                "%,d".formatted(memory.liveBytes()),
                MemoryReport.each(memory.liveBytes(), connections));
        table.row(
                "RSS bytes",
                "%,d".formatted(memory.residentBytes()),
                MemoryReport.each(memory.residentBytes(), connections));
        table.row("to open, CPU s", "%.2f".formatted(opening.cpu()), each(opening.cpu()));
        double published = publishing.cpu() / PUBLISHED;
        table.row("to publish to all, CPU s", "%.2f".formatted(published), each(published));
        table.row("the same, elapsed s", "%.2f".formatted(publishing.elapsed() / PUBLISHED), "");
        if (path.startsWith("/whirlwind/")) { // else it is the benchmark that publishes
            table.row("longest wait of others, ms", "%.1f".formatted(longestMicros / 1e3), "");
        }
        table.row(
                "%,d pings in %d s, CPU".formatted(pings, pingSeconds),
                "%.1f %% of a core".formatted(100 * pinging / pingSeconds),
                "%.2f us".formatted(pinging * 1e6 / Math.max(1, pings)));
        table.print();
        MemoryReport.classes("in memory", memory, connections, options.number("top"));
    }

    private String each(double seconds) {
        return "%.2f us".formatted(seconds * 1e6 / connections);
    }

    /** What it took to have something done; without compilers. */
    private record Work(double cpu, double elapsed) {
        static Work of(ObedientProcess process, String command, int expected) throws IOException {
            var cpu = CpuTimes.of(process.pid());
            long start = System.nanoTime();
            process.tell(command, expected);
            double elapsed = (System.nanoTime() - start) / NANOS;
            var used = CpuTimes.of(process.pid()).minus(cpu);
            return new Work(used.user() + used.kernel() + used.collector(), elapsed);
        }
    }
}
