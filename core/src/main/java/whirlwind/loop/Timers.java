package whirlwind.loop;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pending timers of a loop: a binary heap in which each timer knows its place, so that adding,
 * cancelling and firing take O(log n) with a million pending. A cancelled timer is gone at once,
 * for most timers are timeouts that are cancelled.
 */
final class Timers {
    private static final int FIRST_CAPACITY = 16;

    private final Runnable confinement;
    private @Nullable Timeout[] heap = new @Nullable Timeout[FIRST_CAPACITY];
    private int size;
    private long nextSequence;

    /**
     * @param confinement throws when the calling thread may not touch the timers
     */
    Timers(Runnable confinement) {
        this.confinement = confinement;
    }

    int size() {
        return size;
    }

    /** When the next timer is due, or {@link Ticker#NEVER}. */
    long nextDeadline() {
        return size == 0 ? Ticker.NEVER : at(0).deadlineNanos;
    }

    /** The sequence number that the next timer will get. */
    long nextSequence() {
        return nextSequence;
    }

    Timeout add(long deadlineNanos, Runnable callback) {
        confinement.run();
        var timeout = new Timeout(this, deadlineNanos, nextSequence++, callback);
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        siftUp(size++, timeout);
        return timeout;
    }

    void cancel(Timeout timeout) {
        confinement.run();
        if (timeout.isPending()) {
            removeAt(timeout.index);
        }
    }

    /**
     * Takes the earliest timer that is due at {@code nowNanos} and was made before {@code
     * sequenceLimit}, so that timers which fire at once and make timers which fire at once can't
     * hold the loop.
     */
    @Nullable Timeout pollDue(long nowNanos, long sequenceLimit) {
        if (size == 0) {
            return null;
        }
        var first = at(0);
        if (first.deadlineNanos - nowNanos > 0 || first.sequence >= sequenceLimit) {
            return null;
        }
        removeAt(0);
        return first;
    }

    void clear() {
        while (size > 0) {
            removeAt(size - 1);
        }
        heap = new @Nullable Timeout[FIRST_CAPACITY];
    }

    private void removeAt(int index) {
        at(index).index = Timeout.GONE;
        var last = at(--size);
        heap[size] = null;
        if (index == size) {
            return;
        }
        siftDown(index, last);
        if (last.index == index) {
            siftUp(index, last);
        }
    }

    private void siftUp(int index, Timeout timeout) {
        int hole = index;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (!timeout.isBefore(at(parent))) {
                break;
            }
            place(hole, at(parent));
            hole = parent;
        }
        place(hole, timeout);
    }

    private void siftDown(int index, Timeout timeout) {
        int hole = index;
        for (int child; (child = 2 * hole + 1) < size; hole = child) {
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            if (!at(child).isBefore(timeout)) {
                break;
            }
            place(hole, at(child));
        }
        place(hole, timeout);
    }

    private void place(int index, Timeout timeout) {
        heap[index] = timeout;
        timeout.index = index;
    }

    private Timeout at(int index) {
        return Objects.requireNonNull(heap[index]);
    }
}
