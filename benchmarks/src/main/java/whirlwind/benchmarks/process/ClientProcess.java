package whirlwind.benchmarks.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import whirlwind.benchmarks.MisuseException;

/** A client that runs as {@link whirlwind.benchmarks.peer.Gets} does. */
final class ClientProcess implements AutoCloseable {
    /** Share of compilers in its CPU time below which it counts as warm. */
    private static final double WARM = 0.02;

    private static final int WARMUPS = 8;

    /** Until those that were under way are done. */
    private static final int SETTLE_MILLIS = 500;

    private final Process process;
    private final BufferedWriter out;
    private final BufferedReader in;

    /** What was measured. */
    record Sample(double requests, double seconds, CpuTimes cpu) {
        double micros() {
            return cpu.total() * 1e6 / requests;
        }

        double perSecond() {
            return requests / seconds;
        }
    }

    ClientProcess(String name, List<String> command, String processors) throws IOException {
        process = Children.start(processors, command, ServerProcess.log("client-" + name));
        out = process.outputWriter(StandardCharsets.UTF_8);
        in =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Lets it work until its compilers have little to do any more, but not for ever. */
    void warmUp(int inFlight, int seconds) throws IOException, InterruptedException {
        for (int i = 0; i < WARMUPS; i++) {
            var cpu = sample(inFlight, seconds).cpu();
            if (cpu.jit() < WARM * cpu.total()) {
                return;
            }
        }
    }

    void pin(String processors) throws IOException, InterruptedException {
        Children.pin(process.pid(), processors);
    }

    /** What its requests cost, with so many under way. */
    Sample sample(int inFlight, int seconds) throws IOException, InterruptedException {
        count(inFlight);
        Thread.sleep(SETTLE_MILLIS);
        var cpuBefore = CpuTimes.of(process.pid());
        long before = count(inFlight);
        long started = System.nanoTime();
        Thread.sleep(1000L * seconds);
        long requests = count(inFlight) - before;
        double elapsed = (System.nanoTime() - started) / 1e9;
        return new Sample(requests, elapsed, CpuTimes.of(process.pid()).minus(cpuBefore));
    }

    /** How many have succeeded, with at most so many under way from now on. */
    private long count(int inFlight) throws IOException {
        out.write(inFlight + "\n");
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

    @Override
    public void close() {
        Children.stop(process);
    }
}
