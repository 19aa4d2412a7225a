package whirlwind.sync;

import java.io.Serial;

/** {@link Queue#putNowait} found no room. Tornado: {@code queues.QueueFull}. */
public final class QueueFullException extends IllegalStateException {
    @Serial private static final long serialVersionUID = 1;

    QueueFullException(int maxsize) {
        super("the queue is full: %d items (at most %d)".formatted(maxsize, maxsize));
    }
}
