package whirlwind.realtime.session;

import java.io.Serial;
import whirlwind.web.HttpError;

/** A request of a session is refused, with a frame that says why. */
final class SessionException extends HttpError {
    @Serial private static final long serialVersionUID = 1;

    private final String code;
    private final String message;

    /**
     * @param code for programs
     * @param message for people
     */
    SessionException(int status, String code, String message) {
        super(status);
        this.code = code;
        this.message = message;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }
}
