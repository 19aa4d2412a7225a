package whirlwind.process;

import java.io.Serial;

/** Workers died more often than they may be restarted. The message says which one was the last. */
public final class WorkerException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    WorkerException(String message) {
        super(message);
    }
}
