package whirlwind.loop;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A value that belongs to a coroutine and is inherited by those it starts: what a request is called
 * in logs, who asked for it. Each coroutine has its own; setting it changes nothing for others that
 * run already.
 *
 * <p>Inherited by {@code Async.spawn}, {@code IOLoop.spawnCallback} and {@code TaskGroup.spawn}
 * when a coroutine of the same loop calls them; not by callbacks, timers and {@code Async.offload}.
 * The same on both engines, where a {@link ScopedValue} would end with the coroutine. Python:
 * {@code contextvars}.
 *
 * @param <T> the type of the value
 */
public final class TaskLocal<T> {
    /** One value that a coroutine has; the latest first. Never changed, so it can be inherited. */
    private record Bound(TaskLocal<?> local, Object value, @Nullable Bound next) {}

    private final @Nullable Consumer<? super T> whenInherited;

    /** A value that is nowhere set yet. */
    public TaskLocal() {
        whenInherited = null;
    }

    /**
     * The same.
     *
     * @param whenInherited called first thing in each coroutine that inherits a value, with it: to
     *     set a thread-local of a library, for example
     */
    public TaskLocal(Consumer<? super T> whenInherited) {
        this.whenInherited = whenInherited;
    }

    /** The calling coroutine's value; null if it has none, or if the caller is no coroutine. */
    @SuppressWarnings("unchecked") // set has checked it
    public @Nullable T get() {
        var loop = IOLoop.currentOrNull();
        var coroutine = loop == null ? null : loop.currentCoroutine();
        for (var bound = coroutine == null ? null : (Bound) coroutine.locals;
                bound != null;
                bound = bound.next) {
            if (bound.local == this) {
                return (T) bound.value;
            }
        }
        return null;
    }

    /**
     * Sets the calling coroutine's value, for it and those that it starts from now on.
     *
     * @throws IllegalStateException if the caller is no coroutine
     */
    public void set(T value) {
        var coroutine = Async.currentCoroutine("TaskLocal.set");
        coroutine.locals = new Bound(this, value, (Bound) coroutine.locals);
    }

    /** Called by a coroutine that has inherited. */
    static void inherited(Object locals) {
        for (var bound = (Bound) locals; bound != null; bound = bound.next) {
            bound.local.tell(bound.value);
        }
    }

    @SuppressWarnings("unchecked") // as above
    private void tell(Object value) {
        if (whenInherited != null) {
            whenInherited.accept((T) value);
        }
    }
}
