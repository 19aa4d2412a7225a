package whirlwind.benchmarks.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import whirlwind.benchmarks.peer.Attackers;
import whirlwind.benchmarks.peer.Attackers.Kind;

/** Attackers: in as many processes as they need, for each process has but so many descriptors. */
final class Crowd implements AutoCloseable {
    private static final int PER_PROCESS = 6_000;
    private static final Duration POLL = Duration.ofMillis(50);

    private final String processors;
    private final int port;
    private final List<ObedientProcess> processes = new ArrayList<>();

    Crowd(String processors, int port) {
        this.processors = processors;
        this.port = port;
    }

    /** So many begin. */
    void start(Kind kind, int count) throws IOException {
        int parts = Math.ceilDiv(count, PER_PROCESS);
        while (processes.size() < parts) {
            processes.add(
                    new ObedientProcess(
                            processors,
                            List.of("-Xmx512m", "-XX:+UseSerialGC"),
                            Attackers.class,
                            ServerProcess.log("attackers"),
                            String.valueOf(port)));
        }
        for (int i = 0; i < parts; i++) {
            int some = count / parts + (i < count % parts ? 1 : 0);
            processes.get(i).tell(kind.name() + " " + some, some);
        }
    }

    /** How often they have done it since, and were treated as they deserve. */
    int times() throws IOException {
        int times = 0;
        for (var process : processes) {
            times += process.tell("times 0");
        }
        return times;
    }

    /** Waits until they have done it so often. */
    void awaitTimes(int times, Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        for (int now; (now = times()) < times; ) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("%,d of %,d within %s".formatted(now, times, limit));
            }
            Thread.sleep(POLL);
        }
    }

    /** They go away. */
    void stop() throws IOException {
        for (var process : processes) {
            process.tell("stop 0", 0);
        }
    }

    @Override
    public void close() {
        processes.forEach(ObedientProcess::close);
    }
}
