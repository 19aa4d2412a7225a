package whirlwind.benchmarks.web;

import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import whirlwind.benchmarks.Table;

/** Runs the benchmarks of this package with JMH. */
public final class WebReport {
    private static final String[] JVM = {"-Xmx1g", "-XX:+UseSerialGC"};

    private WebReport() {}

    /** Takes JMH's own arguments. */
    public static void main(List<String> arguments) throws Exception {
        if (arguments.contains("--help")) {
            System.out.println("usage: ./whirlwind bench web [ARGUMENT OF JMH]...\n");
            new CommandLineOptions("-h").showHelp();
            return;
        }
        var commandLine = new CommandLineOptions(arguments.toArray(String[]::new));
        var options = new OptionsBuilder().parent(commandLine).jvmArgsPrepend(JVM);
        if (commandLine.getIncludes().isEmpty()) {
            options.include(WebReport.class.getPackageName());
        }
        var table = new Table("operation", "ns", "+- (99.9 %)");
        for (var result : new Runner(options.build()).run()) {
            var name = result.getParams().getBenchmark();
            table.row(
                    name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1),
                    "%,.0f".formatted(result.getPrimaryResult().getScore()),
                    "%,.0f".formatted(result.getPrimaryResult().getScoreError()));
        }
        System.out.println();
        table.print();
    }
}
