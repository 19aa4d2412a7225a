package whirlwind.tools.autoreload;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;

/** Looks for changes from a coroutine, and restarts the program after one. */
final class Watcher {
    /** Of the time, at most one part out of so many goes into looking. */
    private static final int SHARE = 10;

    private static final Logger log = LoggerFactory.getLogger(Autoreload.class);

    private final Changes changes;
    private final List<Runnable> hooks;
    private final Duration checkTime;

    Watcher(Changes changes, List<Runnable> hooks, Duration checkTime) {
        this.changes = changes;
        this.hooks = hooks;
        this.checkTime = checkTime;
    }

    /** Returns when the process is about to end, or can't be restarted. */
    void run() {
        log.info("{} modified; restarting server", awaitChange());
        for (var hook : hooks) {
            runSafely(hook);
        }
        try {
            Restart.begin(changes.watched());
        } catch (IOException | IllegalStateException e) {
            log.error("can't restart, and watches no longer: {}", e.getMessage());
        }
    }

    private Path awaitChange() {
        var pause = checkTime;
        while (true) {
            Async.sleep(pause);
            var begin = IOLoop.current().time();
            var changed = Async.await(Async.offload(changes::look));
            if (changed != null) {
                return changed;
            }
            var took = Duration.between(begin, IOLoop.current().time());
            pause = longer(checkTime, took.multipliedBy(SHARE));
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static void runSafely(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException e) {
            log.error("Exception in reload hook {}", hook, e);
        }
    }
}
