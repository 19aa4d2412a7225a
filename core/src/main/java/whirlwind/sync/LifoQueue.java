package whirlwind.sync;

import java.util.ArrayDeque;
import java.util.Collections;

/**
 * A {@link Queue} whose newest item comes out first. Putters that wait are admitted in the order in
 * which they came.
 *
 * <p>Tornado: {@code queues.LifoQueue}.
 *
 * @param <E> the type of the items
 */
public final class LifoQueue<E> extends Queue<E> {
    /** A queue without bound. */
    public LifoQueue() {
        this(0);
    }

    /**
     * A queue that holds {@code maxsize} items at most; zero means any number.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public LifoQueue(int maxsize) {
        super(maxsize, Collections.asLifoQueue(new ArrayDeque<>()));
    }
}
