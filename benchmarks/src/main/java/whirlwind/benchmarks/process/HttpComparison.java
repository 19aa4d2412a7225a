package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;

/** CPU time and system calls per request of the bench demo and of raw Netty. */
public final class HttpComparison {
    private final Options options;
    private final List<Wrk.Request> requests;
    private final List<Rounds.Subject> subjects;
    private final Rounds rounds;

    private HttpComparison(Options options) {
        var servers = new Servers(options);
        this.options = options;
        this.requests = Stream.of(options.text("paths").split(",")).map(Wrk.Request::get).toList();
        this.subjects =
                servers.benching().stream()
                        .map(server -> new Rounds.Subject(server, requests))
                        .toList();
        this.rounds = new Rounds(options, servers, subjects);
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<>(Rounds.OPTIONS);
        known.add(new Option("paths", "/plaintext,/json", "what to get"));
        known.add(new Option("strace-seconds", "3", "length of the count of system calls"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("http", known, arguments);
        if (options != null) {
            new HttpComparison(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        rounds.run();
        requests.forEach(rounds::report);
        if (Children.find("strace") == null) {
            System.out.println("strace is not installed: system calls were not counted.");
        } else {
            reportSystemCalls();
        }
    }

    private void reportSystemCalls() throws IOException, InterruptedException {
        var request = requests.getFirst();
        var calls = new LinkedHashMap<String, Map<String, Double>>();
        for (var subject : subjects) {
            var name = subject.server().name();
            System.err.printf("system calls: %s%n", name);
            try (var process = rounds.startWarm(subject)) {
                int seconds = options.number("strace-seconds");
                calls.put(
                        name,
                        SystemCalls.perRequest(
                                process.pid(),
                                () -> rounds.load(process, request, seconds).requests()));
            }
        }
        System.out.printf("System calls per request, %s%n%n", request.name());
        var names = new TreeSet<String>();
        calls.values().forEach(counts -> names.addAll(counts.keySet()));
        var heads = new ArrayList<>(List.of("call"));
        heads.addAll(calls.keySet());
        var table = new Table(heads.toArray(String[]::new));
        for (var call : names) {
            var figures =
                    calls.values().stream().map(counts -> counts.getOrDefault(call, 0.0)).toList();
            if (figures.stream().anyMatch(figure -> figure >= 0.001)) {
                table.row(row(call, figures));
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
