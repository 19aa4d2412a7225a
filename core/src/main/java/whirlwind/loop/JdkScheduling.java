package whirlwind.loop;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The one place that reaches into the JDK: virtual threads with a scheduler of our own. JDK 25 has
 * them for its own tests, in a package that must be opened to us; a later JDK may offer the same
 * officially, and then this class changes.
 */
final class JdkScheduling {
    /** What a user adds to the command line when the package is closed. */
    static final String FLAG = "--add-opens java.base/java.lang=" + moduleName();

    private static final @Nullable JdkScheduling INSTANCE = find();

    private final MethodHandle newVirtualThread;
    private final MethodHandle currentCarrier;
    private final MethodHandle cachedBindings;
    private final MethodHandle findBindings;
    private final VarHandle bindings;

    private JdkScheduling(MethodHandles.Lookup lookup) throws ReflectiveOperationException {
        var builders = Class.forName("java.lang.ThreadBuilders");
        newVirtualThread =
                MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                        .findStatic(
                                builders,
                                "newVirtualThread",
                                MethodType.methodType(
                                        Thread.class,
                                        Executor.class,
                                        String.class,
                                        int.class,
                                        Runnable.class));
        currentCarrier =
                lookup.findStatic(
                        Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        cachedBindings =
                lookup.findStatic(
                        Thread.class, "scopedValueBindings", MethodType.methodType(Object.class));
        findBindings =
                lookup.findStatic(
                        Thread.class,
                        "findScopedValueBindings",
                        MethodType.methodType(Object.class));
        bindings = lookup.findVarHandle(Thread.class, "scopedValueBindings", Object.class);
    }

    /** The hook, or null where the package is closed to us or the JDK has changed. */
    static @Nullable JdkScheduling instance() {
        return INSTANCE;
    }

    private static @Nullable JdkScheduling find() {
        try {
            return new JdkScheduling(
                    MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup()));
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
    Thread newThread(Executor scheduler, String name, Runnable body) {
        try {
            return (Thread) newVirtualThread.invokeExact(scheduler, name, 0, body);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** The platform thread that runs the caller, be the caller virtual or that thread itself. */
    Thread currentCarrier() {
        try {
            return (Thread) currentCarrier.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Lets {@code child}, not yet started, see the {@link ScopedValue}s that are bound in the
     * calling thread. Right only where the caller outlives the child with the same values bound, as
     * it does in a {@link TaskGroup}.
     */
    void inheritScopedValues(Thread child) {
        try {
            Object bound = (Object) cachedBindings.invokeExact();
            if (bound == null) {
                bound = (Object) findBindings.invokeExact();
            }
            if (bound != null
                    && bound != Thread.class) { // Thread.class stands for "a new thread, nothing
                // bound"
                bindings.set(child, bound);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
