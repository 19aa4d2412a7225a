package whirlwind.benchmarks.micro;

import java.util.List;
import whirlwind.benchmarks.Table;

/** Runs {@link RoutingBenchmark} and sets few routes beside many. */
public final class RoutingReport {
    private RoutingReport() {}

    /** Takes JMH's own arguments: see {@link Jmh#run}. */
    public static void main(List<String> arguments) throws Exception {
        var results = Jmh.run("routing", arguments, RoutingBenchmark.class);
        if (results.isEmpty()) {
            return;
        }
        System.out.println("\nNanoseconds per request, making it included:\n");
        var table = new Table("operation", "routes", "ns", "+- (99.9 %)", "CPU ns");
        for (var result : results) {
            var primary = result.getPrimaryResult();
            table.row(
                    Jmh.operation(result),
                    result.getParams().getParam("routes"),
                    "%.0f".formatted(primary.getScore()),
                    "%.0f".formatted(primary.getScoreError()),
                    Jmh.cpu(result));
        }
        table.print();
        System.out.println("Goal: a thousand routes cost no more than a hundred.");
    }
}
