package whirlwind.benchmarks;

import java.util.Arrays;
import java.util.List;
import whirlwind.benchmarks.micro.CoroutineReport;
import whirlwind.benchmarks.micro.RoutingReport;
import whirlwind.benchmarks.process.ApplicationComparison;
import whirlwind.benchmarks.process.Attacks;
import whirlwind.benchmarks.process.ClientComparison;
import whirlwind.benchmarks.process.Fanout;
import whirlwind.benchmarks.process.FileDownloads;
import whirlwind.benchmarks.process.HttpComparison;
import whirlwind.benchmarks.process.IdleConnections;
import whirlwind.benchmarks.process.LongPolls;
import whirlwind.benchmarks.process.Resolving;
import whirlwind.benchmarks.process.Uploads;
import whirlwind.benchmarks.web.WebReport;

/** Runs one benchmark by its name, or lists them. */
public final class Benchmarks {
    private static final List<Entry> ALL =
            List.of(
                    new Entry(
                            "app",
                            "CPU time per request of a small service, beside Vert.x and Helidon",
                            ApplicationComparison::main),
                    new Entry(
                            "attacks",
                            "latency of a good client and memory while others attack",
                            Attacks::main),
                    new Entry(
                            "client",
                            "CPU time per request of HTTP clients, beside Netty, Vert.x and Tornado",
                            ClientComparison::main),
                    new Entry(
                            "coroutines",
                            "time to start, end, suspend and resume coroutines, and to set timers",
                            CoroutineReport::main),
                    new Entry(
                            "fanout",
                            "CPU time and latency of a message to many, beside raw Netty and Vert.x",
                            Fanout::main),
                    new Entry(
                            "files",
                            "CPU time per gigabyte of a static file, beside nginx",
                            FileDownloads::main),
                    new Entry(
                            "http",
                            "CPU time and system calls per request, beside raw Netty",
                            HttpComparison::main),
                    new Entry(
                            "idle",
                            "memory per idle WebSocket, beside raw Netty",
                            IdleConnections::main),
                    new Entry(
                            "longpoll",
                            "memory per suspended request and per suspended coroutine",
                            LongPolls::main),
                    new Entry(
                            "resolve",
                            "lag of a loop that resolves 10,000 names, and CPU time per name",
                            Resolving::main),
                    new Entry(
                            "routing",
                            "time from a request to its route, among few routes and many",
                            RoutingReport::main),
                    new Entry(
                            "upload",
                            "throughput and memory of large uploads, beside curl and nginx",
                            Uploads::main),
                    new Entry(
                            "web",
                            "time and allocation of what web applications are made of",
                            WebReport::main));

    private Benchmarks() {}

    private record Entry(String name, String does, Main main) {}

    @FunctionalInterface
    private interface Main {
        void run(List<String> arguments) throws Exception;
    }

    /** Without arguments lists the benchmarks; else the first one is the name of one. */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            list();
            return;
        }
        for (var entry : ALL) {
            if (entry.name().equals(args[0])) {
                run(entry, Arrays.asList(args).subList(1, args.length));
                return;
            }
        }
        System.err.printf("no such benchmark: %s%n%n", args[0]);
        list();
        System.exit(2);
    }

    private static void run(Entry entry, List<String> arguments) throws Exception {
        try {
            entry.main().run(arguments);
        } catch (MisuseException e) {
            System.err.printf("%s: %s%n", entry.name(), e.getMessage());
            System.exit(2);
        }
    }

    private static void list() {
        for (var entry : ALL) {
            System.out.printf("%-12s %s%n", entry.name(), entry.does());
        }
        System.out.printf("%nEach takes --help.%n");
    }
}
