package whirlwind.loop;

import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that belongs to a coroutine and is inherited by those it starts: what a request is called
 * in logs, who asked for it. Each coroutine has its own; setting it changes nothing for others that
 * run already.
 *
 * <p>Inherited by {@code Async.spawn}, {@code IOLoop.spawnCallback} and {@code TaskGroup.spawn}
 * when a coroutine of the same loop calls them, and seen by what it offloads ({@code
 * Async.offload}, {@code IOLoop.runInExecutor}); not by callbacks and timers. The same on both
 * engines, where a {@link ScopedValue} would end with the coroutine. Python: {@code contextvars}.
 *
 * @param <T> the type of the value
 */
public final class TaskLocal<T> {
    /** One value that a coroutine has; the latest first. Never changed, so it can be inherited. */
    private record Bound(TaskLocal<?> local, Object value, @Nullable Bound next) {}

    /** What a coroutine has whose call this thread runs. */
    private static final ThreadLocal<@Nullable Bound> LENT = new ThreadLocal<>();

    private final @Nullable Function<? super T, ? extends AutoCloseable> whenInherited;

    /** A value that is nowhere set yet. */
    public TaskLocal() {
        whenInherited = null;
    }

    /**
     * The same.
     *
     * @param whenInherited called first thing in each coroutine that inherits a value, and by each
     *     thread that runs a call for a coroutine, with the value: to set a thread-local of a
     *     library, for example. What it returns is closed by a thread that goes on to other things
     */
    public TaskLocal(Function<? super T, ? extends AutoCloseable> whenInherited) {
        this.whenInherited = whenInherited;
    }

    /**
     * The value of the calling coroutine, or of the one whose call this thread runs; null if there
     * is none.
     */
    @SuppressWarnings("unchecked") // set has checked it
    public @Nullable T get() {
        for (var bound = all(); bound != null; bound = bound.next) {
            if (bound.local == this) {
                return (T) bound.value;
            }
        }
        return null;
    }

    private static @Nullable Bound all() {
        var loop = IOLoop.currentOrNull();
        if (loop == null) {
            return LENT.get();
        }
        var coroutine = loop.currentCoroutine();
        return coroutine == null ? null : (Bound) coroutine.locals;
    }

    /**
     * Sets the calling coroutine's value, for it and those that it starts from now on.
     *
     * @throws IllegalStateException if the caller is no coroutine
     */
    public void set(T value) {
        var coroutine = Async.currentCoroutine("TaskLocal.set");
        coroutine.locals = new Bound(this, value, without((Bound) coroutine.locals));
    }

    /** The other values: that of this local, which there is once at most, is replaced. */
    private @Nullable Bound without(@Nullable Bound bound) {
        if (bound == null || bound.local == this) {
            return bound == null ? null : bound.next;
        }
        var rest = without(bound.next);
        return rest == bound.next ? bound : new Bound(bound.local, bound.value, rest);
    }

    /** Called by a coroutine that has inherited; its thread ends with it. */
    static void inherited(Object locals) {
        for (var bound = (Bound) locals; bound != null; bound = bound.next) {
            var _ = bound.local.tell(bound.value);
        }
    }

    /** A call of a coroutine that has these, for a thread that has other things to do. */
    static <T extends @Nullable Object> Callable<T> lent(Object locals, Callable<T> call) {
        return () -> {
            if (IOLoop.currentOrNull() != null) {
                return call.call(); // run at once by the coroutine itself
            }
            LENT.set((Bound) locals);
            try {
                return told((Bound) locals, call);
            } finally {
                LENT.remove();
            }
        };
    }

    private static <T extends @Nullable Object> T told(@Nullable Bound bound, Callable<T> call)
            throws Exception {
        if (bound == null) {
            return call.call();
        }
        try (var _ = bound.local.tell(bound.value)) {
            return told(bound.next, call);
        }
    }

    @SuppressWarnings("unchecked") // as above
    private @Nullable AutoCloseable tell(Object value) {
        return whenInherited == null ? null : whenInherited.apply((T) value);
    }
}
