package whirlwind.sync;

import java.util.Comparator;

/**
 * A {@link Queue} whose smallest item comes out first; the order of equal ones is unspecified.
 * Putters that wait are admitted in the order in which they came, whatever they bring.
 *
 * <p>Tornado: {@code queues.PriorityQueue}.
 *
 * @param <E> the type of the items
 */
public final class PriorityQueue<E> extends Queue<E> {
    /**
     * A queue without bound, of items that are {@link Comparable}; putting in others throws {@link
     * ClassCastException}.
     */
    public PriorityQueue() {
        this(0);
    }

    /**
     * A queue that holds {@code maxsize} items at most (zero means any number) that are {@link
     * Comparable}.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public PriorityQueue(int maxsize) {
        super(maxsize, new java.util.PriorityQueue<>());
    }

    /**
     * The same with an order of your own.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public PriorityQueue(int maxsize, Comparator<? super E> order) {
        super(maxsize, new java.util.PriorityQueue<>(order));
    }
}
