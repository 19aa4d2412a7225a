package whirlwind.http.client;

import java.io.Serial;

/**
 * The server's response breaks the rules of HTTP, or a limit of ours; its connection was closed.
 */
public final class HttpProtocolException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    HttpProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
