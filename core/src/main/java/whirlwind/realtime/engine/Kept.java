package whirlwind.realtime.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The publications of a topic that are kept, oldest first: added at one end, removed at the other,
 * and read from any place in between without a walk to it. Not thread-safe.
 */
final class Kept {
    private static final int MIN_CAPACITY = 8;

    /** A ring; its length is a power of two. */
    private @Nullable Publication[] ring = new Publication[MIN_CAPACITY];

    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(Publication publication) {
        if (size == ring.length) {
            resize(2 * size);
        }
        ring[(first + size) & (ring.length - 1)] = publication;
        size++;
    }

    void removeFirst() {
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        if (size < ring.length / 4 && ring.length > MIN_CAPACITY) {
            resize(ring.length / 2);
        }
    }

    Publication get(int index) {
        return Objects.requireNonNull(ring[(first + index) & (ring.length - 1)]);
    }

    /** So many from a place on, at most; a copy. */
    List<Publication> list(int from, int limit) {
        int count = Math.min(limit, size - from);
        var found = new ArrayList<Publication>(count);
        for (int i = 0; i < count; i++) {
            found.add(get(from + i));
        }
        return found;
    }

    private void resize(int capacity) {
        var moved = new Publication[capacity];
        for (int i = 0; i < size; i++) {
            moved[i] = get(i);
        }
        ring = moved;
        first = 0;
    }
}
