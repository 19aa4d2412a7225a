package whirlwind.loop;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Coroutines and the loop body as virtual threads on one platform thread, the carrier: whichever
 * thread called {@link #run}.
 *
 * <p>The carrier is a trampoline over a queue of continuations. It takes no lock and runs no user
 * code of its own, because the loop body must be able to wait for a lock behind a coroutine of the
 * same loop: as virtual threads both leave the carrier free meanwhile. A loop body that sat on the
 * carrier directly would deadlock there for good.
 */
final class MountedEngine implements Engine {
    private static final ConcurrentHashMap<Thread, MountedEngine> BY_CARRIER =
            new ConcurrentHashMap<>();

    private final IOLoop loop;
    private final Activity activity;
    private final Runnable wakeup;
    private final Thread loopThread;

    /** Continuations that can run; touched on the carrier only. */
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();

    /** Continuations that other threads made ready. */
    private final ConcurrentLinkedQueue<Runnable> readyElsewhere = new ConcurrentLinkedQueue<>();

    private @Nullable Runnable loopContinuation;
    private volatile boolean loopReady;

    private volatile @Nullable Thread carrier;
    private volatile boolean carrierParked;
    private volatile boolean closed;
    private boolean paused = true;
    private @Nullable Throwable failure;
    private @Nullable Coroutine current;

    MountedEngine(IOLoop loop, Activity activity, Runnable loopBody, Runnable wakeup) {
        this.loop = loop;
        this.activity = activity;
        this.wakeup = wakeup;
        this.loopThread =
                JdkScheduling.newThread(
                        this::loopReady,
                        loop.name(),
                        () -> {
                            try {
                                loopBody.run();
                            } catch (Throwable e) {
                                failure = e;
                            }
                            paused = true;
                        });
    }

    /** The loop whose carrier runs the calling thread, or null. */
    static @Nullable IOLoop currentLoop() {
        var engine = BY_CARRIER.get(JdkScheduling.currentCarrier());
        return engine == null ? null : engine.loop;
    }

    @Override
    public void run() {
        throwFailure();
        var thread = Thread.currentThread();
        boolean interrupted = Thread.interrupted(); // mounting a virtual thread would clear it
        carrier = thread;
        BY_CARRIER.put(thread, this);
        paused = false;
        if (loopThread.getState() == Thread.State.NEW) {
            loopThread.start();
        } else {
            LockSupport.unpark(loopThread);
        }
        while (!paused) {
            runBatch();
            var body = takeLoopContinuation();
            if (body != null) {
                body.run();
            } else if (isIdle() && !paused) {
                interrupted |= parkCarrier();
            }
        }
        BY_CARRIER.remove(thread);
        carrier = null;
        if (interrupted) {
            thread.interrupt();
        }
        throwFailure();
    }

    private void throwFailure() {
        if (failure != null) {
            throw new IllegalStateException(loop.name() + " has broken down", failure);
        }
    }

    private @Nullable Runnable takeLoopContinuation() {
        if (!loopReady) {
            return null;
        }
        loopReady = false;
        return loopContinuation;
    }

    /**
     * The loop body itself is parked, in a lock for example, and no coroutine can run. Answers
     * whether the thread had been interrupted, which would keep it from parking; {@link #run} sets
     * that again when it ends.
     */
    private boolean parkCarrier() {
        carrierParked = true;
        if (isIdle() && !loopReady) {
            LockSupport.park(this);
        }
        carrierParked = false;
        return Thread.interrupted();
    }

    private void runBatch() {
        for (Runnable r; (r = readyElsewhere.poll()) != null; ) {
            ready.add(r);
        }
        var budget = new Budget();
        for (Runnable r; (r = ready.poll()) != null; ) {
            r.run();
            if (budget.isSpent()) {
                break;
            }
        }
    }

    @Override
    public void pause() {
        paused = true;
        while (paused) {
            Thread.interrupted(); // a set flag would keep the thread from parking
            LockSupport.park(this);
        }
    }

    @Override
    public MountedCoroutine newCoroutine(String name, Runnable body) {
        return new MountedCoroutine(this, name, body);
    }

    @Override
    public void runReady() {
        if (!isIdle()) {
            Thread.yield(); // back to the carrier, which runs a batch and then the loop body again
        }
    }

    @Override
    public boolean isIdle() {
        return ready.isEmpty() && readyElsewhere.isEmpty();
    }

    @Override
    public boolean isCurrent() {
        return JdkScheduling.currentCarrier() == carrier;
    }

    @Override
    public @Nullable Coroutine currentCoroutine() {
        return isCurrent() ? current : null;
    }

    @Override
    public Thread loopThread() {
        return loopThread;
    }

    void enter(MountedCoroutine coroutine) {
        current = coroutine;
        activity.begin(coroutine);
    }

    void leave() {
        current = null;
        activity.idle();
    }

    /**
     * Queues a continuation. Called by the JDK with the caller pinned: lock-free, never blocking.
     * Any thread.
     */
    void ready(Runnable continuation) {
        if (closed) {
            runElsewhere(continuation);
        } else if (isCurrent()) {
            ready.add(continuation);
        } else {
            readyElsewhere.add(continuation);
            if (closed && readyElsewhere.remove(continuation)) {
                runElsewhere(continuation);
                return;
            }
            wakeup.run();
            unparkCarrier();
        }
    }

    /** Called by the JDK, as {@link #ready} is. */
    private void loopReady(Runnable continuation) {
        if (loopContinuation == null) {
            loopContinuation = continuation; // the same object each time, by the JDK's contract
        }
        if (continuation != loopContinuation) {
            ready(continuation); // a virtual thread that a callback made inherits this scheduler
            return;
        }
        loopReady = true;
        if (!isCurrent()) {
            unparkCarrier();
        }
    }

    private void unparkCarrier() {
        if (carrierParked) {
            LockSupport.unpark(carrier);
        }
    }

    /**
     * What is left of coroutines that didn't end runs on the JDK's threads, so that nothing waits
     * for them for ever.
     */
    @Override
    public void close() {
        closed = true;
        for (Runnable r; (r = readyElsewhere.poll()) != null; ) {
            runElsewhere(r);
        }
        for (Runnable r; (r = ready.poll()) != null; ) {
            runElsewhere(r);
        }
    }

    private static void runElsewhere(Runnable continuation) {
        ForkJoinPool.commonPool().execute(continuation);
    }
}
