package whirlwind.sync;

import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * Holds an object to one loop: the first that uses it. Before that, code outside of any loop may
 * set it up; binding at construction would make fields of objects built before the loop useless.
 */
final class Confinement {
    private final Object confined;
    private @Nullable IOLoop loop;

    Confinement(Object confined) {
        this.confined = confined;
    }

    /**
     * @throws IllegalStateException if the caller isn't run by the loop of the object
     */
    void check() {
        if (loop == null || !loop.isCurrent()) {
            bindOrRefuse();
        }
    }

    private void bindOrRefuse() {
        var caller = runningLoop();
        if (loop == null) {
            loop = caller;
            return;
        }
        throw new IllegalStateException(
                "this %s belongs to %s, but is used by %s: use addCallback of that loop"
                        .formatted(
                                confined.getClass().getSimpleName(),
                                loop.name(),
                                caller != null ? caller.name() : Thread.currentThread()));
    }

    /** The loop that runs the caller; null outside of loops. */
    private static @Nullable IOLoop runningLoop() {
        var loop = IOLoop.currentOrNull();
        return loop != null && loop.isCurrent() ? loop : null;
    }
}
