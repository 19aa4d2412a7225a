package whirlwind.http.codec.websocket;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/** What this end wants of a WebSocket; {@code WebSocketUpgrade} says what each means. */
public record WebSocketTerms(
        @Nullable String subprotocol,
        Headers headers,
        int maxMessageSize,
        boolean inParts,
        @Nullable Deflate deflate) {

    /** How messages are compressed, RFC 7692. */
    public record Deflate(
            int level, boolean serverNoContextTakeover, boolean clientNoContextTakeover) {}

    /** The same with other compression, or none. */
    WebSocketTerms withDeflate(@Nullable Deflate deflate) {
        return new WebSocketTerms(subprotocol, headers, maxMessageSize, inParts, deflate);
    }
}
