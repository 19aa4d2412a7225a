package whirlwind.loop;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A part of a coroutine that can be cancelled on its own: {@link #cancel} ends the body at its
 * suspension, and {@link #run}'s caller goes on. Scopes nest; what cancels an outer one goes
 * before.
 */
final class CancelScope {
    private final Coroutine coroutine;
    private @Nullable CancelScope outer;
    private boolean active = true;
    private boolean cancelled;

    /** Asked for and not delivered. */
    private boolean requested;

    CancelScope(Coroutine coroutine) {
        this.coroutine = coroutine;
    }

    @Nullable CancelScope outer() {
        return outer;
    }

    boolean isOf(Coroutine other) {
        return coroutine == other;
    }

    void cancel() {
        if (active && !cancelled) {
            cancelled = true;
            request();
        }
    }

    void request() {
        requested = true;
        coroutine.endWait();
    }

    boolean isRequested() {
        return requested;
    }

    boolean takeRequest() {
        boolean taken = requested;
        requested = false;
        return taken;
    }

    /**
     * Runs the body. If it ends by this scope's cancellation, {@code whenCancelled} says how to go
     * on. A blocking call of the JDK that was interrupted for the cancellation counts as it.
     */
    <T extends @Nullable Object> T run(Callable<T> body, Callable<T> whenCancelled)
            throws Exception {
        outer = coroutine.enter(this);
        try {
            return body.call();
        } catch (Coroutine.Cancellation e) {
            return goOnAfter(e, whenCancelled);
        } catch (Exception e) {
            var cancellation = coroutine.takeInterrupt(e);
            if (cancellation == null) {
                throw e;
            }
            return goOnAfter(cancellation, whenCancelled);
        } finally {
            active = false;
            coroutine.leave(this);
        }
    }

    private <T extends @Nullable Object> T goOnAfter(
            Coroutine.Cancellation cancellation, Callable<T> whenCancelled) throws Exception {
        if (cancellation.isFor(this)) {
            return whenCancelled.call();
        }
        throw cancellation;
    }
}
