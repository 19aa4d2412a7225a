package whirlwind.realtime;

import java.io.Serial;

/** A client is gone, and with it the answer that was waited for. */
public final class HubConnectionClosedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    HubConnectionClosedException(String message) {
        super(message);
    }
}
