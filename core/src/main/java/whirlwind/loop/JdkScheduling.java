package whirlwind.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that reaches into the JDK: virtual threads with a scheduler of our own. JDK 25 has
 * them for its own tests, in a package that must be opened to us; a later JDK may offer the same
 * officially, and then this class changes.
 */
final class JdkScheduling {
    /* A record, because the JIT takes the fields of a record in a static final field for constants: a call through a
     * handle that it knows costs what the call itself does. */
    private record Handles(
            MethodHandle newVirtualThread,
            MethodHandle carrier,
            MethodHandle cachedBindings,
            MethodHandle findBindings,
            VarHandle bindings) {}

    /** What a user adds to the command line when the package is closed. */
    static final String FLAG = "--add-opens java.base/java.lang=" + moduleName();

    private static final @Nullable Handles HANDLES = find();

    private JdkScheduling() {}

    /** False where the package is closed to us or the JDK has changed: then nothing else works. */
    static boolean isOpen() {
        return HANDLES != null;
    }

    private static Handles handles() {
        return Objects.requireNonNull(HANDLES, FLAG);
    }

    private static @Nullable Handles find() {
        try {
            var lookup = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup());
            var builders = Class.forName("java.lang.ThreadBuilders");
            var makeThread =
                    MethodType.methodType(
                            Thread.class, Executor.class, String.class, int.class, Runnable.class);
            var getObject = MethodType.methodType(Object.class);
            return new Handles(
                    MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                            .findStatic(builders, "newVirtualThread", makeThread),
                    lookup.findStatic(
                            Thread.class,
                            "currentCarrierThread",
                            MethodType.methodType(Thread.class)),
                    lookup.findStatic(Thread.class, "scopedValueBindings", getObject),
                    lookup.findStatic(Thread.class, "findScopedValueBindings", getObject),
                    lookup.findVarHandle(Thread.class, "scopedValueBindings", Object.class));
        } catch (ReflectiveOperationException closed) {
            return null;
        }
    }

    private static String moduleName() {
        var module = JdkScheduling.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    /**
     * An unstarted virtual thread whose continuation is given to {@code scheduler} each time that
     * it can run.
     */
    static Thread newThread(Executor scheduler, String name, Runnable body) {
        try {
            return (Thread) handles().newVirtualThread.invokeExact(scheduler, name, 0, body);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The platform thread that runs the caller, be the caller virtual or that thread itself. */
    static Thread currentCarrier() {
        try {
            return (Thread) handles().carrier.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The {@link ScopedValue}s that are bound in the calling thread; null if there are none. */
    static @Nullable Object scopedValues() {
        try {
            Object bound = (Object) handles().cachedBindings.invokeExact();
            if (bound == null) {
                bound = (Object) handles().findBindings.invokeExact();
            }
            return bound == Thread.class ? null : bound; // which stands for "a new thread"
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Lets {@code child}, not yet started, see {@link #scopedValues} of another thread. Right only
     * where that one outlives the child with the same values bound, as in a {@link TaskGroup}.
     */
    static void bindScopedValues(Thread child, Object bound) {
        handles().bindings.set(child, bound);
    }
}
