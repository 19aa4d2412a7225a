package whirlwind.realtime.engine;

import java.io.Serial;

/** An engine could not do what it was asked for, because it is closed or can't be reached. */
public class EngineUnavailableException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** Says why. */
    public EngineUnavailableException(String message) {
        super(message);
    }

    /** Says why, with what it was found by. */
    public EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
