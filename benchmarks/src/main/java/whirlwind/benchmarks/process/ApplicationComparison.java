package whirlwind.benchmarks.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import whirlwind.benchmarks.MisuseException;
import whirlwind.benchmarks.Options;
import whirlwind.benchmarks.Options.Option;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.peer.Orders;

/**
 * CPU time per request of one small service with ten routes on several frameworks, and of the bench
 * demo, which has next to nothing between a request and its answer.
 */
public final class ApplicationComparison {
    private static final Wrk.Request GET = Wrk.Request.get("/json");
    private static final Wrk.Request POST = Wrk.Request.post("/orders", Orders.EXAMPLE);

    private final Rounds rounds;

    private ApplicationComparison(Options options) {
        var servers = new Servers(options);
        var chosen = List.of(options.text("servers").split(","));
        var subjects = new ArrayList<Rounds.Subject>();
        subjects.add(new Rounds.Subject(servers.demo(), List.of(GET)));
        for (var server : servers.ordering()) {
            subjects.add(new Rounds.Subject(server, List.of(GET, POST)));
        }
        subjects.removeIf(subject -> !chosen.contains(subject.server().name()));
        if (subjects.size() < chosen.size()) {
            throw new MisuseException("--servers: one of " + chosen + " is unknown");
        }
        this.rounds = new Rounds(options, servers, subjects);
    }

    /** Takes the options that {@code --help} lists. */
    public static void main(List<String> arguments) throws IOException, InterruptedException {
        var known = new ArrayList<>(Rounds.OPTIONS);
        known.add(new Option("servers", "demo,whirlwind,netty,vertx,helidon", "which to measure"));
        known.addAll(Servers.OPTIONS);
        known.removeIf(option -> option.name().endsWith("command"));
        var options = Options.parse("app", known, arguments);
        if (options != null) {
            new ApplicationComparison(options).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        rounds.run();
        rounds.report(GET);
        rounds.report(POST);
        System.out.println("Ratios of CPU time within each round");
        System.out.println();
        var table = new Table("ratio", "median", "min-max", "goal");
        row(table, "demo", GET, "netty", GET, "1.15");
        row(table, "whirlwind", POST, "demo", GET, "1.10");
        row(table, "whirlwind", GET, "demo", GET, "1.10");
        row(table, "whirlwind", POST, "netty", POST, "-");
        for (var framework : List.of("vertx", "helidon")) {
            row(table, "whirlwind", GET, framework, GET, "1.00");
            row(table, "whirlwind", POST, framework, POST, "1.00");
        }
        table.print();
    }

    private void row(
            Table table,
            String server,
            Wrk.Request request,
            String other,
            Wrk.Request otherRequest,
            String goal) {
        var ratios = rounds.ratios(server, request, other, otherRequest);
        if (!ratios.ofRounds().isEmpty()) {
            table.row(
                    "%s %s / %s %s".formatted(server, request.name(), other, otherRequest.name()),
                    ratios.median(),
                    ratios.range(),
                    goal);
        }
    }
}
