package whirlwind.loop;

import org.jspecify.annotations.Nullable;

/** Which loop is current where. */
final class CurrentLoop {
    /** Loops bound to threads that aren't run by a loop. */
    private static final ThreadLocal<@Nullable IOLoop> BOUND = new ThreadLocal<>();

    private CurrentLoop() {}

    static @Nullable IOLoop find() {
        if (JdkScheduling.isOpen()) {
            var loop = MountedEngine.currentLoop();
            if (loop != null) {
                return loop;
            }
        }
        var coroutine = BatonCoroutine.current();
        if (coroutine != null && !coroutine.engine().loop().isClosed()) {
            return coroutine.engine().loop();
        }
        var bound = BOUND.get();
        if (bound != null && bound.isClosed()) {
            BOUND.remove(); // by another thread, which could not
            return null;
        }
        return bound;
    }

    static void bind(IOLoop loop) {
        BOUND.set(loop);
    }

    static @Nullable IOLoop swap(IOLoop loop) {
        var before = BOUND.get();
        BOUND.set(loop);
        return before;
    }

    static void restore(@Nullable IOLoop before) {
        if (before == null) {
            BOUND.remove();
        } else {
            BOUND.set(before);
        }
    }

    static void unbind(IOLoop loop) {
        if (BOUND.get() == loop) {
            BOUND.remove();
        }
    }
}
