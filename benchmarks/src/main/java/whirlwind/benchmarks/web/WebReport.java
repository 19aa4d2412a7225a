package whirlwind.benchmarks.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.RunResult;
import whirlwind.benchmarks.Table;
import whirlwind.benchmarks.micro.Jmh;

/** Runs the benchmarks of this package with JMH. */
public final class WebReport {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private WebReport() {}

    /** Takes JMH's own arguments: see {@link Jmh#run}. */
    public static void main(List<String> arguments) throws Exception {
        var all = new ArrayList<>(arguments);
        all.addAll(List.of("-prof", "gc"));
        var results =
                Jmh.run(
                        "web",
                        all,
                        HeadersBenchmark.class,
                        MultipartBenchmark.class,
                        RequestBenchmark.class,
                        SigningBenchmark.class,
                        TemplateBenchmark.class);
        if (!results.isEmpty()) {
            report(results);
        }
    }

    private static void report(Collection<RunResult> results) {
        System.out.println();
        var table = new Table("operation", "of", "ns", "+- (99.9 %)", "CPU ns", "bytes");
        for (var result : results) {
            table.row(
                    Jmh.operation(result),
                    variant(result),
                    "%,.0f".formatted(result.getPrimaryResult().getScore()),
                    "%,.0f".formatted(result.getPrimaryResult().getScoreError()),
                    Jmh.cpu(result),
                    allocated(result));
        }
        table.print();
    }

    private static String allocated(RunResult result) {
        var bytes = result.getSecondaryResults().get(ALLOCATED);
        return bytes == null ? "-" : "%,.0f".formatted(bytes.getScore());
    }

    private static String variant(RunResult result) {
        var params = result.getParams();
        return params.getParamsKeys().stream()
                .map(name -> params.getParam(name) + " " + name)
                .collect(Collectors.joining(", "));
    }
}
