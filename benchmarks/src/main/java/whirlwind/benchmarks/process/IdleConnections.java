package whirlwind.benchmarks.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.HeldConnections;
import whirlwind.benchmarks.peer.Subscribers;

/**
 * Memory per idle WebSocket: what a server holds with them, less what it held before. Then what as
 * many of a room cost while nothing is said there, and when something is.
 */
public final class IdleConnections {
    /** Opened and closed first, so that code and buffers are there before the baseline is taken. */
    private static final int WARMUP = 3_000;

    /**
     * A young generation so small that the warm-up touches all of it; else its pages, touched for
     * the first time later, would count as memory of the connections.
     */
    static final String MEMORY_FLAGS = "-Xmn24m";

    private static final String HUB_PATHS = "/whirlwind/ws, /whirlwind/events, /whirlwind/poll";

    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** Things that are said to all before it is measured, and then; each when all have the last. */
    private static final int MESSAGES = 10;

    private final Options options;
    private final int connections;

    private IdleConnections(Options options) {
        this.options = options;
        this.connections = options.number("connections");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("connections", "18000", "how many; a process may have a limit"));
        known.add(new Option("path", "/echo", "or /read, /events; in memory /read, " + HUB_PATHS));
        known.add(new Option("servers", "whirlwind,netty", "of these and vertx, tornado"));
        known.add(new Option("warm-rounds", "2", "of 3,000 connections; 20,000 in memory"));
        known.add(Option.flag("in-memory", "without sockets, in one process of ours"));
        known.add(new Option("ping-seconds", "30", "between pings, in memory"));
        known.add(Option.flag("workers", "over several servers of ours, 18,000 each"));
        known.add(new Option("hold", "35", "seconds to watch them, not in memory"));
        known.add(new Option("top", "25", "classes to show"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("idle", known, arguments);
        if (options == null) {
            return;
        }
        if (options.has("in-memory")) {
            new MemoryIdle(options).run();
        } else if (options.has("workers")) {
            new WorkerIdle(options).run();
        } else {
            new IdleConnections(options).run();
        }
    }

    /** What a server holds; and what it did, which isn't asked of all. */
    private record Result(Memory memory, @Nullable Activity activity) {}

    /**
     * What a room costs.
     *
     * @param idle the share of a processor while nothing is said
     * @param seconds until what is said has come to all
     * @param cpu seconds of a processor for that
     */
    private record Activity(double idle, double seconds, double cpu) {}

    private void run() throws IOException, InterruptedException {
        var results = new LinkedHashMap<String, Result>();
        var servers = new Servers(options, MEMORY_FLAGS);
        var names = streams() ? "whirlwind" : options.text("servers");
        for (var name : names.split(",")) {
            var server = servers.holding(name);
            System.err.printf("%,d connections: %s%n", connections, server.name());
            results.put(server.name(), measure(server));
        }
        System.out.printf(
                "Idle connections on %s, %,d of them%n%n", options.text("path"), connections);
        var table =
                new Table(
                        "server",
                        "heap bytes/connection",
                        "RSS bytes/connection",
                        "CPU while idle",
                        "publish to all, ms",
                        "CPU ms");
        results.forEach((name, result) -> row(table, name, result));
        table.print();
        results.forEach((name, result) ->
                MemoryReport.classes(name, result.memory, connections, options.number("top")));
    }

    private void row(Table table, String name, Result result) {
        var activity = result.activity;
        table.row(
                name,
                MemoryReport.each(result.memory.liveBytes(), connections),
                MemoryReport.each(result.memory.residentBytes(), connections),
                activity == null ? "-" : "%.2f %%".formatted(100 * activity.idle),
                activity == null ? "-" : "%.0f".formatted(1e3 * activity.seconds),
                activity == null ? "-" : "%.0f".formatted(1e3 * activity.cpu));
    }

    /** Streams of server-sent events in the place of WebSockets; only ours has them. */
    private boolean streams() {
        return options.text("path").equals("/events");
    }

    private Result measure(Servers.Server server) throws IOException, InterruptedException {
        var path = options.text("path");
        var begin = streams() ? "get " : "upgrade ";
        try (var process = ServerProcess.start(server, options.text("server-cpu"));
                var clients =
                        new ObedientProcess(
                                options.text("load-cpu"),
                                List.of(),
                                HeldConnections.class,
                                ServerProcess.log("clients"),
                                String.valueOf(process.port()))) {
            for (int i = 0; i < options.number("warm-rounds"); i++) {
                clients.tell("open " + WARMUP, WARMUP);
                clients.tell(begin + path, WARMUP);
                clients.tell("close", WARMUP);
            }
            Thread.sleep(SETTLING);
            var before = Memory.of(process.pid());
            clients.tell("open " + connections, connections);
            clients.tell(begin + path, connections);
            Thread.sleep(SETTLING);
            var memory = Memory.of(process.pid()).minus(before);
            if (!streams()) { // which are sent comments
                clients.tell("alive", connections);
            }
            clients.tell("close", connections);
            return new Result(memory, path.equals("/echo") ? watch(process) : null);
        }
    }

    private Activity watch(ServerProcess process) throws IOException, InterruptedException {
        try (var members =
                new ObedientProcess(
                        options.text("load-cpu"),
                        List.of("-Xmx1g", "-XX:+UseSerialGC"),
                        Subscribers.class,
                        ServerProcess.log("members"),
                        String.valueOf(process.port()))) {
            members.tell("room " + connections, connections);
            members.tell("publish " + MESSAGES, MESSAGES * connections);
            var hold = Duration.ofSeconds(options.number("hold"));
            double cpu = cpu(process);
            Thread.sleep(hold);
            double idle = Math.max(0, cpu(process) - cpu) / hold.toSeconds();
            cpu = cpu(process);
            long start = System.nanoTime();
            members.tell("publish " + MESSAGES, MESSAGES * connections);
            double seconds = (System.nanoTime() - start) / 1e9;
            members.tell("alive 0", connections);
            return new Activity(idle, seconds / MESSAGES, (cpu(process) - cpu) / MESSAGES);
        }
    }

    /** Without what compilers take. */
    private static double cpu(ServerProcess process) throws IOException {
        var times = CpuTimes.of(process.pid());
        return times.total() - times.jit();
    }
}
