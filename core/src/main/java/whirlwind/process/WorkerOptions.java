package whirlwind.process;

import java.time.Duration;
import java.util.List;
import whirlwind.check.Check;

/**
 * How {@link Workers} are kept. Start from {@link #DEFAULTS}.
 *
 * @param processes how many workers; at least one
 * @param maxRestarts how often workers may be restarted, all together, before the supervisor gives
 *     up
 * @param drainLimit how long a worker that is told to end may take to finish what it does
 * @param command what starts a worker, program first; empty: what started this process, on Linux
 *     also with the options of its JVM
 */
public record WorkerOptions(
        int processes, int maxRestarts, Duration drainLimit, List<String> command) {
    /** A worker for each processor, 100 restarts, 10 seconds, this program. */
    public static final WorkerOptions DEFAULTS =
            new WorkerOptions(LoopGroup.cpuCount(), 100, Duration.ofSeconds(10), List.of());

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if there would be no worker, or a limit is negative
     */
    public WorkerOptions {
        Check.positive("processes", processes);
        Check.notNegative("maxRestarts", maxRestarts);
        Check.notNegative("drainLimit", drainLimit);
        command = List.copyOf(command);
    }

    /** These options with another number of workers. */
    public WorkerOptions withProcesses(int processes) {
        return new WorkerOptions(processes, maxRestarts, drainLimit, command);
    }

    /** These options with another limit for restarts. */
    public WorkerOptions withMaxRestarts(int maxRestarts) {
        return new WorkerOptions(processes, maxRestarts, drainLimit, command);
    }

    /** These options with another limit for draining. */
    public WorkerOptions withDrainLimit(Duration drainLimit) {
        return new WorkerOptions(processes, maxRestarts, drainLimit, command);
    }

    /** These options with a command of your own; it has to call {@link Workers#run} as well. */
    public WorkerOptions withCommand(String... command) {
        return new WorkerOptions(processes, maxRestarts, drainLimit, List.of(command));
    }
}
