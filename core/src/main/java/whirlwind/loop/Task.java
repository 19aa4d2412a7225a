package whirlwind.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running coroutine, and the future of its result; made by {@link Async#spawn} and {@link
 * TaskGroup#spawn}. Dependent stages run on the task's loop.
 *
 * <p>A failure that nobody looks at within a second (by awaiting or getting the result, or with a
 * dependent stage) is logged with its stack. Tornado: what calling a coroutine returns.
 *
 * @param <T> the type of the result
 */
public final class Task<T extends @Nullable Object> extends ObservedFuture<T> {
    private static final Logger log = LoggerFactory.getLogger(IOLoop.class);

    private final String name;
    private final Callable<T> body;
    private final Coroutine coroutine;
    private boolean logFailure;
    private boolean finishing;

    /** Neighbours in the loop's list of {@link Tasks}. */
    @Nullable Task<?> previous;

    @Nullable Task<?> next;

    Task(IOLoop loop, String name, Callable<T> body) {
        super(loop);
        this.name = name;
        this.body = body;
        this.coroutine = loop.newCoroutine(name, this::run);
        this.coroutine.task = this;
        var maker = loop.currentCoroutine();
        this.coroutine.locals = maker == null ? null : maker.locals;
    }

    /**
     * The task of the calling coroutine.
     *
     * @throws IllegalStateException if the caller is no coroutine
     */
    public static Task<?> current() {
        return Async.currentCoroutine("Task.current").task;
    }

    /** What the coroutine is called in logs, as given when it was spawned. Any thread. */
    public String name() {
        return name;
    }

    /** Where the coroutine is now: its innermost call first; empty if it has ended. Any thread. */
    public StackTraceElement[] stack() {
        return coroutine.thread().getStackTrace();
    }

    /**
     * Asks the coroutine to end: its suspension, or else its next one, throws {@link
     * CancellationException}, and what it awaits is cancelled too. The task is done when the
     * coroutine has ended, which may be later than this returns; a coroutine that catches the
     * exception may clean up, waiting if need be, and may even go on. A blocking call of the JDK is
     * interrupted. Any thread.
     *
     * @param mayInterruptIfRunning has no effect
     * @return whether the coroutine had not ended yet
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (isDone()) {
            return false;
        }
        if (loop.isCurrent()) {
            coroutine.requestCancel();
        } else {
            loop.addCallback(() -> {
                if (!isDone()) {
                    coroutine.requestCancel();
                }
            });
        }
        return true;
    }

    /** As {@link #cancel(boolean)}. */
    public boolean cancel() {
        return cancel(true);
    }

    /**
     * For what has to be done at the end, such as telling others who has gone: a loop that {@link
     * IOLoop#close closes} does not cancel this coroutine, but waits for it, two seconds at most.
     * On the loop.
     *
     * @return this
     */
    public Task<T> finishBeforeClose() {
        finishing = true;
        return this;
    }

    boolean isFinishing() {
        return finishing;
    }

    @Override
    String what() {
        return "Coroutine " + name;
    }

    Coroutine coroutine() {
        return coroutine;
    }

    /** A failure is logged when it happens: nobody will look at this task. */
    void logFailure() {
        logFailure = true;
    }

    void completeCancelled() {
        super.completeExceptionally(new CancellationException("cancelled before it started"));
    }

    private void run() {
        try {
            coroutine.throwIfCancelled();
            if (coroutine.locals != null) {
                TaskLocal.inherited(coroutine.locals);
            }
            T result = body.call();
            loop.registry().remove(this);
            super.complete(result);
        } catch (Throwable e) {
            loop.registry().remove(this);
            boolean interrupted =
                    coroutine.takeInterrupt(e) != null || e instanceof InterruptedException;
            failed(interrupted ? interrupted(e) : e);
        }
    }

    private void failed(Throwable failure) {
        if (logFailure) {
            see();
        }
        fail(failure);
        if (logFailure && !(failure instanceof CancellationException)) {
            log.error("Exception in coroutine {}", name, failure);
        }
    }

    private static CancellationException interrupted(Throwable cause) {
        var e = new CancellationException("interrupted");
        e.initCause(cause);
        return e;
    }

    /** Not for callers: the coroutine itself decides. */
    @Override
    public boolean complete(T value) {
        throw new UnsupportedOperationException("a task is completed by its coroutine");
    }

    /** Not for callers: the coroutine itself decides; {@link #cancel} asks it to end. */
    @Override
    public boolean completeExceptionally(Throwable failure) {
        throw new UnsupportedOperationException("a task is completed by its coroutine");
    }

    @Override
    public String toString() {
        return "Task[%s, %s]".formatted(name, state());
    }
}
