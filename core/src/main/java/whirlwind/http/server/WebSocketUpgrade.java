package whirlwind.http.server;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.Headers;

/**
 * How a request becomes a WebSocket. Start from {@link #DEFAULTS}.
 *
 * @param subprotocol one of those that the client offered, or null for none; not checked against
 *     the offer
 * @param headers fields for the 101 response beside those of the handshake; the exchange may keep
 *     them
 * @param maxMessageSize bytes in a message, put together and inflated; a larger one closes the
 *     connection with 1009
 * @param inParts whether messages are heard as {@link whirlwind.http.WebSocketMessage.TextPart} and
 *     {@link whirlwind.http.WebSocketMessage.BinaryPart}, as they come, whatever their length: a
 *     part has about 64 KiB at most, up to a MiB of what was compressed, and {@code maxMessageSize}
 *     doesn't apply
 * @param deflate how messages are compressed if the client offers {@code permessage-deflate} (RFC
 *     7692); null: not at all
 */
public record WebSocketUpgrade(
        @Nullable String subprotocol,
        Headers headers,
        int maxMessageSize,
        boolean inParts,
        @Nullable DeflateOptions deflate) {
    /** No subprotocol, no further headers, messages of 10 MiB, no compression. */
    public static final WebSocketUpgrade DEFAULTS =
            new WebSocketUpgrade(null, new Headers(), 10 << 20, false, null);

    /**
     * What a response with status 426 says, to who asks for a version that isn't spoken here: which
     * ones are, RFC 6455 section 4.4, and that an upgrade is what it should ask for, RFC 9110
     * section 15.5.22. A new object each time; may be called on any thread.
     */
    public static Headers required() {
        return Headers.of(
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Version",
                "13, 8, 7");
    }

    /**
     * How messages are compressed, RFC 7692. What a client asks for beyond that is agreed to:
     * {@code server_no_context_takeover}, and a window ({@code server_max_window_bits}) from 256
     * bytes to 32 KiB, each at the price of larger messages. Its own window ({@code
     * client_max_window_bits}) it may choose as it likes: it is read with the largest.
     *
     * <p>Memory, outside the heap, for all WebSockets of a server on one loop: 512 compressors of
     * 256 KiB, of which the one used least recently is given up when another is needed, for a
     * sender may begin anew whenever it likes; and 4,096 decompressors of 40 KiB, beyond which
     * clients are told {@code client_no_context_takeover}.
     *
     * @param level 1 (fast) to 9 (small), or -1 for zlib's default, 6
     * @param serverNoContextTakeover whether this side compresses each message by itself: larger on
     *     the wire, but nothing is kept between messages
     * @param clientNoContextTakeover whether the client is told to do so
     */
    public record DeflateOptions(
            int level, boolean serverNoContextTakeover, boolean clientNoContextTakeover) {
        /** Level 6, contexts kept. */
        public static final DeflateOptions DEFAULTS = new DeflateOptions(-1, false, false);

        /**
         * Checks the level.
         *
         * @throws IllegalArgumentException if it is out of range
         */
        public DeflateOptions {
            if (level < -1 || level == 0 || level > 9) {
                throw new IllegalArgumentException("level: " + level + " (expected 1 to 9, or -1)");
            }
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code maxMessageSize} is not positive
     */
    public WebSocketUpgrade {
        Objects.requireNonNull(headers, "headers");
        Check.positive("maxMessageSize", maxMessageSize);
    }

    /** These options with another subprotocol, or none. */
    public WebSocketUpgrade withSubprotocol(@Nullable String subprotocol) {
        return new WebSocketUpgrade(subprotocol, headers, maxMessageSize, inParts, deflate);
    }

    /** These options with other headers. */
    public WebSocketUpgrade withHeaders(Headers headers) {
        return new WebSocketUpgrade(subprotocol, headers, maxMessageSize, inParts, deflate);
    }

    /** These options with another limit for messages, in bytes. */
    public WebSocketUpgrade withMaxMessageSize(int maxMessageSize) {
        return new WebSocketUpgrade(subprotocol, headers, maxMessageSize, inParts, deflate);
    }

    /** These options with messages heard in parts, or whole. */
    public WebSocketUpgrade withInParts(boolean inParts) {
        return new WebSocketUpgrade(subprotocol, headers, maxMessageSize, inParts, deflate);
    }

    /** These options with another compression, or none. */
    public WebSocketUpgrade withDeflate(@Nullable DeflateOptions deflate) {
        return new WebSocketUpgrade(subprotocol, headers, maxMessageSize, inParts, deflate);
    }
}
