package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Subscribers;

/** What it costs to bring a message to many, and how long it takes. */
public final class Fanout {
    /** Ratios are to this one's in the same round. */
    private static final String REFERENCE = "netty";

    private final Options options;
    private final Servers servers;
    private final int subscribers;

    private Fanout(Options options) {
        this.options = options;
        this.servers = new Servers(options);
        this.subscribers = options.number("subscribers");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("servers", "room,hub,netty,vertx", "which, in their order"));
        known.add(new Option("subscribers", "10000", "of one room or topic"));
        known.add(new Option("warmup", "60", "messages before"));
        known.add(new Option("messages", "40", "one after the other, for the cost"));
        known.add(new Option("rate", "4", "messages a second, for the latency"));
        known.add(new Option("seconds", "4", "of these"));
        known.add(new Option("rounds", "3", "with fresh servers each"));
        known.addAll(Servers.OPTIONS);
        var options = Options.parse("fanout", known, arguments);
        if (options != null) {
            new Fanout(options).run();
        }
    }

    /** Of one server in one round; the latencies in milliseconds. */
    private record Result(double cpu, double user, double perSecond, double median, double high) {}

    private void run() throws IOException, InterruptedException {
        var names = Arrays.asList(options.text("servers").split(","));
        var results = new LinkedHashMap<String, List<Result>>();
        names.forEach(name -> results.put(name, new ArrayList<>()));
        for (int round = 1; round <= options.number("rounds"); round++) {
            var order = new ArrayList<>(names);
            Collections.rotate(order, round);
            for (var name : order) {
                System.err.printf("round %d: %s%n", round, name);
                results.computeIfAbsent(name, _ -> new ArrayList<>()).add(measure(name));
            }
        }
        print(results);
    }

    private Result measure(String name) throws IOException, InterruptedException {
        try (var process = ServerProcess.start(servers.broadcasting(name), servers.processors());
                var load =
                        new ObedientProcess(
                                options.text("load-cpu"),
                                List.of("-Xmx1g", "-XX:+UseSerialGC"),
                                Subscribers.class,
                                ServerProcess.log("subscribers"),
                                String.valueOf(process.port()))) {
            load.tell((name.equals("hub") ? "hub " : "room ") + subscribers, subscribers);
            publish(load, options.number("warmup"));
            process.pin(options.text("server-cpu"));
            publish(load, options.number("messages")); // warm on one processor, too
            var before = CpuTimes.of(process.pid());
            long start = System.nanoTime();
            publish(load, options.number("messages"));
            double elapsed = (System.nanoTime() - start) / 1e9;
            var used = CpuTimes.of(process.pid()).minus(before);
            double deliveries = (double) options.number("messages") * subscribers;
            load.tell("forget 0", 0);
            int steady = options.number("rate") * options.number("seconds") * subscribers;
            load.tell(
                    "steady %d %d".formatted(options.number("rate"), options.number("seconds")),
                    steady);
            return new Result(
                    used.total() * 1e6 / deliveries,
                    used.user() * 1e6 / deliveries,
                    deliveries / elapsed,
                    load.tell("latency 500") / 1e3,
                    load.tell("latency 990") / 1e3);
        }
    }

    private void publish(ObedientProcess load, int messages) throws IOException {
        load.tell("publish " + messages, messages * subscribers);
    }

    private void print(Map<String, List<Result>> results) {
        System.out.printf(
                "A message to %,d subscribers; latency at %d a second%n%n",
                subscribers, options.number("rate"));
        var table =
                new Table(
                        "server",
                        "CPU us/delivery",
                        "of it user",
                        "x " + REFERENCE,
                        "deliveries/s",
                        "p50 ms",
                        "p99 ms");
        results.forEach((name, rounds) ->
                table.row(
                        name,
                        "%.2f".formatted(median(rounds.stream().map(Result::cpu).toList())),
                        "%.2f".formatted(median(rounds.stream().map(Result::user).toList())),
                        ratio(rounds, results.get(REFERENCE)),
                        "%,.0f".formatted(median(rounds.stream().map(Result::perSecond).toList())),
                        "%.1f".formatted(median(rounds.stream().map(Result::median).toList())),
                        "%.1f".formatted(median(rounds.stream().map(Result::high).toList()))));
        table.print();
    }

    private static String ratio(List<Result> ours, @Nullable List<Result> reference) {
        if (reference == null) {
            return "-";
        }
        var ratios = new ArrayList<Double>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i).cpu() / reference.get(i).cpu());
        }
        return "%.2f".formatted(median(ratios));
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
