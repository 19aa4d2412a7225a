package whirlwind.http.codec;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/** What the server offers for an upgrade; its {@code WebSocketUpgrade} says what each means. */
public record WebSocketTerms(
        @Nullable String subprotocol,
        Headers headers,
        int maxMessageSize,
        @Nullable Deflate deflate) {

    /** How messages are compressed, RFC 7692. */
    public record Deflate(
            int level, boolean serverNoContextTakeover, boolean clientNoContextTakeover) {}

    /** The same with what has been agreed on about compression. */
    WebSocketTerms withDeflate(@Nullable Deflate agreed) {
        return new WebSocketTerms(subprotocol, headers, maxMessageSize, agreed);
    }
}
