package whirlwind.benchmarks.micro;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import whirlwind.benchmarks.Table;

/** Runs the benchmarks of this package with JMH and sets their results side by side. */
public final class CoroutineReport {
    private CoroutineReport() {}

    /** Takes JMH's own arguments: see {@link Jmh#run}. */
    public static void main(List<String> arguments) throws Exception {
        report(
                Jmh.run(
                        "coroutines",
                        arguments,
                        CoroutineBenchmark.class,
                        VirtualThreadBenchmark.class,
                        TimerBenchmark.class));
    }

    private static void report(Collection<RunResult> results) {
        if (results.isEmpty()) {
            return;
        }
        System.out.println("\nNanoseconds per operation:\n");
        var table = new Table("operation", "on", "ns", "+- (99.9 %)", "CPU ns");
        for (var result : results) {
            var primary = result.getPrimaryResult();
            table.row(
                    Jmh.operation(result),
                    variant(result),
                    "%.0f".formatted(primary.getScore()),
                    "%.0f".formatted(primary.getScoreError()),
                    Jmh.cpu(result));
        }
        table.print();
        System.out.println(
                "Goals on mounted: spawnAndFinish at most 300 ns, awaitCoroutine at most 500 ns.");
    }

    private static String variant(RunResult result) {
        var params = result.getParams();
        return Optional.ofNullable(params.getParam("engine"))
                .or(() -> Optional.ofNullable(params.getParam("pending")).map(n -> n + " pending"))
                .orElse("JDK's scheduler");
    }
}
