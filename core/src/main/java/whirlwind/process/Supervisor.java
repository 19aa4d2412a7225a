package whirlwind.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.TaskGroup;

/** Keeps workers alive, on a loop of its own. */
final class Supervisor {
    /** What a worker may take beyond its drain limit, to notice TERM and to end its JVM. */
    private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(Workers.class);

    private final IOLoop loop;
    private final WorkerOptions options;
    private final List<String> command;
    private final Set<Subprocess> alive = new HashSet<>();
    private int restarts;
    private boolean ending;
    private @Nullable WorkerException failure;

    Supervisor(IOLoop loop, WorkerOptions options, List<String> command) {
        this.loop = loop;
        this.options = options;
        this.command = command;
    }

    /** In a coroutine: returns when all workers have ended. */
    void run() {
        try {
            TaskGroup.run(group -> {
                for (int id = 0; id < options.processes(); id++) {
                    int task = id;
                    group.spawn(() -> keep(task));
                }
                return null;
            });
        } finally {
            alive.forEach(Subprocess::kill);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable Void keep(int id) {
        while (!ending) {
            var worker = start(id);
            int status = Async.await(worker.waitForExit(false));
            alive.remove(worker);
            if (status == 0) {
                log.info("worker {} (pid {}) has ended", id, worker.pid());
                break;
            }
            died("worker %d (pid %d) %s".formatted(id, worker.pid(), Status.told(status)));
        }
        return null;
    }

    private Subprocess start(int id) {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put(Workers.TASK_ID, String.valueOf(id));
        var worker = Subprocess.start(builder);
        alive.add(worker);
        log.info("worker {} is pid {}", id, worker.pid());
        return worker;
    }

    private void died(String how) {
        if (ending) {
            log.warn("{} instead of draining", how);
        } else if (restarts == options.maxRestarts()) {
            failure =
                    new WorkerException(
                            how + ", and workers may be restarted only " + restarts + " times");
            endAll();
        } else {
            restarts++;
            log.warn("{}: starting it anew", how);
        }
    }

    /** On the loop: tells all workers to end, and kills those that don't. */
    void endAll() {
        if (!ending) {
            ending = true;
            alive.forEach(Subprocess::terminate);
            loop.callLater(
                    options.drainLimit(),
                    () -> loop.callLater(EXIT_GRACE, () -> alive.forEach(Subprocess::kill)));
        }
    }
}
