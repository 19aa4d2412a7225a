package whirlwind.process;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import whirlwind.loop.Drainable;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;

/**
 * Several processes that do the same, and a supervisor that keeps them alive: for those who want
 * the isolation that a {@link LoopGroup} doesn't give.
 *
 * {@snippet :
 * void main() {
 *     Workers.run(WorkerOptions.DEFAULTS,
 *             () -> new Application().route("/", MainHandler::new).listen(8888));
 * }
 * }
 *
 * <p>The first process supervises: it starts itself again, with the same command line, as often as
 * the options say, and gives each of these workers its task id, 0 and up, in the environment
 * variable {@value #TASK_ID}. In a worker, {@link #run} runs the body on a loop. A worker that is
 * killed by a signal or exits with another status than 0 is started anew under the same id, at most
 * {@link WorkerOptions#maxRestarts} times in all; status 0 is its end.
 *
 * <p>TERM or INT to the supervisor ends all: the workers get TERM, drain what they serve for as
 * long as the options say, and are killed if they are still there a moment later. A worker whose
 * supervisor dies drains and ends by itself.
 *
 * <p>Nothing before {@code run} may listen on a port or start work: it is done in each process.
 * Tornado: {@code fork_processes}.
 */
public final class Workers {
    /** The environment variable that holds a worker's task id. */
    public static final String TASK_ID = "WHIRLWIND_TASK_ID";

    private Workers() {}

    /** The id of this worker, 0 and up; empty in any other process. Any thread. */
    public static OptionalInt taskId() {
        var id = System.getenv(TASK_ID);
        return id == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(id));
    }

    /**
     * In a worker, runs {@code body} on a loop of its own until the worker is told to end, and in
     * the first process starts and supervises the workers until all have ended. Blocks; call it
     * from {@code main}, and return from there, when it returns.
     *
     * @param body see {@link LoopGroup#start(int, Callable)}
     * @throws WorkerException in the supervisor, if workers died more often than they may be
     *     restarted; the others have been ended
     * @throws IllegalStateException in the supervisor, if the command line of this process can't be
     *     found out: give it in the options
     * @throws InterruptedException if the calling thread is interrupted; what runs goes on
     */
    public static void run(WorkerOptions options, Callable<? extends Drainable> body)
            throws InterruptedException {
        if (taskId().isPresent()) {
            work(options.drainLimit(), body);
        } else {
            supervise(options);
        }
    }

    private static void work(Duration drainLimit, Callable<? extends Drainable> body)
            throws InterruptedException {
        var supervisor = ProcessHandle.current().parent(); // before it may have gone
        var group = LoopGroup.start(1, body).drainOnSignal(drainLimit);
        supervisor.ifPresent(process -> process.onExit().thenRun(() -> group.stop(drainLimit)));
        group.join();
    }

    private static void supervise(WorkerOptions options) {
        var command = options.command().isEmpty() ? CommandLine.ofWorker() : options.command();
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
            var supervisor = new Supervisor(loop, options, command);
            for (var signal : List.of("TERM", "INT")) {
                loop.onSignal(signal, supervisor::endAll);
            }
            loop.runSync(() -> {
                supervisor.run();
                return null;
            });
        }
    }
}
