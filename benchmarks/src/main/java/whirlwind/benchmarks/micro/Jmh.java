package whirlwind.benchmarks.micro;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs benchmarks with JMH. */
public final class Jmh {
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

    private Jmh() {}

    /**
     * Takes JMH's own arguments: names of benchmarks, {@code -p}, {@code -prof}, {@code -f} and so
     * on. Without names it runs all benchmarks of the classes.
     *
     * @return nothing if only help was wanted
     */
    public static Collection<RunResult> run(
            String name, List<String> arguments, Class<?>... benchmarks) throws Exception {
        if (arguments.contains("--help")) {
            System.out.printf("usage: ./whirlwind bench %s [ARGUMENT OF JMH]...%n%n", name);
            new CommandLineOptions("-h").showHelp();
            return List.of();
        }
        var commandLine = new CommandLineOptions(arguments.toArray(String[]::new));
        var options =
                new OptionsBuilder()
                        .parent(commandLine)
                        .jvmArgsPrepend(JVM)
                        .addProfiler(CpuProfiler.class);
        if (commandLine.getIncludes().isEmpty()) {
            for (var benchmark : benchmarks) {
                options.include(benchmark.getName());
            }
        }
        return new Runner(options.build()).run();
    }

    /** {@code TimerBenchmark.addThenCancel}. */
    public static String operation(RunResult result) {
        var name = result.getParams().getBenchmark();
        return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    }

    /** CPU nanoseconds per operation. */
    public static String cpu(RunResult result) {
        var cpu = result.getSecondaryResults().get(CpuProfiler.LABEL);
        return cpu == null ? "-" : "%.0f".formatted(cpu.getScore());
    }
}
