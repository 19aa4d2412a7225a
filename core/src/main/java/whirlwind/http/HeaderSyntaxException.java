package whirlwind.http;

import java.io.Serial;

/**
 * A header's name or value that must not go on the wire, such as one with a line break in it (which
 * would let whoever chose the value write headers of their own). The caller's fault; the peer's is
 * {@link HttpInputException}.
 */
public final class HeaderSyntaxException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1;

    /** Says which part was refused and why. */
    public HeaderSyntaxException(String message) {
        super(message);
    }
}
