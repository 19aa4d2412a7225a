package whirlwind.loop;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread on the loop's carrier. It is its own scheduler: the JDK hands it its
 * continuation whenever that can run, for whatever reason the thread was parked, and it queues
 * itself with the engine. So the engine knows who runs without any thread-local.
 */
final class MountedCoroutine extends Coroutine implements Executor, Runnable {
    private final MountedEngine engine;
    private final Thread thread;

    /** The same object each time, by the JDK's contract; known from the first submission on. */
    private @Nullable Runnable continuation;

    MountedCoroutine(MountedEngine engine, String name, Runnable body) {
        this.engine = engine;
        this.thread = JdkScheduling.newThread(this, name, body);
    }

    @Override
    void start() {
        thread.start();
    }

    @Override
    void suspend() {
        LockSupport.park(this);
    }

    @Override
    void resume() {
        LockSupport.unpark(thread);
    }

    @Override
    void letGo() {} // parking does

    @Override
    void takeBack() {}

    @Override
    Thread thread() {
        return thread;
    }

    /** Called by the JDK, on any thread. */
    @Override
    public void execute(Runnable runnable) {
        if (continuation == null) {
            continuation = runnable;
        }
        // Not ours: a virtual thread that this coroutine made, which in JDK 25 inherits its maker's
        // scheduler.
        engine.ready(runnable == continuation ? this : runnable);
    }

    /** Called by the engine, on the carrier. */
    @Override
    public void run() {
        var started = Objects.requireNonNull(continuation);
        engine.enter(this);
        try {
            started.run();
        } finally {
            engine.leave();
        }
    }
}
