package whirlwind.loop;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The engine for a JDK that is closed to us: a platform thread of its own for the loop body,
 * ordinary virtual threads for coroutines, and one baton, the right to run, that the loop body
 * hands to one coroutine after the other. User code is promised the same, one at a time; each
 * hand-over costs two switches between threads, and a blocking call of the JDK holds the loop,
 * because the coroutine takes the baton along.
 */
final class BatonEngine implements Engine {
    private final IOLoop loop;
    private final Thread loopThread;
    private final Activity activity;
    private final Runnable wakeup;
    private final ArrayDeque<BatonCoroutine> ready = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<BatonCoroutine> arriving = new ConcurrentLinkedQueue<>();

    /** Who holds the baton; null: the loop body. */
    private volatile @Nullable BatonCoroutine holder;

    /** The caller of {@link #run}, which waits while the loop body works. */
    private volatile @Nullable Thread caller;

    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    BatonEngine(IOLoop loop, Activity activity, Runnable loopBody, Runnable wakeup) {
        this.loop = loop;
        this.activity = activity;
        this.wakeup = wakeup;
        this.loopThread =
                Thread.ofPlatform()
                        .daemon()
                        .name(loop.name())
                        .unstarted(() -> {
                            try {
                                loopBody.run();
                            } catch (Throwable e) {
                                failure = e;
                            }
                            releaseCaller();
                        });
    }

    IOLoop loop() {
        return loop;
    }

    @Override
    public void run() {
        throwFailure();
        boolean interrupted = false;
        caller = Thread.currentThread();
        if (loopThread.getState() == Thread.State.NEW) {
            loopThread.start();
        } else {
            LockSupport.unpark(loopThread);
        }
        while (caller != null) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    private void throwFailure() {
        if (failure != null) {
            throw new IllegalStateException(loop.name() + " has broken down", failure);
        }
    }

    @Override
    public void pause() {
        releaseCaller();
        while (caller == null) {
            Thread.interrupted(); // a set flag would keep the thread from parking
            LockSupport.park(this);
        }
    }

    private void releaseCaller() {
        var waiting = caller;
        caller = null;
        LockSupport.unpark(waiting);
    }

    @Override
    public BatonCoroutine newCoroutine(String name, Runnable body) {
        return new BatonCoroutine(this, name, body);
    }

    @Override
    public void runReady() {
        takeArriving();
        var budget = new Budget();
        for (int n = ready.size(); n > 0; n--) {
            var next = ready.remove();
            holder = next;
            activity.begin(next);
            next.takeBaton();
            while (holder != null) {
                Thread.interrupted();
                LockSupport.park(this);
            }
            activity.idle();
            if (budget.isSpent()) {
                break;
            }
        }
    }

    private void takeArriving() {
        for (BatonCoroutine c; (c = arriving.poll()) != null; ) {
            ready.add(c);
        }
    }

    /** The holder: hands the baton back to the loop body. */
    void giveBack() {
        if (closed) {
            return;
        }
        holder = null;
        LockSupport.unpark(loopThread);
    }

    /** Queues a coroutine for the baton. Any thread. */
    void ready(BatonCoroutine coroutine) {
        if (closed) {
            coroutine.takeBaton();
            return;
        }
        arriving.add(coroutine);
        if (closed && arriving.remove(coroutine)) {
            coroutine.takeBaton();
            return;
        }
        wakeup.run();
    }

    @Override
    public boolean isIdle() {
        return ready.isEmpty() && arriving.isEmpty();
    }

    @Override
    public boolean isCurrent() {
        if (Thread.currentThread() == loopThread) {
            return true;
        }
        var coroutine = BatonCoroutine.current();
        return coroutine != null && coroutine == holder;
    }

    @Override
    public @Nullable Coroutine currentCoroutine() {
        var coroutine = BatonCoroutine.current();
        return coroutine != null && coroutine.engine() == this && !closed ? coroutine : null;
    }

    @Override
    public Thread loopThread() {
        return loopThread;
    }

    @Override
    public void close() {
        closed = true;
        takeArriving();
        ready.forEach(BatonCoroutine::takeBaton);
        ready.clear();
    }
}
