package whirlwind.loop;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The tasks of a loop that have started and not ended, as a list threaded through the tasks
 * themselves: it costs a coroutine two references. Also the failures, of futures too, that nobody
 * has looked at so far.
 */
final class Tasks {
    private final Logger log;
    private final Set<ObservedFuture<?>> unseenFailures = new LinkedHashSet<>();
    private @Nullable Task<?> first;
    private long started;
    private int live;

    Tasks(Logger log) {
        this.log = log;
    }

    void add(Task<?> task) {
        started++;
        live++;
        task.next = first;
        if (first != null) {
            first.previous = task;
        }
        first = task;
    }

    void remove(Task<?> task) {
        live--;
        var previous = task.previous;
        var next = task.next;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        task.previous = null;
        task.next = null;
    }

    long started() {
        return started;
    }

    int live() {
        return live;
    }

    List<Task<?>> list() {
        var list = new ArrayList<Task<?>>(live);
        for (var task = first; task != null; task = task.next) {
            list.add(task);
        }
        return list;
    }

    /** Cancels those that may be, when the loop closes. */
    void cancelAll() {
        list().stream().filter(task -> !task.isFinishing()).forEach(Task::cancel);
    }

    /** Keeps a failure until somebody looks at it or {@link #reportFailure} comes. */
    void rememberFailure(ObservedFuture<?> future) {
        unseenFailures.add(future);
    }

    void reportFailure(ObservedFuture<?> future) {
        if (unseenFailures.remove(future)) {
            logUnseen(future);
        }
    }

    void logUnseen(ObservedFuture<?> future) {
        if (!future.isSeen()) {
            log.error(
                    "{} failed and nobody has looked at it", future.what(), future.exceptionNow());
        }
    }

    void reportLeft(String loop) {
        List.copyOf(unseenFailures).forEach(this::reportFailure);
        for (var task : list()) {
            var where = new Throwable("where " + task.name() + " is");
            where.setStackTrace(task.stack());
            log.error(
                    "{} closed while coroutine {} was running: it did not end when cancelled",
                    loop,
                    task.name(),
                    where);
        }
    }
}
