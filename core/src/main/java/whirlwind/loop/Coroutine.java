package whirlwind.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one {@link Task}: how it is started, suspended, resumed and cancelled. Confined to
 * the loop, but for {@link #resume}.
 */
abstract sealed class Coroutine permits MountedCoroutine, BatonCoroutine {
    /** The task that this runs; set right after construction. */
    @SuppressWarnings("NullAway.Init")
    Task<?> task;

    /** What it has of {@link TaskLocal}s, in their own form; null for nothing. */
    @Nullable Object locals;

    /** Whether {@link Task#cancel} has asked for a cancellation that has not been delivered. */
    private boolean cancelRequested;

    /** The innermost part that can be cancelled on its own, and by its links the outer ones. */
    private @Nullable CancelScope scope;

    /** Whether a cancellation was sent as an interrupt and hasn't been seen to arrive. */
    private boolean interruptSent;

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

    /** Called by the coroutine, before what may park its thread: lets the loop go on meanwhile. */
    abstract void letGo();

    /** After that: waits for its turn. */
    abstract void takeBack();

    /** Runs a call of the JDK that may park the thread, without holding the loop meanwhile. */
    final <T> T blocking(Callable<T> call) throws Exception {
        letGo();
        try {
            return call.call();
        } finally {
            takeBack();
        }
    }

    abstract Thread thread();

    /** Asks this coroutine to end at its suspension or else its next one. */
    final void requestCancel() {
        cancelRequested = true;
        endWait();
    }

    /**
     * A cancellation has been asked for: cancels what this waits for, or interrupts a blocking call
     * of the JDK.
     */
    final void endWait() {
        var future = waitingFor;
        if (future == null) {
            interrupt();
        } else if (!future.cancel(true)) {
            if (future.isDone()) {
                interrupt(); // its result is about to be delivered
            } else {
                waitingFor = null; // it can't be cancelled and is abandoned
                resume();
            }
        }
    }

    private void interrupt() {
        interruptSent = true;
        thread().interrupt();
    }

    /** Delivers a cancellation that was asked for; once. */
    final void throwIfCancelled() {
        boolean delivered = interruptSent && !Thread.currentThread().isInterrupted();
        var reason = takeCancel();
        if (reason != null && !delivered) { // else an InterruptedException has delivered it
            throw new Cancellation(reason);
        }
    }

    /**
     * For a blocking call that was interrupted: the cancellation that this was for, which counts as
     * delivered now; null if nobody asked for one.
     */
    final @Nullable Cancellation takeInterrupt() {
        var reason = takeCancel();
        return reason == null ? null : new Cancellation(reason);
    }

    /**
     * The same for a blocking call that failed, if that is how such a call tells: one on a socket
     * fails in its own way when it is interrupted.
     */
    final @Nullable Cancellation takeInterrupt(Throwable failure) {
        return switch (failure) {
            case InterruptedException interrupt -> takeInterrupt();
            case IOException onSocket -> takeInterrupt();
            case UncheckedIOException onSocket -> takeInterrupt();
            default -> null;
        };
    }

    /**
     * Who has asked for a cancellation: the task before its scopes, an outer scope before an inner
     * one. Inner requests are overtaken, for their scopes end as well.
     */
    private @Nullable Object takeCancel() {
        if (interruptSent) {
            interruptSent = false;
            Thread.interrupted();
        }
        Object reason = null;
        for (var s = scope; s != null; s = s.outer()) {
            if (s.takeRequest()) {
                reason = s;
            }
        }
        if (cancelRequested) {
            cancelRequested = false;
            reason = this;
        }
        return reason;
    }

    /**
     * Takes a delivery back, for code that can't end yet: it comes again at the next suspension.
     */
    final void putBack(Cancellation delivered) {
        if (delivered.reason instanceof CancelScope s) {
            s.request();
        } else {
            requestCancel();
        }
    }

    /** The part that begins is inside of the answer. */
    final @Nullable CancelScope enter(CancelScope inner) {
        var outer = scope;
        scope = inner;
        return outer;
    }

    final void leave(CancelScope ended) {
        scope = ended.outer();
        if (ended.takeRequest() && !isCancelPending()) {
            takeCancel(); // nothing; but an interrupt that was sent is for nobody now
        }
    }

    private boolean isCancelPending() {
        boolean pending = cancelRequested;
        for (var s = scope; s != null; s = s.outer()) {
            pending |= s.isRequested();
        }
        return pending;
    }

    /** Returns when {@code future} is done, or throws if this is cancelled. */
    final void awaitDone(CompletableFuture<?> future) {
        try {
            throwIfCancelled();
        } catch (Cancellation e) {
            future.cancel(true);
            throw e;
        }
        waitingFor = future;
        boolean interrupted = false;
        try {
            resumeWhenDone(future);
            while (!future.isDone() && waitingFor != null) {
                interrupted |= Thread.interrupted(); // a set flag would keep it from suspending
                suspend();
            }
        } finally {
            waitingFor = null;
            if (future instanceof LoopFuture<?> own) {
                own.forget(this);
            }
            if (interrupted) {
                thread().interrupt();
            }
        }
        if (future.state() == Future.State.SUCCESS) {
            // A result that arrived together with the cancellation is delivered (it may be a permit
            // that nobody else can give back); the cancellation comes at the next suspension, and
            // that may be a blocking call of the JDK.
            if (isCancelPending()) {
                interrupt();
            }
            return;
        }
        var cancellation = takeInterrupt();
        if (cancellation != null) {
            throw cancellation;
        }
    }

    private void resumeWhenDone(CompletableFuture<?> future) {
        if (!(future instanceof LoopFuture<?> own) || !own.resumes(this)) {
            future.whenComplete((value, failure) -> resume());
        }
    }

    /**
     * A cancellation that knows what is cancelled: a coroutine as a whole, or one of its scopes.
     */
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

        /** Whether it is this coroutine that is cancelled, or a part of it. */
        boolean isOf(Coroutine coroutine) {
            return reason == coroutine
                    || reason instanceof CancelScope scope && scope.isOf(coroutine);
        }
    }
}
