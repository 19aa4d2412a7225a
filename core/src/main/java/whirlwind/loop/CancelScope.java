package whirlwind.loop;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A part of a coroutine that can be cancelled on its own: {@link #cancel} ends the body at its
 * suspension, and {@link #run}'s caller goes on.
 */
final class CancelScope {
    private final Coroutine coroutine;

    /** Scopes of one coroutine are nested in the order in which they were made. */
    private final long number;

    private boolean active = true;
    private boolean cancelled;

    CancelScope(Coroutine coroutine) {
        this.coroutine = coroutine;
        this.number = coroutine.nextScopeNumber();
    }

    boolean encloses(CancelScope other) {
        return number < other.number;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void cancel() {
        if (active && !cancelled) {
            cancelled = true;
            coroutine.requestCancel(this);
        }
    }

    /**
     * Runs the body. If it ends by this scope's cancellation, {@code whenCancelled} says how to go
     * on.
     *
     * <p>A blocking call of the JDK that was interrupted for this scope counts as the cancellation
     * too.
     */
    <T extends @Nullable Object> T run(Callable<T> body, Callable<T> whenCancelled)
            throws Exception {
        try {
            return body.call();
        } catch (Coroutine.Cancellation e) {
            if (e.isFor(this)) {
                return whenCancelled.call();
            }
            throw e;
        } catch (InterruptedException e) {
            if (cancelled) {
                return whenCancelled.call();
            }
            throw e;
        } catch (CancellationException e) {
            // What the body awaited was cancelled along with it, and says so itself.
            if (cancelled && coroutine.isCancelRequestedBy(this)) {
                return whenCancelled.call();
            }
            throw e;
        } finally {
            active = false;
            coroutine.withdrawCancel(this);
        }
    }
}
