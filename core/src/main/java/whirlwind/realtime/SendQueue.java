package whirlwind.realtime;

import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.protocol.Frame;

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

    /** Drops what waits for a subscription, which ends. */
    void forget(ConnectionSubscription subscription) {
        var queue = subscription.queue;
        if (queue != null) {
            queue.forEach(frame -> size -= frame.size());
            subscription.queue = null;
            order.removeIf(each -> each == subscription);
        }
    }

    /** The next frame; null if there is none. */
    @Nullable Frame poll() {
        var next = order.poll();
        if (next == null) {
            return null;
        }
        var frame = next instanceof Frame own ? own : poll((ConnectionSubscription) next);
        size -= frame.size();
        return frame;
    }

    private static Frame poll(ConnectionSubscription subscription) {
        var queue = Objects.requireNonNull(subscription.queue);
        var frame = queue.remove();
        if (queue.isEmpty()) {
            subscription.queue = null;
        }
        return frame;
    }
}
