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
import whirlwind.benchmarks.peer.BareCoroutines;
import whirlwind.benchmarks.peer.HeldConnections;

/**
 * Memory per request that waits: connections are opened and answered once, so that they are idle;
 * then each sends a request that the server leaves waiting. The difference is the request's and its
 * coroutine's. Beside it, coroutines that wait without a request.
 */
public final class LongPolls {
    private static final int WARMUP = 3_000;

    private static final int WARMUP_CONNECTIONS = 64;

    /** How often the coroutines of a warm-up come and go. */
    private static final int WARM_ROUNDS = 100;

    private static final Duration SETTLING = Duration.ofSeconds(2);

    /** What a coroutine is made of, wherever it runs. */
    private static final List<String> COROUTINE =
            List.of("jdk.internal.vm.", "java.lang.VirtualThread", "whirlwind.loop.");

    private final Options options;
    private final Servers servers;
    private final int requests;

    private LongPolls(Options options) {
        this.options = options;
        this.servers = new Servers(options, IdleConnections.MEMORY_FLAGS);
        this.requests = options.number("requests");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("requests", "10000", "how many; a process may have a limit"));
        known.add(new Option("path", "/wait", "of the request that waits"));
        known.add(new Option("warmup", "8", "seconds of load before, four times"));
        known.add(new Option("warm-path", "/pause", "of one that waits a moment"));
        known.add(new Option("idle-path", "/plaintext", "of the one that doesn't"));
        known.add(new Option("top", "25", "classes to show"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("longpoll", known, arguments);
        if (options != null) {
            new LongPolls(options).run();
        }
    }

    /** Per connection that is idle, and what a waiting request adds to that. */
    private record Result(Memory idle, Memory waiting) {}

    private void run() throws IOException, InterruptedException {
        var results = new LinkedHashMap<String, Result>();
        for (var server : servers.waiting()) {
            System.err.printf("%,d requests: %s%n", requests, server.name());
            results.put(server.name(), measure(server));
        }
        System.err.printf("%,d coroutines%n", requests);
        var bare = measureBare();
        System.out.printf("Requests that wait, %,d of them%n%n", requests);
        var table =
                new Table(
                        "server",
                        "heap: idle connection",
                        "+ request that waits",
                        "of it coroutine",
                        "RSS: idle connection",
                        "+ request that waits");
        results.forEach((name, result) ->
                table.row(
                        name,
                        each(result.idle().liveBytes()),
                        each(result.waiting().liveBytes()),
                        each(result.waiting().liveBytes(LongPolls::isOfCoroutine)),
                        each(result.idle().residentBytes()),
                        each(result.waiting().residentBytes())));
        table.row(
                "bare coroutine",
                "-",
                each(bare.liveBytes()),
                each(bare.liveBytes(LongPolls::isOfCoroutine)),
                "-",
                each(bare.residentBytes()));
        table.print();
        int top = options.number("top");
        results.forEach((name, result) ->
                MemoryReport.classes(
                        name + ": a request that waits", result.waiting(), requests, top));
        MemoryReport.classes("bare coroutine", bare, requests, top);
    }

    private String each(@Nullable Long bytes) {
        return MemoryReport.each(bytes, requests);
    }

    private static boolean isOfCoroutine(String type) {
        return COROUTINE.stream().anyMatch(type::startsWith);
    }

    private Result measure(Servers.Server server) throws IOException, InterruptedException {
        var idlePath = options.text("idle-path");
        var path = options.text("path");
        try (var process = ServerProcess.start(server, servers.processors());
                var clients =
                        new ObedientProcess(
                                options.text("load-cpu"),
                                List.of(),
                                HeldConnections.class,
                                ServerProcess.log("clients"),
                                String.valueOf(process.port()))) {
            warmUp(process);
            clients.tell("open " + WARMUP, WARMUP);
            clients.tell("get " + options.text("warm-path"), WARMUP);
            clients.tell("get " + idlePath, WARMUP);
            clients.tell("close", WARMUP);
            Thread.sleep(SETTLING);
            var before = Memory.of(process.pid());
            clients.tell("open " + requests, requests);
            clients.tell("get " + idlePath, requests);
            Thread.sleep(SETTLING);
            var idle = Memory.of(process.pid());
            clients.tell("send " + path, requests);
            Thread.sleep(SETTLING);
            var waiting = Memory.of(process.pid());
            clients.tell("alive", requests);
            return new Result(idle.minus(before), waiting.minus(idle));
        }
    }

    /** Both paths in turn: compiled code that has seen only one is thrown away by the other. */
    private void warmUp(ServerProcess process) throws IOException, InterruptedException {
        int seconds = options.number("warmup");
        for (int i = 0; i < 2; i++) {
            for (var path : List.of(options.text("warm-path"), options.text("idle-path"))) {
                Wrk.run(
                        options.text("load-cpu"),
                        process,
                        Wrk.Request.get(path),
                        WARMUP_CONNECTIONS,
                        seconds);
            }
        }
    }

    private Memory measureBare() throws IOException, InterruptedException {
        try (var process =
                new ObedientProcess(
                        servers.processors(),
                        servers.jvm(),
                        BareCoroutines.class,
                        ServerProcess.log("coroutines"))) {
            for (int i = 0; i < WARM_ROUNDS; i++) {
                process.tell("finish " + WARMUP, WARMUP);
            }
            var before = Memory.of(process.pid());
            process.tell("spawn " + requests, requests);
            var after = Memory.of(process.pid());
            return after.minus(before);
        }
    }
}
