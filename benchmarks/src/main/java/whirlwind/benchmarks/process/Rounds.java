package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;

/**
 * CPU time per request of whole servers, in rounds: each starts every server afresh, in another
 * order, and warms it up. Then they take turns on one processor, with the load on another: what
 * slows the machine down for seconds slows all of them down.
 */
final class Rounds {
    /** Options of whatever measures so. */
    static final List<Option> OPTIONS =
            List.of(
                    new Option("rounds", "5", "how often each server is measured"),
                    new Option("turns", "5", "of each server in a round, which count together"),
                    new Option("seconds", "1", "length of one measurement"),
                    new Option("tries", "3", "how often to measure while others disturb it"),
                    new Option(
                            "warmup",
                            "10",
                            "seconds of load before it, for each request; more if needed"),
                    new Option("connections", "64", "keep-alive connections of the load"));

    /** The server that others are compared with. */
    static final String REFERENCE = "netty";

    /** Share of the server's processor that others may take before a measurement is repeated. */
    private static final double QUIET = 0.05;

    /** Share of compilers in a server's CPU time below which it counts as warm. */
    private static final double WARM = 0.1;

    private static final int WARMUPS = 4;

    private final Options options;
    private final Servers measured;
    private final List<Subject> subjects;
    private final int connections;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    Rounds(Options options, Servers measured, List<Subject> subjects) {
        this.options = options;
        this.measured = measured;
        this.subjects = subjects;
        this.connections = options.number("connections");
    }

    /** A server, and what it is asked for. */
    record Subject(Servers.Server server, List<Wrk.Request> requests) {}

    /**
     * One measurement, or all of a round together.
     *
     * @param others share of the server's processor that other programs had
     */
    private record Sample(Wrk load, CpuTimes cpu, double others) {
        static Sample together(List<Sample> turns) {
            return new Sample(
                    Wrk.together(turns.stream().map(Sample::load).toList()),
                    turns.stream().map(Sample::cpu).reduce(CpuTimes.NONE, CpuTimes::plus),
                    turns.stream().mapToDouble(Sample::others).average().orElse(0));
        }

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

    /** Ratios of two figures, one from each round; their median is what counts. */
    record Ratios(List<Double> ofRounds) {
        /** A dash if there is none. */
        String median() {
            return ofRounds.isEmpty()
                    ? "-"
                    : "%.2f".formatted(Rounds.median(ofRounds, Double::doubleValue));
        }

        String range() {
            return Rounds.range(ofRounds, Double::doubleValue);
        }
    }

    void run() throws IOException, InterruptedException {
        Children.program("wrk");
        int rounds = options.number("rounds");
        for (int round = 0; round < rounds; round++) {
            var order = new ArrayList<>(subjects);
            Collections.rotate(order, -round);
            System.err.printf("round %d%n", round + 1);
            measure(order);
        }
    }

    private void measure(List<Subject> order) throws IOException, InterruptedException {
        var running = new LinkedHashMap<Subject, ServerProcess>();
        try {
            for (var subject : order) {
                System.err.printf("  %s warms up%n", subject.server().name());
                running.put(subject, startWarm(subject));
            }
            System.err.println("  all take turns");
            takeTurns(running)
                    .forEach((key, turns) ->
                            samples.computeIfAbsent(key, _ -> new ArrayList<>())
                                    .add(Sample.together(turns)));
        } finally {
            running.values().forEach(ServerProcess::close);
        }
    }

    private Map<String, List<Sample>> takeTurns(Map<Subject, ServerProcess> running)
            throws IOException, InterruptedException {
        var samples = new LinkedHashMap<String, List<Sample>>();
        int turns = options.number("turns");
        for (int turn = 0; turn < turns; turn++) {
            for (var entry : running.entrySet()) {
                var subject = entry.getKey();
                for (var request : subject.requests()) {
                    samples.computeIfAbsent(
                                    key(subject.server().name(), request), _ -> new ArrayList<>())
                            .add(calmestSample(entry.getValue(), request));
                }
            }
        }
        return samples;
    }

    private static String key(String server, Wrk.Request request) {
        return server + " " + request.name();
    }

    private List<Sample> samples(String server, Wrk.Request request) {
        return samples.getOrDefault(key(server, request), List.of());
    }

    /** While it warms up a server may use the load's processor too: compilers need one. */
    ServerProcess startWarm(Subject subject) throws IOException, InterruptedException {
        var process = ServerProcess.start(subject.server(), measured.processors());
        try {
            for (var request : subject.requests()) {
                warmUp(process, request);
            }
            process.pin(options.text("server-cpu"));
            return process;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /** For longer than asked for, within reason, if it still compiles much at the end. */
    private void warmUp(ServerProcess process, Wrk.Request request)
            throws IOException, InterruptedException {
        for (int i = 0; i < WARMUPS; i++) {
            var before = CpuTimes.of(process.pid());
            load(process, request, options.number("warmup"));
            var used = CpuTimes.of(process.pid()).minus(before);
            if (used.jit() < WARM * used.total()) {
                return;
            }
        }
    }

    /** Keeps a server busy for some seconds. */
    Wrk load(ServerProcess process, Wrk.Request request, int seconds)
            throws IOException, InterruptedException {
        return Wrk.run(options.text("load-cpu"), process, request, connections, seconds);
    }

    /** Measures again, some times, while others take the server's processor. */
    private Sample calmestSample(ServerProcess process, Wrk.Request request)
            throws IOException, InterruptedException {
        var calmest = sample(process, request);
        for (int i = 1; i < options.number("tries") && calmest.others() > QUIET; i++) {
            var again = sample(process, request);
            calmest = again.others() < calmest.others() ? again : calmest;
        }
        return calmest;
    }

    private Sample sample(ServerProcess process, Wrk.Request request)
            throws IOException, InterruptedException {
        var processor = options.text("server-cpu");
        var before = CpuTimes.of(process.pid());
        double busyBefore = CpuTimes.busySeconds(processor);
        int seconds = options.number("seconds");
        var load = load(process, request, seconds);
        var cpu = CpuTimes.of(process.pid()).minus(before);
        double busy = CpuTimes.busySeconds(processor) - busyBefore;
        return new Sample(load, cpu, Math.max(0, (busy - cpu.total()) / seconds));
    }

    /** Prints the servers that a request was sent to side by side. */
    void report(Wrk.Request request) {
        System.out.printf("%s, %d keep-alive connections%n%n", request.name(), connections);
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
        for (var subject : subjects) {
            var name = subject.server().name();
            var own = samples(name, request);
            if (own.isEmpty()) {
                continue;
            }
            double micros = median(own, Sample::micros);
            table.row(
                    name,
                    "%.2f".formatted(micros),
                    range(own, Sample::micros),
                    ratios(name, request, REFERENCE, request).median(),
                    nearest(own, micros),
                    "%,.0f".formatted(median(own, s -> s.load().perSecond())),
                    "%.2f".formatted(median(own, s -> s.load().medianMillis())),
                    "%.2f".formatted(median(own, s -> s.load().slowMillis())),
                    "%.0f %%".formatted(100 * median(own, Sample::others)));
        }
        table.print();
    }

    /**
     * CPU time of one server's request to another's, in each round; none if not both were measured.
     */
    Ratios ratios(String server, Wrk.Request request, String other, Wrk.Request otherRequest) {
        var own = samples(server, request);
        var others = samples(other, otherRequest);
        var ratios = new ArrayList<Double>();
        for (int round = 0; round < Math.min(own.size(), others.size()); round++) {
            ratios.add(own.get(round).micros() / others.get(round).micros());
        }
        return new Ratios(ratios);
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

    private static <T> String range(List<T> samples, ToDoubleFunction<T> figure) {
        var all = samples.stream().mapToDouble(figure).summaryStatistics();
        return "%.2f-%.2f".formatted(all.getMin(), all.getMax());
    }

    private static <T> double median(List<T> samples, ToDoubleFunction<T> figure) {
        double[] sorted = samples.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
