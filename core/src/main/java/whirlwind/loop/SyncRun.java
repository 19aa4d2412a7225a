package whirlwind.loop;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One call of {@link IOLoop#runSync}. */
final class SyncRun<T extends @Nullable Object> {
    private final IOLoop loop;
    private final Callable<T> body;
    private final @Nullable Duration limit;
    private boolean timedOut;
    private boolean ended;

    SyncRun(IOLoop loop, Callable<T> body, @Nullable Duration limit) {
        this.loop = loop;
        this.body = body;
        this.limit = limit;
    }

    T run() {
        loop.checkCanStart();
        var task = new Task<>(loop, "runSync", body);
        loop.launch(task);
        task.whenComplete((value, failure) -> {
            loop.addCallback(this::stop); // after what the body has queued, to end what it closed
        });
        var timer = limit == null ? null : loop.callLater(limit, () -> timeOut(task));
        loop.start();
        ended = true;
        if (timer != null) {
            timer.cancel();
        }
        if (timedOut && limit != null) {
            throw AsyncTimeoutException.after("runSync", limit);
        }
        if (!task.isDone()) {
            task.cancel();
            throw new IllegalStateException(
                    loop.name() + " was stopped before the coroutine of runSync had ended");
        }
        return Outcomes.get(task);
    }

    /** A body that doesn't end when it is cancelled is left behind. */
    private void timeOut(Task<T> task) {
        timedOut = !task.isDone();
        task.cancel();
        loop.addCallback(this::stop);
    }

    /** Only this run: a body that was left behind may end while a later one is on. */
    private void stop() {
        if (!ended) {
            loop.stop();
        }
    }
}
