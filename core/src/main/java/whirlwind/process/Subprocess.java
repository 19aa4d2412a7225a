package whirlwind.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;

/**
 * A running program, whose end the loop that started it hears of without waiting.
 *
 * <p>Call it on that loop, from callbacks or coroutines. Tornado: {@code process.Subprocess}.
 */
public final class Subprocess {
    /** What a program that is told to end may take before it is killed. */
    private static final Duration TERMINATION_GRACE = Duration.ofSeconds(2);

    private final IOLoop loop = IOLoop.current();
    private final List<String> command;
    private final Process process;
    private final CompletableFuture<Integer> exit = loop.newFuture();

    private Subprocess(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        process.onExit().whenComplete((ended, failure) -> exit.complete(process.exitValue()));
    }

    /** As {@link #start(ProcessBuilder)} for a program with its arguments. */
    public static Subprocess start(String... command) {
        return start(new ProcessBuilder(command));
    }

    /**
     * Starts a program.
     *
     * @throws UncheckedIOException if it can't be started; no descriptor is left open then
     */
    public static Subprocess start(ProcessBuilder builder) {
        try {
            return new Subprocess(List.copyOf(builder.command()), builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't start %s: %s".formatted(builder.command(), e.getMessage()), e);
        }
    }

    /** The program's process id. Any thread. */
    public long pid() {
        return process.pid();
    }

    /** The JDK's view of the process. Any thread. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * The exit status, if the program has ended. One that was killed by signal n has 128 + n, for
     * example 143 for TERM, as in shells (Tornado: -n); it may also have exited with that number.
     */
    public OptionalInt returnCode() {
        return exit.isDone() ? OptionalInt.of(exit.resultNow()) : OptionalInt.empty();
    }

    /**
     * Calls back on the loop with the exit status, also if the program has ended already, and never
     * before this returns. Each call adds a callback. Tornado: {@code set_exit_callback}.
     */
    public void onExit(IntConsumer callback) {
        loop.addFuture(exit, ended -> callback.accept(ended.resultNow()));
    }

    /** As {@link #waitForExit(boolean)}, raising errors. */
    public CompletableFuture<Integer> waitForExit() {
        return waitForExit(true);
    }

    /**
     * The exit status, when the program has ended. Cancelling the future ends the waiting and not
     * the program.
     *
     * @param raiseError whether the future fails with a {@link SubprocessException} if the status
     *     is not 0
     */
    public CompletableFuture<Integer> waitForExit(boolean raiseError) {
        return exit.thenApply(status -> {
            if (raiseError && status != 0) {
                throw new SubprocessException(command, pid(), status);
            }
            return status;
        });
    }

    /**
     * As {@link #waitForExit()} within a limit. When that passes, the program is {@linkplain
     * #terminate told to end}, {@linkplain #kill killed} if it is still there two seconds later,
     * and the future fails with {@link AsyncTimeoutException} at the limit.
     */
    public CompletableFuture<Integer> waitForExit(Duration limit) {
        return Async.withTimeout(limit, waitForExit())
                .whenComplete((status, failure) -> {
                    if (failure instanceof AsyncTimeoutException) {
                        terminate();
                        loop.callLater(TERMINATION_GRACE, this::kill);
                    }
                });
    }

    /** Tells the program to end, by SIGTERM. Harmless if it has ended. Any thread. */
    public void terminate() {
        process.destroy();
    }

    /** Ends the program by force, by SIGKILL. Harmless if it has ended. Any thread. */
    public void kill() {
        process.destroyForcibly();
    }

    @Override
    public String toString() {
        return "Subprocess[pid %d, %s]".formatted(pid(), command);
    }
}
