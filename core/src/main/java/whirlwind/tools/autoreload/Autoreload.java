package whirlwind.tools.autoreload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.Check;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.process.Workers;

/**
 * Restarts this program when its code has changed and the change has come to an end: the same
 * command line, in the same terminal and under the same process id. Applications start it by the
 * setting {@code autoreload}, which is on with {@code debug}; others call {@link #start()} before
 * they run their loop.
 *
 * <p>Watched are the class files in the folders of class path and module path, the source file of a
 * program that is started as one ({@code java Hello.java}) with those around it, and what {@link
 * #watch} adds. Jars aren't: a program whose main class comes from a jar has no code to watch, be
 * it a finished one or a test runner, so the setting does nothing in tests. Templates and static
 * files need no restart: {@code debug} reads them anew.
 *
 * <p>A program that fails when it starts again, for example because it doesn't compile, is started
 * once more after the next change; if it ends with status 0, or is told to end, all ends. The first
 * restart replaces the process as a whole: connections are closed and shutdown hooks don't run, so
 * what must be ended with care belongs into {@link #addReloadHook}.
 *
 * <p>Not with {@link Workers}: their supervisor wouldn't change. On Windows programs are restarted
 * only under {@link Main}. Tornado: {@code autoreload}.
 */
public final class Autoreload {
    private static final Duration CHECK_TIME = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(Autoreload.class);

    private static final Changes CHANGES = new Changes();
    private static final List<Runnable> HOOKS = new CopyOnWriteArrayList<>();

    /** What watches for this process; null: nobody. */
    private static @Nullable Watching current;

    private Autoreload() {}

    /** As {@link #start(Duration)}, every 500 milliseconds. */
    public static void start() {
        start(CHECK_TIME);
    }

    /**
     * Watches from the current loop, as long as that is open. One loop watches for the whole
     * process: while it does, further calls do nothing. In a worker, or where the system can't
     * restart programs, this logs a warning and does nothing, too.
     *
     * @param checkTime how long to wait from one look to the next; longer if there is so much to
     *     look at that it would take more than a tenth of the time. A change counts when two looks
     *     in turn see the same
     * @throws IllegalArgumentException if the time isn't positive
     */
    public static void start(Duration checkTime) {
        Check.positive("checkTime", checkTime);
        var obstacle = obstacle();
        if (obstacle != null) {
            log.warn("{}", obstacle);
            return;
        }
        synchronized (CHANGES) {
            if (current == null) {
                Program.code().forEach(CHANGES::watch);
                current = IOLoop.current().shared(Watching.class, () -> new Watching(checkTime));
                current.begin();
            }
        }
    }

    /**
     * Watches a file, or all files of a folder, besides the program's code, from now on. What isn't
     * there, or can't be read, doesn't count until it is. Any thread; may read a folder.
     */
    public static void watch(Path path) {
        CHANGES.watch(WatchedPath.of(path));
        synchronized (CHANGES) {
            if (current != null) {
                current.begin();
            }
        }
    }

    /**
     * Calls {@code hook} before each restart, in a coroutine of the loop that watches; what it
     * throws is logged. Any thread.
     */
    public static void addReloadHook(Runnable hook) {
        HOOKS.add(hook);
    }

    /**
     * Waits for a change, and restarts: the last line of a program that would end otherwise, such
     * as one that runs tests. Returns only if the program then can't be restarted, which is logged.
     * Blocks the thread. Tornado: {@code wait}.
     *
     * @throws IllegalStateException if it is clear from the start that there will be no restart
     */
    public static void awaitChange() {
        Program.code().forEach(CHANGES::watch);
        var obstacle = obstacle();
        if (obstacle != null) {
            throw new IllegalStateException(obstacle);
        }
        if (CHANGES.watched().isEmpty()) {
            throw new IllegalStateException("there is nothing to watch: the program is in a jar");
        }
        log.info("waits for a change");
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withMakeCurrent(false))) {
            loop.runSync(() -> {
                new Watcher(CHANGES, HOOKS, CHECK_TIME).run();
                return null;
            });
        }
    }

    private static @Nullable String obstacle() {
        if (Workers.taskId().isPresent()) {
            return "autoreload is off in a worker: the supervisor would still run the old code";
        }
        if (!Restart.isPossible()) {
            return "autoreload is off: this system can't restart the program; run it by "
                    + Main.class.getName();
        }
        return null;
    }

    /** The watching of a loop; it needs nothing as long as there is nothing to watch. */
    private static final class Watching implements AutoCloseable {
        private final IOLoop loop = IOLoop.current();
        private final Duration checkTime;
        private boolean begun;

        Watching(Duration checkTime) {
            this.checkTime = checkTime;
            Restart.endWithLauncher();
        }

        void begin() {
            if (!begun && !CHANGES.watched().isEmpty()) {
                begun = true;
                loop.spawnCallback(new Watcher(CHANGES, HOOKS, checkTime)::run);
            }
        }

        @Override
        public void close() {
            synchronized (CHANGES) {
                current = null;
            }
        }
    }
}
