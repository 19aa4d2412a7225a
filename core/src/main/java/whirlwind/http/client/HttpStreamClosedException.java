package whirlwind.http.client;

import java.io.Serial;

/** The connection ended before the response did. Tornado: {@code HTTPStreamClosedError}. */
public final class HttpStreamClosedException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    HttpStreamClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
