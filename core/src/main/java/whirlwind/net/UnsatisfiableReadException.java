package whirlwind.net;

import java.io.IOException;
import java.io.Serial;

/**
 * A delimiter or a match didn't end within the bytes that a read was limited to. The stream is
 * closed, for where the next message begins is unknown. Tornado: {@code
 * iostream.UnsatisfiableReadError}.
 */
public final class UnsatisfiableReadException extends StreamClosedException {
    @Serial private static final long serialVersionUID = 1;

    UnsatisfiableReadException(String message) {
        super(message, new IOException(message));
    }
}
