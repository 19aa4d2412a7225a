package whirlwind.loop;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A virtual thread on the JDK's own scheduler, which runs only while it holds the loop's baton. */
final class BatonCoroutine extends Coroutine {
    private static final ThreadLocal<@Nullable BatonCoroutine> CURRENT = new ThreadLocal<>();

    private final BatonEngine engine;
    private final Thread thread;
    private volatile boolean holdsBaton;

    /** A {@link #resume} that came while this wasn't suspended. */
    private boolean resumed;

    private boolean suspended;

    BatonCoroutine(BatonEngine engine, String name, Runnable body) {
        this.engine = engine;
        this.thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            CURRENT.set(this);
                            try {
                                body.run();
                            } finally {
                                engine.giveBack();
                            }
                        });
    }

    static @Nullable BatonCoroutine current() {
        return Thread.currentThread().isVirtual() ? CURRENT.get() : null;
    }

    BatonEngine engine() {
        return engine;
    }

    @Override
    void start() {
        engine.ready(this);
    }

    @Override
    void suspend() {
        synchronized (this) {
            if (resumed) {
                resumed = false;
                return;
            }
            suspended = true;
            holdsBaton = false; // before anybody can resume this
        }
        engine.giveBack();
        parkUntilHolding();
    }

    @Override
    void resume() {
        synchronized (this) {
            if (!suspended) {
                resumed = true;
                return;
            }
            suspended = false;
        }
        engine.ready(this);
    }

    @Override
    void letGo() {
        holdsBaton = false;
        engine.giveBack();
    }

    @Override
    void takeBack() {
        engine.ready(this);
        parkUntilHolding();
    }

    @Override
    Thread thread() {
        return thread;
    }

    /** Called by the loop body, which waits meanwhile until the baton comes back. */
    void takeBaton() {
        holdsBaton = true;
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
    }

    private void parkUntilHolding() {
        boolean interrupted = false;
        while (!holdsBaton) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // a set flag would keep the thread from parking
        }
        if (interrupted) {
            thread.interrupt();
        }
    }
}
