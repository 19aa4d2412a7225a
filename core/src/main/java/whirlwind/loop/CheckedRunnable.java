package whirlwind.loop;

/**
 * Something to run that has no result and may fail in any way: a {@link Runnable} that may throw.
 */
@FunctionalInterface
public interface CheckedRunnable {
    /** Runs it. */
    void run() throws Exception;
}
