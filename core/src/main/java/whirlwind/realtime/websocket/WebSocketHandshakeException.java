package whirlwind.realtime.websocket;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import whirlwind.http.client.HttpClientException;
import whirlwind.http.client.HttpResponse;

/**
 * A server didn't open a WebSocket: it answered with another status than 101, redirects included,
 * or with what is no answer to this handshake. Tornado: {@code HTTPError} and {@code
 * WebSocketError} from {@code websocket_connect}.
 */
public final class WebSocketHandshakeException extends HttpClientException {
    @Serial private static final long serialVersionUID = 1;

    private final transient @Nullable HttpResponse response;

    WebSocketHandshakeException(
            String message, @Nullable HttpResponse response, @Nullable Throwable cause) {
        super(message, cause);
        this.response = response;
    }

    /** The response's status, or {@link #NO_RESPONSE} if it was 101 and no answer. */
    @Override
    public int code() {
        return response == null ? NO_RESPONSE : response.code();
    }

    /** What the server answered; null if that was 101, but no answer. */
    public @Nullable HttpResponse response() {
        return response;
    }
}
