package whirlwind.realtime;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.protocol.Frame;

/**
 * What waits for a client that is slow; made when it is, and dropped when it has caught up. All
 * goes out in the order in which it came.
 */
final class SendQueue {
    /** What waits of one subscription, which keeps it. */
    static final class Part {
        private final TopicOptions options;
        private final ArrayDeque<Frame> frames = new ArrayDeque<>();

        private Part(TopicOptions options) {
            this.options = options;
        }
    }

    /** What is next: a frame of the connection's own, or the first one of a subscription. */
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
        var part = subscription.waiting;
        if (part == null) {
            part = new Part(subscription.options());
            subscription.waiting = part;
        }
        if (part.frames.size() >= part.options.queueSize()) {
            switch (part.options.overflow()) {
                case DROP_NEWEST -> {
                    return true;
                }
                case CLOSE -> {
                    return false;
                }
                case DROP_OLDEST -> {
                    size -= part.frames.remove().size();
                    order.removeFirstOccurrence(part); // mostly among the first
                }
            }
        }
        order.add(part);
        part.frames.add(frame);
        size += frame.size();
        return true;
    }

    /** Drops what waits for a subscription, which ends. */
    void forget(ConnectionSubscription subscription) {
        var part = subscription.waiting;
        if (part != null) {
            part.frames.forEach(frame -> size -= frame.size());
            subscription.waiting = null;
            order.removeIf(each -> each == part);
        }
    }

    /** The next frame; null if there is none. */
    @Nullable Frame poll() {
        var next = order.poll();
        if (next == null) {
            return null;
        }
        var frame = next instanceof Part part ? part.frames.remove() : (Frame) next;
        size -= frame.size();
        return frame;
    }
}
