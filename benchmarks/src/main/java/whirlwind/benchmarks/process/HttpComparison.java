package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;

/**
 * CPU time per request of whole servers, in interleaved rounds: each round starts every server
 * afresh, warms it up, and measures it alone on its processor with the load on another.
 */
public final class HttpComparison {
    private static final String REFERENCE = "netty";

    /** Share of the server's processor that others may take before a measurement is repeated. */
    private static final double QUIET = 0.05;

    /** Share of compilers in a server's CPU time below which it counts as warm. */
    private static final double WARM = 0.1;

    private static final int WARMUPS = 4;

    private final Options options;
    private final Servers measured;
    private final List<Servers.Server> servers;
    private final List<String> paths;
    private final int connections;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private HttpComparison(Options options) {
        this.options = options;
        this.measured = new Servers(options);
        this.servers = measured.benching();
        this.paths = List.of(options.text("paths").split(","));
        this.connections = options.number("connections");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("rounds", "5", "how often each server is measured"));
        known.add(new Option("seconds", "5", "length of one measurement"));
        known.add(new Option("tries", "3", "how often to measure while others disturb it"));
        known.add(
                new Option(
                        "warmup",
                        "10",
                        "seconds of load before it, for each path; more if needed"));
        known.add(new Option("connections", "64", "keep-alive connections of the load"));
        known.add(new Option("paths", "/plaintext,/json", "what to get"));
        known.add(new Option("strace-seconds", "3", "length of the count of system calls"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("http", known, arguments);
        if (options != null) {
            new HttpComparison(options).run();
        }
    }

    /**
     * One measurement.
     *
     * @param others share of the server's processor that other programs had
     */
    private record Sample(Wrk load, CpuTimes cpu, double others) {
        double micros() {
            return cpu.total() * 1e6 / load.requests();
        }

        String parts() {
            double scale = 1e6 / load.requests();
            return "%.1f + %.1f + %.1f + %.1f"
                    .formatted(
                            cpu.user() * scale,
                            cpu.kernel() * scale,
                            cpu.jit() * scale,
                            cpu.collector() * scale);
        }
    }

    private void run() throws IOException, InterruptedException {
        Children.program("wrk");
        int rounds = options.number("rounds");
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < servers.size(); i++) {
                measure(servers.get((i + round) % servers.size()), round + 1);
            }
        }
        paths.forEach(this::report);
        if (Children.find("strace") == null) {
            System.out.println("strace is not installed: system calls were not counted.");
        } else {
            reportSystemCalls();
        }
    }

    private void measure(Servers.Server server, int round)
            throws IOException, InterruptedException {
        System.err.printf("round %d: %s%n", round, server.name());
        try (var process = startWarm(server)) {
            for (var path : paths) {
                samples.computeIfAbsent(key(server, path), _ -> new ArrayList<>())
                        .add(calmestSample(process, path));
            }
        }
    }

    private static String key(Servers.Server server, String path) {
        return server.name() + " " + path;
    }

    /** While it warms up a server may use the load's processor too: compilers need one. */
    private ServerProcess startWarm(Servers.Server server)
            throws IOException, InterruptedException {
        var process = ServerProcess.start(server, measured.processors());
        try {
            for (var path : paths) {
                warmUp(process, path);
            }
            process.pin(options.text("server-cpu"));
            return process;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** For longer than asked for, within reason, if it still compiles much at the end. */
    private void warmUp(ServerProcess process, String path)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARMUPS; i++) {
            var before = CpuTimes.of(process.pid());
            load(process, path, options.number("warmup"));
            var used = CpuTimes.of(process.pid()).minus(before);
            if (used.jit() < WARM * used.total()) {
                return;
            }
        }
    }

    private Wrk load(ServerProcess process, String path, int seconds)
            throws IOException, InterruptedException {
        return Wrk.run(options.text("load-cpu"), process.url(path), connections, seconds);
    }

    /** Measures again, some times, while others take the server's processor. */
    private Sample calmestSample(ServerProcess process, String path)
            throws IOException, InterruptedException {
        var calmest = sample(process, path);
        for (int i = 1; i < options.number("tries") && calmest.others() > QUIET; i++) {
            var again = sample(process, path);
            calmest = again.others() < calmest.others() ? again : calmest;
        }
        return calmest;
    }

    private Sample sample(ServerProcess process, String path)
            throws IOException, InterruptedException {
        var processor = options.text("server-cpu");
        var before = CpuTimes.of(process.pid());
        double busyBefore = CpuTimes.busySeconds(processor);
        int seconds = options.number("seconds");
        var load = load(process, path, seconds);
        var cpu = CpuTimes.of(process.pid()).minus(before);
        double busy = CpuTimes.busySeconds(processor) - busyBefore;
        return new Sample(load, cpu, Math.max(0, (busy - cpu.total()) / seconds));
    }

    private void report(String path) {
        System.out.printf("GET %s, %d keep-alive connections%n%n", path, connections);
        var table =
                new Table(
                        "server",
                        "CPU us/request",
                        "min-max",
                        "x " + REFERENCE,
                        "user + kernel + JIT + GC",
                        "requests/s",
                        "p50 ms",
                        "p99 ms",
                        "others' CPU");
        for (var server : servers) {
            var own = samples.getOrDefault(key(server, path), List.of());
            double micros = median(own, Sample::micros);
            table.row(
                    server.name(),
                    "%.2f".formatted(micros),
                    "%.2f-%.2f"
                            .formatted(
                                    own.stream().mapToDouble(Sample::micros).min().orElse(0),
                                    own.stream().mapToDouble(Sample::micros).max().orElse(0)),
                    "%.2f".formatted(ratio(own, path)),
                    nearest(own, micros),
                    "%,.0f".formatted(median(own, s -> s.load().perSecond())),
                    "%.2f".formatted(median(own, s -> s.load().medianMillis())),
                    "%.2f".formatted(median(own, s -> s.load().slowMillis())),
                    "%.0f %%".formatted(100 * median(own, Sample::others)));
        }
        table.print();
    }

    /** The median over the rounds of the ratio to the reference in the same round. */
    private double ratio(List<Sample> own, String path) {
        var reference = samples.getOrDefault(REFERENCE + " " + path, List.of());
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < own.size(); round++) {
            ratios.add(own.get(round).micros() / reference.get(round).micros());
        }
        return median(ratios, Double::doubleValue);
    }

    /** The parts of the round that is nearest to the median, so that they add up. */
    private static String nearest(List<Sample> samples, double micros) {
        return samples.stream()
                .min((a, b) -> Double.compare(distance(a, micros), distance(b, micros)))
                .map(Sample::parts)
                .orElse("");
    }

    private static double distance(Sample sample, double micros) {
        return Math.abs(sample.micros() - micros);
    }

    private static <T> double median(List<T> samples, ToDoubleFunction<T> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private void reportSystemCalls() throws IOException, InterruptedException {
        var path = paths.getFirst();
        var calls = new LinkedHashMap<String, Map<String, Double>>();
        for (var server : servers) {
            System.err.printf("system calls: %s%n", server.name());
            try (var process = startWarm(server)) {
                int seconds = options.number("strace-seconds");
                calls.put(
                        server.name(),
                        SystemCalls.perRequest(
                                process.pid(), () -> load(process, path, seconds).requests()));
            }
        }
        System.out.printf("System calls per request, GET %s%n%n", path);
        var names = new TreeSet<String>();
        calls.values().forEach(counts -> names.addAll(counts.keySet()));
        var heads = new ArrayList<>(List.of("call"));
        heads.addAll(calls.keySet());
        var table = new Table(heads.toArray(String[]::new));
        for (var name : names) {
            var figures =
                    calls.values().stream().map(counts -> counts.getOrDefault(name, 0.0)).toList();
            if (figures.stream().anyMatch(figure -> figure >= 0.001)) {
                table.row(row(name, figures));
            }
        }
        table.row(row("all", calls.values().stream().map(HttpComparison::sum).toList()));
        table.print();
    }

    private static double sum(Map<String, Double> counts) {
        return counts.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String[] row(String name, List<Double> figures) {
        var cells = new ArrayList<@Nullable String>();
        cells.add(name);
        figures.forEach(figure -> cells.add("%.3f".formatted(figure)));
        return cells.toArray(String[]::new);
    }
}
