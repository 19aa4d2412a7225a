package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.NameServer;
import whirlwind.benchmarks.peer.Names;

/**
 * What it does to a loop that it resolves many names, by the asynchronous resolver and by the
 * system's on threads, in rounds, each beside the same loop without work. The name server is a
 * process of its own.
 */
public final class Resolving {
    private final Options options;
    private final Servers servers;
    private final int names;

    private Resolving(Options options) {
        this.options = options;
        this.servers = new Servers(options);
        this.names = options.number("names");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("rounds", "7", "how often all names are resolved and measured"));
        known.add(new Option("names", "10000", "how many names in a round"));
        known.add(new Option("in-flight", "200", "questions under way"));
        known.add(new Option("warmup", "10", "rounds before"));
        known.add(new Option("client-cpu", "0", "the processor for the loop"));
        known.add(new Option("server-cpu", "1", "the processor for the name server"));
        known.add(new Option("load-cpu", "0", "as client-cpu, while processes start"));
        known.add(new Option("jvm", "", "more flags for the JVMs"));
        var options = Options.parse("resolve", known, arguments);
        if (options != null) {
            new Resolving(options).run();
        }
    }

    /** One round: times in milliseconds, CPU in microseconds for each name. */
    private record Sample(double p50, double p99, double max, double cpu, double perSecond) {}

    /** A loop, and what was measured of it. */
    private record Resolved(String name, ObedientProcess loop, List<Sample> samples)
            implements AutoCloseable {
        @Override
        public void close() {
            loop.close();
        }
    }

    private void run() throws IOException, InterruptedException {
        var server =
                new Servers.Server(
                        "name-server",
                        Servers.java(
                                servers.jvm(), NameServer.class, "{port}", SystemNames.SERVER));
        var system = new SystemNames();
        var idle = new ArrayList<Sample>();
        try (var process = ServerProcess.start(server, options.text("server-cpu"));
                var async = resolved("AsyncResolver", command(String.valueOf(process.port())))) {
            if (!system.work()) {
                System.err.println(
                        "ThreadedResolver is left out: to point the system's resolver at a name"
                                + " server on loopback takes root and unshare");
                measure(idle, List.of(async));
                return;
            }
            try (var threaded =
                    resolved("ThreadedResolver", system.command(command(Names.SYSTEM)))) {
                measure(idle, List.of(async, threaded));
            }
        }
    }

    private List<String> command(String whom) {
        return Servers.java(servers.jvm(), Names.class, whom, options.text("in-flight"));
    }

    private Resolved resolved(String name, List<String> command) throws IOException {
        var both = options.text("client-cpu") + "," + options.text("server-cpu");
        var loop = new ObedientProcess(both, command, ServerProcess.log("names"));
        return new Resolved(name, loop, new ArrayList<>());
    }

    private void measure(List<Sample> idle, List<Resolved> loops)
            throws IOException, InterruptedException {
        for (var each : loops) {
            for (int i = 0; i < options.number("warmup"); i++) {
                each.loop.tell("resolve " + names + " warm" + i + "-");
            }
            Children.pin(each.loop.pid(), options.text("client-cpu"));
        }
        for (int round = 0; round < options.number("rounds"); round++) {
            System.err.printf("round %d%n", round + 1);
            idle.add(sample(loops.getFirst().loop, "idle 1000", 0));
            for (var each : loops) {
                var command = "resolve " + names + " r" + round + "-";
                each.samples.add(sample(each.loop, command, names));
            }
        }
        report(idle, loops);
    }

    private Sample sample(ObedientProcess loop, String command, int expected) throws IOException {
        var cpuBefore = CpuTimes.of(loop.pid());
        long started = System.nanoTime();
        loop.tell(command, expected);
        double seconds = (System.nanoTime() - started) / 1e9;
        double cpu = CpuTimes.of(loop.pid()).minus(cpuBefore).total();
        return new Sample(
                lag(loop, 500),
                lag(loop, 990),
                lag(loop, 1000),
                expected == 0 ? 0 : cpu * 1e6 / expected,
                expected / seconds);
    }

    private static double lag(ObedientProcess loop, int perMille) throws IOException {
        return loop.tell("lag " + perMille) / 1e3;
    }

    private void report(List<Sample> idle, List<Resolved> loops) {
        System.out.printf(
                "%,d names, %s under way; lag of a timer of 1 ms, medians of %d rounds%n%n",
                names, options.text("in-flight"), idle.size());
        var table = new Table("loop", "p50 ms", "p99 ms", "max ms", "CPU us/name", "names/s");
        table.row("idle", lag(idle, Sample::p50), lag(idle, Sample::p99), worst(idle), "-", "-");
        for (var each : loops) {
            var samples = each.samples;
            table.row(
                    each.name,
                    lag(samples, Sample::p50),
                    lag(samples, Sample::p99),
                    worst(samples),
                    "%.1f".formatted(median(samples, Sample::cpu)),
                    "%,.0f".formatted(median(samples, Sample::perSecond)));
        }
        table.print();
    }

    private static String lag(List<Sample> samples, ToDoubleFunction<Sample> which) {
        return "%.2f".formatted(median(samples, which));
    }

    private static String worst(List<Sample> samples) {
        return "%.2f".formatted(samples.stream().mapToDouble(Sample::max).max().orElse(0));
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> which) {
        var sorted = samples.stream().mapToDouble(which).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
