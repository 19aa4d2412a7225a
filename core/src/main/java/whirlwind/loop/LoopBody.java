package whirlwind.loop;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.transport.LoopIo;
import whirlwind.transport.Transport;

/**
 * What the loop's own thread does, turn after turn, and what it does it with. {@link IOLoop} is the
 * door to it and keeps the thread rules.
 */
final class LoopBody implements Runnable {
    /** How long Netty's own tasks may hold a turn. */
    private static final long TASK_NANOS = Budget.NANOS;

    /** How long a loop that closes waits for cancelled coroutines. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    final Activity activity = new Activity();
    final Callbacks callbacks = new Callbacks(log, activity);
    final Tasks tasks = new Tasks(log);
    final Turns turns = new Turns();
    final Timers timers;
    final Clock clock;
    final LoopIo io;
    final Engine engine;
    final Descriptors descriptors;
    final Shared shared = new Shared(log);

    private final IOLoop loop;
    private final Ticker ticker;
    private final BooleanSupplier workElsewhere;
    private volatile boolean stopRequested;
    private volatile boolean closed;
    private @Nullable Closing closing;

    /** How to close: {@link IOLoop#close(boolean)}. */
    private record Closing(boolean allFds) {}

    /**
     * @param checkAccess throws when the calling thread may not touch the loop
     * @param workElsewhere whether a result is still to come from another thread
     */
    LoopBody(
            IOLoop loop, LoopOptions options, Runnable checkAccess, BooleanSupplier workElsewhere) {
        this.loop = loop;
        this.ticker = options.ticker();
        this.workElsewhere = workElsewhere;
        this.timers = new Timers(checkAccess);
        this.clock = new Clock(ticker);
        this.engine = Engines.open(options.engine(), loop, activity, this, this::wakeup);
        this.io = new LoopIo(Transport.choose(options.transport()), this::isIdle, this::isCurrent);
        this.descriptors = new Descriptors(io, callbacks);
        io.ownedBy(engine.loopThread());
    }

    private void wakeup() {
        io.wakeup();
    }

    boolean isCurrent() {
        return engine.isCurrent();
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Ends {@link Engine#run} after the turn that runs, or else after the first of the next run.
     */
    void requestStop() {
        stopRequested = true;
        io.wakeup();
    }

    /** Makes the next {@link Engine#run} the last. The loop doesn't run. */
    void requestClose(boolean allFds) {
        closing = new Closing(allFds);
    }

    /** However it came to that: nothing will be run any more. */
    void closed() {
        closed = true;
    }

    /** Queues a callback; false if the loop is closed. Any thread. */
    boolean post(Runnable callback) {
        if (closed) {
            return false;
        }
        if (isCurrent()) {
            callbacks.add(callback);
            return true;
        }
        boolean added = callbacks.addElsewhere(callback);
        io.wakeup();
        return added;
    }

    /** Starts a task; one that can't start any more is cancelled. Any thread. */
    void launch(Task<?> task) {
        if (isCurrent()) {
            start(task);
        } else if (!post((Callbacks.Delivery) () -> start(task))) {
            task.completeCancelled();
        }
    }

    private void start(Task<?> task) {
        if (closed) {
            task.completeCancelled();
            return;
        }
        tasks.add(task);
        task.coroutine().start();
    }

    /** The life of the loop's own thread. */
    @Override
    public void run() {
        CurrentLoop.bind(loop);
        LoopIo.runWithCaches(() -> {
            while (closing == null) {
                do {
                    turn();
                } while (!stopRequested);
                stopRequested = false;
                engine.pause();
            }
            shutDown(closing);
        });
    }

    private void turn() {
        turns.begin();
        do {
            runOnce();
        } while (!callbacks.isEmpty() && !stopRequested && !turns.isOver());
        turns.end();
        poll(Ticker.NEVER);
    }

    private void runOnce() {
        callbacks.runQueued();
        fireTimers();
        engine.runReady();
    }

    private void fireTimers() {
        if (timers.size() == 0) {
            return;
        }
        long now = clock.nanos();
        long made = timers.nextSequence();
        var budget = new Budget();
        for (Timeout due; (due = timers.pollDue(now, made)) != null; ) {
            callbacks.run(due.callback);
            if (budget.isSpent()) {
                break;
            }
        }
    }

    private boolean isIdle() {
        return callbacks.isEmpty() && engine.isIdle() && !stopRequested;
    }

    /** Waits for something to do, until the system's clock says {@code latest} if nothing comes. */
    private void poll(long latest) {
        long next = timers.nextDeadline();
        if (!isIdle()) {
            io.pollNow(TASK_NANOS);
        } else if (clock.isSystem()) {
            waitUntil(Math.min(next, latest));
        } else {
            io.pollNow(TASK_NANOS);
            boolean due = next - clock.nanos() <= 0;
            if (isIdle() && !due && (workElsewhere.getAsBoolean() || !ticker.skipTo(next))) {
                waitUntil(latest);
            }
        }
    }

    private void waitUntil(long latest) {
        io.poll(latest == Ticker.NEVER ? LoopIo.NO_DEADLINE : latest, TASK_NANOS);
    }

    private void shutDown(Closing how) {
        stopRequested = false;
        shared.close();
        io.pollNow(CLOSE_GRACE.toNanos()); // channels that were closed by that say so
        callbacks.deliver(); // tasks that are queued start, to be cancelled with the others
        tasks.cancelAll();
        awaitTasks(System.nanoTime() + CLOSE_GRACE.toNanos());
        shared.close(); // what they have made meanwhile
        closed = true;
        tasks.reportLeft(loop.name());
        descriptors.close(how.allFds());
        timers.clear();
        callbacks.close();
        io.close();
        engine.close();
    }

    private void awaitTasks(long graceEnds) {
        while (tasks.live() > 0 && System.nanoTime() - graceEnds < 0) {
            runOnce();
            if (tasks.live() > 0) {
                poll(graceEnds);
            } else {
                callbacks.runAllQueued(); // they may have left the end of their clean-up to these
            }
        }
    }
}
