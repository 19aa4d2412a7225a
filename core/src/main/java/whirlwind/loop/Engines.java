package whirlwind.loop;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the engine of a loop. */
final class Engines {
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private Engines() {}

    static Engine open(
            String engine, IOLoop loop, Activity activity, Runnable loopBody, Runnable wakeup) {
        return switch (engine) {
            case "mounted" -> {
                if (!JdkScheduling.isOpen()) {
                    throw new IllegalArgumentException(
                            "engine: 'mounted' needs " + JdkScheduling.FLAG);
                }
                yield new MountedEngine(loop, activity, loopBody, wakeup);
            }
            case "baton" -> new BatonEngine(loop, activity, loopBody, wakeup);
            case "auto" -> {
                if (JdkScheduling.isOpen()) {
                    yield new MountedEngine(loop, activity, loopBody, wakeup);
                }
                warnOnce();
                yield new BatonEngine(loop, activity, loopBody, wakeup);
            }
            default ->
                    throw new IllegalArgumentException(
                            "engine: '" + engine + "' (auto, mounted or baton)");
        };
    }

    private static void warnOnce() {
        if (WARNED.compareAndSet(false, true)) {
            log.warn(
                    "Coroutines run on the slower baton engine, where a blocking call holds its loop. Start java with {}"
                            + " to give them a thread of their own (or set -Dwhirlwind.engine=baton to keep this one).",
                    JdkScheduling.FLAG);
        }
    }
}
