package whirlwind.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a loop is running right now, for the watchdog to look at from its own thread. The loop
 * writes two fields per callback or resumption and reads no clock; the watchdog knows that a loop
 * is held when it sees the same number twice.
 */
final class Activity {
    private static final VarHandle COUNT;
    private static final VarHandle WHAT;

    static {
        try {
            var lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(Activity.class, "count", long.class);
            WHAT = lookup.findVarHandle(Activity.class, "what", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long count;
    private @Nullable Object what;

    /** The loop begins to run {@code what}: a callback, or a {@link Coroutine}. */
    void begin(Object what) {
        WHAT.setOpaque(this, what);
        COUNT.setRelease(this, count + 1);
    }

    /** The loop runs nobody's code. */
    void idle() {
        WHAT.setOpaque(this, null);
    }

    long count() {
        return (long) COUNT.getAcquire(this);
    }

    @Nullable Object what() {
        return WHAT.getOpaque(this);
    }
}
