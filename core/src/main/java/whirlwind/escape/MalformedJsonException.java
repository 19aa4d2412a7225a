package whirlwind.escape;

import java.io.Serial;

/**
 * Text that is not JSON, or JSON that does not fit the class it was to become. The message says
 * where.
 */
public final class MalformedJsonException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1;

    /** Says what is wrong and where. */
    public MalformedJsonException(String message) {
        super(message);
    }

    /** As {@link #MalformedJsonException(String)}, with what the parser said. */
    public MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
