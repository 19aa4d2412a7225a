package whirlwind.net.connect;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/**
 * No connection could be made: refused, unreachable, or the source address can't be used. The
 * message names the address; where several were tried, it is the last failure, and the others are
 * suppressed in it.
 */
public class ConnectFailedException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    /** A failure that says what was connected to, and why it failed. */
    public ConnectFailedException(String message, IOException cause) {
        super(message, cause);
    }
}
