package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.NettyPeer;
import whirlwind.benchmarks.process.ClientProcess.Sample;

/**
 * CPU time per request of HTTP clients, in interleaved rounds: each round starts every client
 * afresh, warms it up, and measures it alone on its processor, first with many GETs under way and
 * then with one.
 */
public final class ClientComparison {
    private static final List<String> REFERENCES = List.of("netty", "vertx");

    private static final String LOCATION =
            "location = /plaintext { default_type text/plain; return 200 \"Hello, World!\"; }";

    private final Options options;
    private final Servers servers;
    private final Clients clients;
    private final List<String> names;
    private final int inFlight;
    private final Map<Series, List<Sample>> samples = new HashMap<>();

    /** What was measured of a client, round by round. */
    private record Series(String client, int inFlight) {}

    private ClientComparison(Options options) {
        this.options = options;
        this.servers = new Servers(options);
        this.clients = new Clients(servers.jvm());
        this.names = clients.available(List.of(options.text("clients").split(",")));
        this.inFlight = options.number("in-flight");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("rounds", "3", "how often each client is measured"));
        known.add(new Option("seconds", "5", "length of one measurement"));
        known.add(new Option("warmup", "8", "seconds of requests before it, up to eight times"));
        known.add(new Option("in-flight", "100", "requests under way"));
        known.add(new Option("clients", String.join(",", Clients.ALL), "what to measure"));
        known.add(new Option("client-cpu", "0", "the processor for the client"));
        known.add(new Option("server-cpu", "1", "the processor for the server"));
        known.add(new Option("jvm", "", "more flags for the JVMs of the clients"));
        known.add(
                new Option(
                        "server-command",
                        null,
                        "a server of /plaintext, 'COMMAND {port}', in the place of nginx"));
        var options = Options.parse("client", known, arguments);
        if (options != null) {
            new ClientComparison(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        var server = server();
        try (var running = ServerProcess.start(server, options.text("server-cpu"))) {
            for (int round = 0; round < options.number("rounds"); round++) {
                for (int i = 0; i < names.size(); i++) {
                    var name = names.get((i + round) % names.size());
                    System.err.printf("round %d: %s%n", round + 1, name);
                    measure(name, running.url("/plaintext"));
                }
            }
        }
        report(inFlight, server.name());
        if (inFlight > 1) {
            report(1, server.name());
        }
    }

    private Servers.Server server() throws IOException, InterruptedException {
        var command = options.find("server-command");
        if (command != null) {
            return new Servers.Server("the given server", List.of("sh", "-c", "exec " + command));
        }
        if (!Nginx.isInstalled()) {
            System.out.println(
                    "nginx is not installed (on Debian: apt-get install nginx): the server is bare"
                            + " Netty.\n");
            return new Servers.Server(
                    "bare Netty", Servers.java(servers.jvm(), NettyPeer.class, "{port}"));
        }
        var folder = Files.createTempDirectory("whirlwind-bench-nginx-");
        Children.removeAtExit(folder);
        return Nginx.serving(LOCATION, folder);
    }

    private void measure(String name, String url) throws IOException, InterruptedException {
        // Compilers need a processor, so both are its until it is warm.
        var both = options.text("client-cpu") + "," + options.text("server-cpu");
        int seconds = options.number("seconds");
        try (var client = new ClientProcess(name, clients.command(name, url, inFlight), both)) {
            client.warmUp(inFlight, options.number("warmup"));
            client.pin(options.text("client-cpu"));
            keep(name, inFlight, client.sample(inFlight, seconds));
            if (inFlight > 1) {
                keep(name, 1, client.sample(1, seconds));
            }
        }
    }

    private void keep(String client, int inFlight, Sample sample) {
        samples.computeIfAbsent(new Series(client, inFlight), _ -> new ArrayList<>()).add(sample);
    }

    private List<Sample> samples(String client, int inFlight) {
        return samples.getOrDefault(new Series(client, inFlight), List.of());
    }

    // ---- the report ----

    private void report(int inFlight, String server) {
        System.out.printf("GETs of 13 bytes from %s, %d under way%n%n", server, inFlight);
        var heads = new ArrayList<>(List.of("client", "CPU us/request", "min-max"));
        REFERENCES.forEach(reference -> heads.add("x " + reference));
        heads.add("requests/s");
        var table = new Table(heads.toArray(String[]::new));
        for (var name : names) {
            var own = samples(name, inFlight);
            var micros = sorted(own, Sample::micros);
            var cells = new ArrayList<String>();
            cells.add(name);
            cells.add("%.1f".formatted(middle(micros)));
            cells.add("%.1f-%.1f".formatted(micros[0], micros[micros.length - 1]));
            REFERENCES.forEach(reference -> cells.add(ratio(own, samples(reference, inFlight))));
            cells.add("%,.0f".formatted(middle(sorted(own, Sample::perSecond))));
            table.row(cells.toArray(String[]::new));
        }
        table.print();
    }

    /** The median over the rounds of the ratio in the same round, and the least and the most. */
    private static String ratio(List<Sample> own, List<Sample> reference) {
        if (reference.isEmpty()) {
            return "-";
        }
        var ratios = new double[own.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = own.get(round).micros() / reference.get(round).micros();
        }
        Arrays.sort(ratios);
        if (ratios.length == 1) {
            return "%.2f".formatted(ratios[0]);
        }
        return "%.2f (%.2f-%.2f)".formatted(middle(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private static double[] sorted(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.stream().mapToDouble(figure).sorted().toArray();
    }

    private static double middle(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
