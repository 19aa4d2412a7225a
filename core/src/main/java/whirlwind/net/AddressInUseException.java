package whirlwind.net;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/**
 * A server can't listen because another program listens on that address. The message tells people
 * what to do.
 */
public final class AddressInUseException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    /** With what is in use, such as "port 80". */
    public AddressInUseException(String what, IOException cause) {
        super(
                what
                        + " is in use on this machine: stop the program that has it, or choose another one",
                cause);
    }
}
