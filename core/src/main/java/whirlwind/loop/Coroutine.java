package whirlwind.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one {@link Task}: how it is started, suspended, resumed and cancelled. Confined to
 * the loop, but for {@link #resume}.
 */
abstract sealed class Coroutine permits MountedCoroutine, BatonCoroutine {
    /** Asked for by {@link Task#cancel}; any other reason is the {@link CancelScope} that asked. */
    static final Object CANCELLED = "cancelled";

    /** The task that this runs; set right after construction. */
    @SuppressWarnings("NullAway.Init")
    Task<?> task;

    /** Why this coroutine must end at its next suspension, or null. */
    private @Nullable Object cancelReason;

    private long nextScopeNumber;

    /** What it waits for in {@link Async#await}, so that cancelling reaches it. */
    private @Nullable Future<?> waitingFor;

    /** Makes it ready to run for the first time. */
    abstract void start();

    /**
     * Called by the coroutine: lets the loop go on until {@link #resume}; may also return for no
     * reason.
     */
    abstract void suspend();

    /**
     * Makes a suspended coroutine ready; if it is not suspended, its next suspension ends at once.
     * Any thread.
     */
    abstract void resume();

    /** Runs a call of the JDK that may park the thread, without holding the loop meanwhile. */
    abstract <T> T blocking(Callable<T> call) throws Exception;

    abstract Thread thread();

    final long nextScopeNumber() {
        return nextScopeNumber++;
    }

    /**
     * Asks this coroutine to end. What it waits for is cancelled; a blocking call of the JDK is
     * interrupted. Of several requests that come before one is delivered the widest counts, because
     * it ends the others' scopes too: {@link #CANCELLED}, then outer scopes, then inner ones.
     */
    final void requestCancel(Object reason) {
        if (cancelReason == null || isWider(reason, cancelReason)) {
            cancelReason = reason;
        }
        var future = waitingFor;
        if (future == null || !future.cancel(true)) {
            thread().interrupt();
        }
    }

    private static boolean isWider(Object reason, Object other) {
        return reason == CANCELLED
                || other instanceof CancelScope inner
                        && reason instanceof CancelScope outer
                        && outer.encloses(inner);
    }

    final boolean isCancelRequestedBy(Object reason) {
        return cancelReason == reason;
    }

    /** Takes a request back that {@code reason} made and that has not been delivered. */
    final void withdrawCancel(Object reason) {
        if (cancelReason == reason) {
            cancelReason = null;
            clearInterrupt();
        }
    }

    /** Delivers a cancellation that was asked for; once. */
    final void throwIfCancelled() {
        var reason = cancelReason;
        if (reason != null) {
            cancelReason = null;
            clearInterrupt();
            throw new Cancellation(reason);
        }
    }

    /** Returns when {@code future} is done. */
    final void awaitDone(Future<?> future, Runnable whenDone) {
        if (cancelReason != null) {
            future.cancel(true);
            throwIfCancelled();
        }
        waitingFor = future;
        boolean interrupted = false;
        try {
            whenDone.run();
            while (!future.isDone()) {
                // A set flag would keep the thread from parking.
                interrupted |= Thread.interrupted();
                suspend();
            }
        } finally {
            waitingFor = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        // A result that arrived together with the cancellation is delivered (it may be a permit
        // that nobody else can give back); the cancellation comes at the next suspension.
        if (cancelReason != null && future.state() != Future.State.SUCCESS) {
            throwIfCancelled();
        }
    }

    private static void clearInterrupt() {
        Thread.interrupted();
    }

    /** A cancellation that knows who asked for it. */
    static final class Cancellation extends CancellationException {
        private static final long serialVersionUID = 1;

        private final transient Object reason;

        Cancellation(Object reason) {
            super("cancelled");
            this.reason = reason;
        }

        boolean isFor(Object scope) {
            return reason == scope;
        }
    }
}
