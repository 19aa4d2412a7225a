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
    private long run;

    Callbacks(Logger log, Activity activity) {
        this.log = log;
        this.activity = activity;
    }

    /** From the loop's own code. */
    void add(Runnable callback) {
        queue.add(callback);
    }

    /** From another thread, which then wakes the loop. */
    void addElsewhere(Runnable callback) {
        arriving.add(callback);
    }

    boolean isEmpty() {
        return queue.isEmpty() && arriving.isEmpty();
    }

    long runSoFar() {
        return run;
    }

    /** Runs what is queued now, not what that queues in turn, for one budget at most. */
    void runQueued() {
        for (Runnable r; (r = arriving.poll()) != null; ) {
            queue.add(r);
        }
        var budget = new Budget();
        for (int n = queue.size(); n > 0; n--) {
            run(queue.remove());
            if (budget.isSpent()) {
                break;
            }
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
        activity.idle();
    }

    void clear() {
        queue.clear();
        arriving.clear();
    }
}
