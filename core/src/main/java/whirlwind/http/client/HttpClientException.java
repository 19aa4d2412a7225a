package whirlwind.http.client;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A request didn't succeed. Of its kinds, {@link HttpStatusException} means that there is a
 * response, and the others that there is none. What the network said comes as it is: {@link
 * whirlwind.net.dns.ResolveException}, {@link whirlwind.net.connect.ConnectFailedException}, {@link
 * whirlwind.net.tls.TlsException}.
 *
 * <p>Tornado: {@code HTTPClientError}.
 */
public class HttpClientException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** The code where there is no response. */
    public static final int NO_RESPONSE = 599;

    /** A failure without response. */
    public HttpClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The response's status, or {@link #NO_RESPONSE}. */
    public int code() {
        return NO_RESPONSE;
    }
}
