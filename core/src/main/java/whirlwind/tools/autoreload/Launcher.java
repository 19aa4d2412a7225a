package whirlwind.tools.autoreload;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Keeps a program going, as its parent process. */
final class Launcher {
    private static final long CHECK_MILLIS = 500;

    /** The status of a process that signal n has ended is this plus n, as in shells. */
    private static final int SIGNALLED = 128;

    private final List<String> command;
    private final Set<WatchedPath> watched;
    private final boolean untilSuccess;

    private @Nullable Process program;

    /** The number of the signal that has told this process to end; 0: none has. */
    private int signal;

    Launcher(List<String> command, Set<WatchedPath> watched, boolean untilSuccess) {
        this.command = List.copyOf(command);
        this.watched = Set.copyOf(watched);
        this.untilSuccess = untilSuccess;
    }

    /**
     * Returns the exit status.
     *
     * @throws IOException if the program can't be started at all
     */
    int run() throws IOException, InterruptedException {
        Signal.handle(new Signal("TERM"), this::end);
        Signal.handle(new Signal("INT"), this::end);
        while (true) {
            var changes = new Changes(); // of the code that is about to be read
            watched.forEach(changes::watch);
            var started = start();
            if (started == null) {
                return SIGNALLED + signal;
            }
            int status = started.waitFor();
            if (status == Restart.STATUS) {
                continue;
            }
            if (isFinal(status)) {
                return status;
            }
            System.err.printf(
                    "autoreload: ended with status %d; starts again after the next change%n",
                    status);
            awaitChange(changes);
        }
    }

    /** Null if this process has been told to end. */
    private synchronized @Nullable Process start() throws IOException {
        if (signal == 0) {
            var builder = new ProcessBuilder(command).inheritIO();
            var pid = String.valueOf(ProcessHandle.current().pid());
            builder.environment().put(Restart.LAUNCHER, pid);
            program = builder.start();
            return program;
        }
        return null;
    }

    private synchronized boolean isFinal(int status) {
        return signal != 0 || status == 0 && untilSuccess || watched.isEmpty();
    }

    /** Returns as well when this process is told to end. */
    private synchronized void awaitChange(Changes changes) throws InterruptedException {
        while (signal == 0 && changes.look() == null) {
            wait(CHECK_MILLIS);
        }
    }

    private synchronized void end(Signal received) {
        signal = received.getNumber();
        notifyAll();
        if (program != null && !isSentToAll(received)) {
            program.destroy();
        }
    }

    /** A terminal's INT reaches all its processes; twice would be one too many. */
    private static boolean isSentToAll(Signal signal) {
        var console = System.console();
        return signal.getName().equals("INT") && console != null && console.isTerminal();
    }
}
