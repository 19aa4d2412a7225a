package whirlwind.benchmarks.micro;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import whirlwind.benchmarks.Table;

/** Runs the benchmarks of this package with JMH and sets their results side by side. */
public final class CoroutineReport {
    /** What a JVM that runs Whirlwind is started with; JMH starts one for each benchmark. */
    private static final String[] JVM = {
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djdk.trackAllThreads=false",
        "-Djdk.pollerMode=1",
        "-Xmx2g",
        "-XX:+UseSerialGC"
    };

    private CoroutineReport() {}

    /**
     * Takes JMH's own arguments: names of benchmarks, {@code -p}, {@code -prof}, {@code -f} and so
     * on.
     */
    public static void main(List<String> arguments) throws Exception {
        if (arguments.contains("--help")) {
            System.out.println("usage: ./whirlwind bench coroutines [ARGUMENT OF JMH]...\n");
            new CommandLineOptions("-h").showHelp();
            return;
        }
        var commandLine = new CommandLineOptions(arguments.toArray(String[]::new));
        var options =
                new OptionsBuilder()
                        .parent(commandLine)
                        .jvmArgsPrepend(JVM)
                        .addProfiler(CpuProfiler.class);
        if (commandLine.getIncludes().isEmpty()) {
            options.include(CoroutineReport.class.getPackageName());
        }
        report(new Runner(options.build()).run());
    }

    private static void report(Collection<RunResult> results) {
        System.out.println("\nNanoseconds per operation:\n");
        var table = new Table("operation", "on", "ns", "+- (99.9 %)", "CPU ns");
        for (var result : results) {
            var primary = result.getPrimaryResult();
            table.row(
                    operation(result),
                    variant(result),
                    "%.0f".formatted(primary.getScore()),
                    "%.0f".formatted(primary.getScoreError()),
                    cpu(result));
        }
        table.print();
        System.out.println(
                "Goals on mounted: spawnAndFinish at most 300 ns, awaitCoroutine at most 500 ns.");
    }

    private static String cpu(RunResult result) {
        var cpu = result.getSecondaryResults().get(CpuProfiler.LABEL);
        return cpu == null ? "-" : "%.0f".formatted(cpu.getScore());
    }

    private static String operation(RunResult result) {
        var name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    private static String variant(RunResult result) {
        var params = result.getParams();
        return Optional.ofNullable(params.getParam("engine"))
                .or(() -> Optional.ofNullable(params.getParam("pending")).map(n -> n + " pending"))
                .orElse("JDK's scheduler");
    }
}
