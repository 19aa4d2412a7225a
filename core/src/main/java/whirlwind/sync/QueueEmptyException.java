package whirlwind.sync;

import java.io.Serial;
import java.util.NoSuchElementException;

/** {@link Queue#getNowait} found nothing. Tornado: {@code queues.QueueEmpty}. */
public final class QueueEmptyException extends NoSuchElementException {
    @Serial private static final long serialVersionUID = 1;

    QueueEmptyException() {
        super("the queue is empty");
    }
}
