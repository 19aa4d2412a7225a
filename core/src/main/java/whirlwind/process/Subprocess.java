package whirlwind.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;
import whirlwind.net.PipeStream;

/**
 * A running program, with which the loop that started it talks without blocking:
 *
 * {@snippet :
 * var sort = Subprocess.start("sort");
 * Async.await(sort.stdin().write("b\na\n"));
 * sort.stdin().close();
 * var sorted = Async.await(sort.stdout().readUntilClose());
 * Async.await(sort.waitForExit());
 * }
 *
 * <p>What a {@link ProcessBuilder} doesn't send elsewhere is a stream here, for the caller to
 * close; an output that nobody reads holds the program up when 64 KiB wait in its pipe. Streams
 * need a loop that can watch descriptors ({@link IOLoop#addHandler}).
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

    private final @Nullable PipeStream stdin;
    private final @Nullable PipeStream stdout;
    private final @Nullable PipeStream stderr;

    private Subprocess(List<String> command, Process process, Pipes pipes) {
        this.command = command;
        this.process = process;
        this.stdin = pipes.stdin();
        this.stdout = pipes.stdout();
        this.stderr = pipes.stderr();
        process.onExit().whenComplete((ended, failure) -> exit.complete(process.exitValue()));
    }

    /** As {@link #start(ProcessBuilder)} for a program with its arguments. */
    public static Subprocess start(String... command) {
        return start(new ProcessBuilder(command));
    }

    /**
     * Starts a program, which holds the loop for some milliseconds.
     *
     * @param builder its command, environment, folder, and where its input comes from and its
     *     outputs go: {@link ProcessBuilder.Redirect#PIPE}, which is the default, makes a stream
     * @throws UncheckedIOException if it can't be started; no descriptor is left open then
     * @throws UnsupportedOperationException if there is to be a stream and the loop can't watch it
     */
    public static Subprocess start(ProcessBuilder builder) {
        var pipes = new Pipes();
        boolean started = false;
        try {
            var process = pipes.connect(builder).start();
            started = true;
            return new Subprocess(List.copyOf(builder.command()), process, pipes);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "can't start %s: %s".formatted(builder.command(), e.getMessage()), e);
        } finally {
            pipes.closeTheirs();
            if (!started) {
                pipes.closeOurs();
            }
        }
    }

    /**
     * What the program reads; closing it is the end of its input.
     *
     * @throws IllegalStateException if its input comes from elsewhere
     */
    public PipeStream stdin() {
        return stream(stdin, "standard input");
    }

    /**
     * What the program writes.
     *
     * @throws IllegalStateException if its output goes elsewhere
     */
    public PipeStream stdout() {
        return stream(stdout, "standard output");
    }

    /**
     * What the program writes about its errors.
     *
     * @throws IllegalStateException if that goes elsewhere, for example to its standard output
     */
    public PipeStream stderr() {
        return stream(stderr, "standard error");
    }

    private PipeStream stream(@Nullable PipeStream stream, String what) {
        if (stream == null) {
            throw new IllegalStateException(
                    what + " of " + command + " is no pipe: it was redirected");
        }
        return stream;
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
