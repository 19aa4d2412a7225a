package whirlwind.web;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpStatus;

/**
 * Ends a request with an error status: thrown anywhere in a handler's coroutine. The client is told
 * the status and its reason; the message is for the log alone. Tornado: {@code web.HTTPError}.
 */
public class HttpError extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String reason;

    /** An error that is not worth a line in the log. */
    public HttpError(int status) {
        this(status, null);
    }

    /** An error with a message for the log. */
    public HttpError(int status, @Nullable String logMessage) {
        this(status, logMessage, null);
    }

    /**
     * An error with a reason phrase of its own.
     *
     * @param status 400 to 599
     * @param logMessage what the log says, null for nothing
     * @param reason what the status line says, null for the standard phrase
     */
    public HttpError(int status, @Nullable String logMessage, @Nullable String reason) {
        super(logMessage);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (400 to 599)");
        }
        this.status = status;
        this.reason = reason;
    }

    /** The status that the client is told. */
    public final int status() {
        return status;
    }

    /** The reason phrase, null for the standard one. */
    public final @Nullable String reason() {
        return reason;
    }

    @Override
    public String toString() {
        var text = "HTTP " + status + ": " + (reason != null ? reason : HttpStatus.reason(status));
        return getMessage() == null ? text : text + " (" + getMessage() + ")";
    }
}
