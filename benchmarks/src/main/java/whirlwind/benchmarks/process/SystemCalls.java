package whirlwind.benchmarks.process;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** How often a process enters the kernel, counted by strace, which slows the process a lot. */
final class SystemCalls {
    private static final Duration ATTACHING = Duration.ofSeconds(1);
    private static final int NAME = -1;
    private static final int CALLS = 3;

    private SystemCalls() {}

    /** A load, which tells how many requests it made. */
    @FunctionalInterface
    interface Load {
        long run() throws IOException, InterruptedException;
    }

    /** Calls per request by name, while a load runs. */
    static Map<String, Double> perRequest(long pid, Load load)
            throws IOException, InterruptedException {
        var summary = ServerProcess.log("strace");
        var strace =
                Children.startQuiet(
                        "0-" + (Runtime.getRuntime().availableProcessors() - 1),
                        List.of(Children.program("strace"), "-c", "-f", "-p", String.valueOf(pid)),
                        summary);
        Thread.sleep(ATTACHING);
        long requests = load.run();
        strace.destroy(); // it detaches and then writes its summary
        strace.waitFor(ATTACHING.toSeconds() * 10, TimeUnit.SECONDS);
        Children.stop(strace);
        var perRequest = new TreeMap<String, Double>();
        for (var line : Files.readAllLines(summary.toPath())) {
            // "% time  seconds  usecs/call  calls  [errors]  syscall"
            var words = line.strip().split("\\s+");
            if (words.length >= 5 && words[0].matches("[\\d.]+")) {
                var name = words[words.length + NAME];
                if (!name.equals("total")) {
                    perRequest.put(name, Double.parseDouble(words[CALLS]) / requests);
                }
            }
        }
        return perRequest;
    }
}
