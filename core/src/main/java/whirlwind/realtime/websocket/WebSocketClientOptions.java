package whirlwind.realtime.websocket;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.server.WebSocketUpgrade.DeflateOptions;

/**
 * What a client wants of its WebSocket. Start from {@link #DEFAULTS}; what concerns the connection,
 * such as headers, TLS, a proxy and how long connecting may take, is the {@code HttpRequest}'s to
 * say.
 *
 * @param subprotocols that are offered, the best first; the server chooses one, or none
 * @param deflate how messages are compressed if the server agrees (RFC 7692); null: not at all.
 *     {@code serverNoContextTakeover} is asked of the server then, which has to agree
 * @param pingInterval how often the server is asked for a sign of life; zero: never
 * @param pingTimeout how long it may take to give one, at most the interval, before the connection
 *     is closed with "ping timed out"; zero: for ever; null: the interval
 * @param maxMessageSize bytes in a message, put together and inflated; a larger one closes the
 *     connection with 1009
 * @param inParts whether messages are read as {@link whirlwind.http.WebSocketMessage.TextPart} and
 *     {@link whirlwind.http.WebSocketMessage.BinaryPart}, whatever their length
 * @param client whose requests open the connection, for one with a resolver, defaults or cookies of
 *     its own; its transport has to be the built-in one. Null: one of the loop with the {@linkplain
 *     AsyncHttpClient#configure configured} options
 */
public record WebSocketClientOptions(
        List<String> subprotocols,
        @Nullable DeflateOptions deflate,
        Duration pingInterval,
        @Nullable Duration pingTimeout,
        int maxMessageSize,
        boolean inParts,
        @Nullable AsyncHttpClient client) {
    /** No subprotocol, no compression, a ping each 30 s, messages of 10 MiB. */
    public static final WebSocketClientOptions DEFAULTS =
            new WebSocketClientOptions(
                    List.of(), null, Duration.ofSeconds(30), null, 10 << 20, false, null);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code maxMessageSize} isn't positive, or a time negative
     */
    public WebSocketClientOptions {
        subprotocols = List.copyOf(subprotocols);
        Objects.requireNonNull(pingInterval, "pingInterval");
        Check.positive("maxMessageSize", maxMessageSize);
        Check.notNegative("pingInterval", pingInterval);
        if (pingTimeout != null) {
            Check.notNegative("pingTimeout", pingTimeout);
        }
    }

    /** These options with other subprotocols. */
    public WebSocketClientOptions withSubprotocols(String... subprotocols) {
        return new WebSocketClientOptions(
                List.of(subprotocols),
                deflate,
                pingInterval,
                pingTimeout,
                maxMessageSize,
                inParts,
                client);
    }

    /** These options with another compression, or none. */
    public WebSocketClientOptions withDeflate(@Nullable DeflateOptions deflate) {
        return new WebSocketClientOptions(
                subprotocols, deflate, pingInterval, pingTimeout, maxMessageSize, inParts, client);
    }

    /** These options with other pings. */
    public WebSocketClientOptions withPings(Duration interval, @Nullable Duration timeout) {
        return new WebSocketClientOptions(
                subprotocols, deflate, interval, timeout, maxMessageSize, inParts, client);
    }

    /** These options with another limit for messages, in bytes. */
    public WebSocketClientOptions withMaxMessageSize(int maxMessageSize) {
        return new WebSocketClientOptions(
                subprotocols, deflate, pingInterval, pingTimeout, maxMessageSize, inParts, client);
    }

    /** These options with messages read in parts, or whole. */
    public WebSocketClientOptions withInParts(boolean inParts) {
        return new WebSocketClientOptions(
                subprotocols, deflate, pingInterval, pingTimeout, maxMessageSize, inParts, client);
    }

    /** These options with another client for the request. */
    public WebSocketClientOptions withClient(@Nullable AsyncHttpClient client) {
        return new WebSocketClientOptions(
                subprotocols, deflate, pingInterval, pingTimeout, maxMessageSize, inParts, client);
    }
}
