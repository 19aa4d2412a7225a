package whirlwind.realtime;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a client that is slow; made when it is, and dropped when it has caught up. All
 * goes out in the order in which it came.
 */
final class SendQueue {
    /** Whose turn it is: a frame of its own, or the next one of a subscription. */
    private final ArrayDeque<Object> order = new ArrayDeque<>();

    private final int maxSize;
    private int size;

    SendQueue(int maxSize) {
        this.maxSize = maxSize;
    }

    /** Whether more waits than may. */
    boolean isTooLarge() {
        return size > maxSize;
    }

    boolean isHalfFull() {
        return size > maxSize / 2;
    }

    void add(Frame frame) {
        size += frame.size();
        order.add(frame);
    }

    /** Whether the subscriber may go on: not if its queue is full and that ends it. */
    boolean add(Frame frame, ConnectionSubscription subscription) {
        var queue = subscription.queue;
        if (queue == null) {
            queue = new ArrayDeque<>();
            subscription.queue = queue;
        }
        if (queue.size() >= subscription.options().queueSize()) {
            switch (subscription.options().overflow()) {
                case DROP_NEWEST -> {
                    return true;
                }
                case CLOSE -> {
                    return false;
                }
                case DROP_OLDEST -> {
                    size -= queue.remove().size();
                    order.removeFirstOccurrence(subscription); // mostly among the first
                }
            }
        }
        order.add(subscription);
        queue.add(frame);
        size += frame.size();
        return true;
    }

    /** The next frame; null if there is none. */
    @Nullable Frame poll() {
        for (Object next; (next = order.poll()) != null; ) {
            if (next instanceof Frame frame) {
                size -= frame.size();
                return frame;
            }
            var frame = poll((ConnectionSubscription) next);
            if (frame != null) {
                size -= frame.size();
                return frame;
            }
        }
        return null;
    }

    /** Null if the subscription has ended meanwhile. */
    private static @Nullable Frame poll(ConnectionSubscription subscription) {
        var queue = subscription.queue;
        if (queue == null) {
            return null;
        }
        var frame = Objects.requireNonNull(queue.poll());
        if (queue.isEmpty()) {
            subscription.queue = null;
        }
        return frame;
    }
}
