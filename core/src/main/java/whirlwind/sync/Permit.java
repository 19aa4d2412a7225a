package whirlwind.sync;

/**
 * What {@code acquire} of a {@link Semaphore} or {@link Lock} returns, so that a try statement
 * gives it back:
 *
 * {@snippet :
 * try (var _ = lock.acquire()) {
 *     ...
 * }
 * }
 *
 * <p>Closing it is one {@code release}, nothing more: the same permit is returned by every {@code
 * acquire}, which so costs no memory. Hence close it once for each {@code acquire}, and not after a
 * {@code release} of your own.
 */
public final class Permit implements AutoCloseable {
    private final Runnable release;

    Permit(Runnable release) {
        this.release = release;
    }

    /** Releases what was acquired. On the loop of the semaphore or lock. */
    @Override
    public void close() {
        release.run();
    }
}
