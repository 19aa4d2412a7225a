package whirlwind.benchmarks.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import whirlwind.benchmarks.MisuseException;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Gets;
import whirlwind.benchmarks.peer.NettyPeer;

/**
 * CPU time per request of HTTP clients, in interleaved rounds: each round starts every client
 * afresh, warms it up, and measures it alone on its processor, first with many GETs under way and
 * then with one.
 */
public final class ClientComparison {
    private static final String REFERENCE = "netty";

    private static final List<String> CLIENTS =
            List.of(REFERENCE, "coroutines", "futures", "vertx");

    private static final String NGINX =
            """
            daemon off;
            worker_processes 1;
            pid %1$s/nginx.pid;
            error_log stderr crit;
            events { worker_connections 10000; }
            http {
                access_log off;
                keepalive_requests 1000000000;
                keepalive_timeout 600s;
                client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
                uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                server {
                    listen 127.0.0.1:PORT backlog=65535;
                    location = /plaintext { default_type text/plain; return 200 "Hello, World!"; }
                }
            }
            """;

    private final Options options;
    private final Servers servers;
    private final int inFlight;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    private ClientComparison(Options options) {
        this.options = options;
        this.servers = new Servers(options);
        this.inFlight = options.number("in-flight");
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<Option>();
        known.add(new Option("rounds", "3", "how often each client is measured"));
        known.add(new Option("seconds", "5", "length of one measurement"));
        known.add(new Option("warmup", "15", "seconds of requests before it"));
        known.add(new Option("in-flight", "100", "requests under way"));
        known.add(new Option("clients", String.join(",", CLIENTS), "what to measure"));
        known.add(new Option("client-cpu", "0", "the processor for the client"));
        known.add(new Option("server-cpu", "1", "the processor for the server"));
        known.add(new Option("load-cpu", "0", "as client-cpu, while the server starts"));
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

    private record Sample(double requests, double seconds, CpuTimes cpu) {
        double micros() {
            return cpu.total() * 1e6 / requests;
        }

        double perSecond() {
            return requests / seconds;
        }
    }

    private void run() throws IOException, InterruptedException {
        var clients = List.of(options.text("clients").split(","));
        try (var server = ServerProcess.start(server(), options.text("server-cpu"))) {
            for (int round = 0; round < options.number("rounds"); round++) {
                for (int i = 0; i < clients.size(); i++) {
                    var client = clients.get((i + round) % clients.size());
                    System.err.printf("round %d: %s%n", round + 1, client);
                    measure(client, server.url("/plaintext"));
                }
            }
        }
        report(inFlight, clients);
        if (inFlight > 1) {
            report(1, clients);
        }
    }

    private Servers.Server server() throws IOException {
        var command = options.find("server-command");
        if (command != null) {
            return new Servers.Server("server", List.of("sh", "-c", "exec " + command));
        }
        var nginx = Children.find("nginx");
        if (nginx == null) {
            System.out.println("nginx is not installed: the server is bare Netty.\n");
            return new Servers.Server(
                    "server", Servers.java(servers.jvm(), NettyPeer.class, "{port}"));
        }
        var folder = Files.createTempDirectory("whirlwind-bench-nginx-");
        var written = folder.resolve("nginx.conf");
        Files.writeString(written, NGINX.formatted(folder));
        // The port is known when the server is started, and put into a copy of the file then.
        var script = "sed s/PORT/{port}/ %1$s > %1$s.used; exec %2$s -p %3$s -c %1$s.used";
        return new Servers.Server(
                "nginx", List.of("sh", "-c", script.formatted(written, nginx, folder)));
    }

    private void measure(String client, String url) throws IOException, InterruptedException {
        var command =
                Servers.java(servers.jvm(), Gets.class, client, url, String.valueOf(inFlight));
        var both = options.text("client-cpu") + "," + options.text("server-cpu");
        var process = Children.start(both, command, ServerProcess.log("client-" + client));
        try (var out = process.outputWriter(StandardCharsets.UTF_8);
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8))) {
            Thread.sleep(1000L * options.number("warmup"));
            Children.pin(process.pid(), options.text("client-cpu"));
            sample(client, inFlight, process, out, in);
            if (inFlight > 1) {
                sample(client, 1, process, out, in);
            }
        } finally {
            Children.stop(process);
        }
    }

    private void sample(
            String client, int limit, Process process, BufferedWriter out, BufferedReader in)
            throws IOException, InterruptedException {
        count(limit, out, in);
        Thread.sleep(500);
        var cpuBefore = CpuTimes.of(process.pid());
        long before = count(limit, out, in);
        long started = System.nanoTime();
        Thread.sleep(1000L * options.number("seconds"));
        long requests = count(limit, out, in) - before;
        double seconds = (System.nanoTime() - started) / 1e9;
        var cpu = CpuTimes.of(process.pid()).minus(cpuBefore);
        samples.computeIfAbsent(client + " " + limit, _ -> new ArrayList<>())
                .add(new Sample(requests, seconds, cpu));
    }

    /** How many have succeeded, with so many under way from now on. */
    private static long count(int limit, BufferedWriter out, BufferedReader in) throws IOException {
        out.write(limit + "\n");
        out.flush();
        var answer = in.readLine();
        if (answer == null) {
            throw new IOException("the client has ended");
        }
        var counts = Arrays.stream(answer.split(" ")).mapToLong(Long::parseLong).toArray();
        if (counts[1] > 0) {
            throw new MisuseException(counts[1] + " requests failed");
        }
        return counts[0];
    }

    private void report(int limit, List<String> clients) {
        System.out.printf("GETs of 13 bytes, %d under way%n%n", limit);
        var table =
                new Table("client", "CPU us/request", "min-max", "x " + REFERENCE, "requests/s");
        for (var client : clients) {
            var own = samples.getOrDefault(client + " " + limit, List.of());
            var micros = own.stream().mapToDouble(Sample::micros).sorted().toArray();
            table.row(
                    client,
                    "%.1f".formatted(middle(micros)),
                    "%.1f-%.1f".formatted(micros[0], micros[micros.length - 1]),
                    ratio(own, limit),
                    "%,.0f"
                            .formatted(
                                    middle(
                                            own.stream()
                                                    .mapToDouble(Sample::perSecond)
                                                    .sorted()
                                                    .toArray())));
        }
        table.print();
    }

    /** The median over the rounds of the ratio to the reference in the same round. */
    private String ratio(List<Sample> own, int limit) {
        var reference = samples.getOrDefault(REFERENCE + " " + limit, List.of());
        int rounds = Math.min(own.size(), reference.size());
        var ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ratios[round] = own.get(round).micros() / reference.get(round).micros();
        }
        Arrays.sort(ratios);
        return rounds == 0 ? "-" : "%.2f".formatted(middle(ratios));
    }

    private static double middle(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
