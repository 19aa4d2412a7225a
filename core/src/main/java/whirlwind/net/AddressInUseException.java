package whirlwind.net;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/**
 * A server can't listen because another program listens on that port. The message tells people what
 * to do.
 */
public final class AddressInUseException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    /** With the port that is in use. */
    public AddressInUseException(int port, IOException cause) {
        super(
                "port "
                        + port
                        + " is in use on this machine: stop the program that has it, or choose another port",
                cause);
    }
}
