package whirlwind.http;

import java.io.Serial;

/**
 * The peer sent something malformed, forbidden or too large: its fault, not ours. Tornado's {@code
 * HTTPInputError}.
 *
 * <p>The message is for the log and may quote the input; a client is told the {@link #status} and
 * its standard reason only.
 */
public final class HttpInputException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int status;

    /** Malformed input: answered with 400. */
    public HttpInputException(String message) {
        this(400, message);
    }

    /**
     * Input to be answered with {@code status}: 400, 413 (content too large), 414 (target), 431
     * (header), 501 and their like.
     */
    public HttpInputException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** As {@link #HttpInputException(int, String)}, with what found it out. */
    public HttpInputException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /**
     * The status a server answers this with, 400 to 599. A client that read a bad response has no
     * use for it.
     */
    public int status() {
        return status;
    }
}
