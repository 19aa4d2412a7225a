package whirlwind.loop;

import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;

/** The callbacks of a loop: queued from any thread, run by the loop body in order. */
final class Callbacks {
    private final Logger log;
    private final Activity activity;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<Runnable> arriving = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private long run;

    Callbacks(Logger log, Activity activity) {
        this.log = log;
        this.activity = activity;
    }

    /** From the loop's own code. */
    void add(Runnable callback) {
        queue.add(callback);
    }

    /** From another thread, which then wakes the loop; false if the loop has closed. */
    boolean addElsewhere(Runnable callback) {
        arriving.add(callback);
        return !(closed && arriving.remove(callback));
    }

    boolean isEmpty() {
        return queue.isEmpty() && arriving.isEmpty();
    }

    long runSoFar() {
        return run;
    }

    /** Runs what is queued now, not what that queues in turn, for one budget at most. */
    void runQueued() {
        takeArriving();
        var budget = new Budget();
        for (int n = queue.size(); n > 0; n--) {
            run(queue.remove());
            if (budget.isSpent()) {
                break;
            }
        }
    }

    /** The same for as long as it takes. */
    void runAllQueued() {
        takeArriving();
        for (int n = queue.size(); n > 0; n--) {
            run(queue.remove());
        }
    }

    void run(Runnable callback) {
        run++;
        activity.begin(callback);
        try {
            callback.run();
        } catch (CancellationException e) {
            log.debug("Callback {} was cancelled", callback);
        } catch (Throwable e) {
            log.error("Exception in callback {}", callback, e);
        }
        Thread.interrupted(); // a flag that it leaves behind is not for the next one, nor for us
        activity.idle();
    }

    /** Runs the deliveries that are queued, and leaves other callbacks queued. */
    void deliver() {
        takeArriving();
        for (int n = queue.size(); n > 0; n--) {
            var callback = queue.remove();
            if (callback instanceof Delivery) {
                run(callback);
            } else {
                queue.add(callback);
            }
        }
    }

    /** Takes no callbacks any more and drops those that are queued, except that deliveries run. */
    void close() {
        closed = true;
        deliver();
        queue.clear();
    }

    private void takeArriving() {
        for (Runnable r; (r = arriving.poll()) != null; ) {
            queue.add(r);
        }
    }

    /**
     * A callback that somebody depends on: the result of a future, the start of a task. A loop that
     * closes runs it instead of dropping it.
     */
    @FunctionalInterface
    interface Delivery extends Runnable {}
}
