package whirlwind.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.AsyncTimeoutException;
import whirlwind.loop.IOLoop;

/**
 * Hands items from coroutines that put to coroutines that get: first in, first out, bounded if you
 * like.
 *
 * {@snippet :
 * var pages = new Queue<URI>(100);
 * Async.spawn(() -> {
 *     for (var page : pages) {
 *         try {
 *             crawl(page);
 *         } finally {
 *             pages.taskDone();
 *         }
 *     }
 * });
 * pages.put(start);
 * pages.join();
 * }
 *
 * <p>A full queue makes putters wait, which is how a slow consumer slows its producer; an empty one
 * makes getters wait. Both wait in line. A putter's item is in the queue only when there is room
 * for it, so a {@code put} that is cancelled or times out leaves nothing behind. Items are never
 * null.
 *
 * <p>Confined to the loop that uses it first. Tornado: {@code queues.Queue}; instead of overriding
 * {@code _init}, {@code _put} and {@code _get}, a subclass gives its order of items to the
 * {@linkplain #Queue(int, java.util.Queue) constructor}.
 *
 * @param <E> the type of the items
 */
public class Queue<E> implements Iterable<E> {
    private final Confinement confinement = new Confinement(this);
    private final int maxsize;
    private final java.util.Queue<E> items;

    /** Waits only while the queue is empty. */
    private final WaitLine<E> getters = new WaitLine<>();

    /** Waits only while the queue is full. */
    private final WaitLine<E> putters = new WaitLine<>();

    private final WaitLine<Queue<E>> joiners = new WaitLine<>();
    private long unfinished;

    /** A queue without bound: {@link #put} never waits. */
    public Queue() {
        this(0);
    }

    /**
     * A queue that holds {@code maxsize} items at most; zero means any number.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    public Queue(int maxsize) {
        this(maxsize, new ArrayDeque<>());
    }

    /**
     * For queues of another order: {@code storage} keeps the items and decides which one {@link
     * java.util.Queue#remove()} gives next. It must be empty and take every item, and nobody else
     * may touch it.
     *
     * @throws IllegalArgumentException if {@code maxsize} is negative
     */
    protected Queue(int maxsize, java.util.Queue<E> storage) {
        if (maxsize < 0) {
            throw new IllegalArgumentException(
                    "maxsize: " + maxsize + " (at least 0, which is: no bound)");
        }
        this.maxsize = maxsize;
        this.items = storage;
    }

    // ---- putting ----

    /** Puts an item in; suspends the calling coroutine until there is room. */
    public final void put(E item) {
        putWithin(item, null);
    }

    /**
     * The same with a limit.
     *
     * @throws AsyncTimeoutException when the limit passes, at once if it is zero or less; the item
     *     is then not put in
     */
    public final void put(E item, Duration limit) {
        putWithin(item, limit);
    }

    private void putWithin(E item, @Nullable Duration limit) {
        Objects.requireNonNull(item, "item");
        confinement.check();
        if (isFull()) {
            putters.awaitTaken(item, limit, "Queue.put");
        } else {
            enter(item);
        }
    }

    /**
     * Puts an item in without waiting. Outside of coroutines too.
     *
     * @throws QueueFullException if there is no room
     */
    public final void putNowait(E item) {
        Objects.requireNonNull(item, "item");
        confinement.check();
        if (isFull()) {
            throw new QueueFullException(maxsize);
        }
        enter(item);
    }

    private void enter(E item) {
        if (!getters.handOver(item)) {
            items.add(item); // may refuse it
        }
        unfinished++;
    }

    // ---- getting ----

    /** Takes the next item out; suspends the calling coroutine until there is one. */
    public final E get() {
        return getWithin(null);
    }

    /**
     * The same with a limit.
     *
     * @throws AsyncTimeoutException when the limit passes; at once if it is zero or less
     */
    public final E get(Duration limit) {
        return getWithin(limit);
    }

    private E getWithin(@Nullable Duration limit) {
        confinement.check();
        return items.isEmpty() ? getters.await(limit, "Queue.get") : take();
    }

    /**
     * Takes the next item out without waiting. Outside of coroutines too.
     *
     * @throws QueueEmptyException if there is none
     */
    public final E getNowait() {
        confinement.check();
        if (items.isEmpty()) {
            throw new QueueEmptyException();
        }
        return take();
    }

    /** The room that the item leaves goes to the putter that has waited longest. */
    private E take() {
        var item = items.remove();
        while (!putters.isEmpty() && !isFull()) {
            putters.takeFromFirst(this::enter);
        }
        return item;
    }

    /** Every item from now on, each as by {@link #get()}; it never ends by itself. */
    @Override
    public final Iterator<E> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public E next() {
                return get();
            }
        };
    }

    // ---- work done ----

    /**
     * Says that the work on one item that was taken out is done; {@link #join} waits until that is
     * so for all.
     *
     * @throws IllegalStateException if it is called more often than items were put in
     */
    public final void taskDone() {
        confinement.check();
        if (unfinished == 0) {
            throw new IllegalStateException(
                    "taskDone was called more often than items were put in");
        }
        if (--unfinished == 0) {
            for (int left = joiners.size(); left > 0; left--) {
                joiners.handOver(this);
            }
        }
    }

    /**
     * Waits until the work on every item is done; returns at once if none is left to do. If items
     * were put in again before the caller came to run, it waits for those too, so that when this
     * returns nothing is left to do.
     */
    public final void join() {
        confinement.check();
        while (unfinished > 0) {
            joiners.await(null, "Queue.join");
        }
    }

    /**
     * The same with a limit.
     *
     * @throws AsyncTimeoutException when the limit passes; at once if it is zero or less
     */
    public final void join(Duration limit) {
        confinement.check();
        if (unfinished > 0 && !limit.isPositive()) {
            throw WaitLine.timedOut("Queue.join", limit);
        }
        if (unfinished > 0) {
            joinUntil(IOLoop.current(), limit);
        }
    }

    private void joinUntil(IOLoop loop, Duration limit) {
        Instant start = loop.time();
        do {
            var left = limit.minus(Duration.between(start, loop.time()));
            if (!joiners.awaitWithin(left)) {
                throw WaitLine.timedOut("Queue.join", limit);
            }
        } while (unfinished > 0);
    }

    // ---- looking ----

    /** How many items the queue holds at most; zero: any number. Any thread. */
    public final int maxsize() {
        return maxsize;
    }

    /**
     * How many items are in the queue. From another thread the answer may be out of date. Tornado:
     * {@code qsize}.
     */
    public final int size() {
        return items.size();
    }

    /** Whether there is nothing to get. From another thread the answer may be out of date. */
    public final boolean isEmpty() {
        return items.isEmpty();
    }

    /**
     * Whether there is no room; never for a queue without bound. From another thread it may be out
     * of date.
     */
    public final boolean isFull() {
        return maxsize > 0 && items.size() >= maxsize;
    }

    /** For example {@code Queue[maxsize 2, items [a, b], putters 1, unfinished 2]}. On the loop. */
    @Override
    public String toString() {
        var text =
                new StringBuilder(getClass().getSimpleName()).append("[maxsize ").append(maxsize);
        append(text, "items ", items.size(), items);
        append(text, "getters ", getters.size(), getters.size());
        append(text, "putters ", putters.size(), putters.size());
        append(text, "unfinished ", unfinished, unfinished);
        return text.append(']').toString();
    }

    private static void append(StringBuilder text, String what, long count, Object value) {
        if (count > 0) {
            text.append(", ").append(what).append(value);
        }
    }
}
