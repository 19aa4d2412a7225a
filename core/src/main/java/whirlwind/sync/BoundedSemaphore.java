package whirlwind.sync;

/**
 * A {@link Semaphore} that never has more permits than at first: it catches code that releases too
 * often.
 *
 * <p>Tornado: {@code locks.BoundedSemaphore}.
 */
public final class BoundedSemaphore extends Semaphore {
    private final int bound;

    /** A semaphore of one permit. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * A semaphore of {@code permits} permits.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public BoundedSemaphore(int permits) {
        super(permits);
        bound = permits;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if nothing has been acquired
     */
    @Override
    public void release() {
        if (availablePermits() >= bound) {
            throw new IllegalStateException(
                    "released more often than acquired: all " + bound + " permits are there");
        }
        super.release();
    }
}
