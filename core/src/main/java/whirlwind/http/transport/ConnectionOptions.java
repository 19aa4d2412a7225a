package whirlwind.http.transport;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.net.dns.Resolver;

/**
 * How a client holds its connections. Start from {@link #DEFAULTS}.
 *
 * @param idleTimeout how long a connection is kept for the next request to the same place; zero
 *     closes it after each
 * @param maxPerHost connections to one place, in use and kept; further requests wait for one
 * @param maxHeaderSize bytes in a response's header fields together; more is an error
 * @param resolver makes what finds the addresses of names, for each client on its loop, such as an
 *     {@link whirlwind.net.dns.OverrideResolver}; it is closed with the client. Null: {@link
 *     Resolver#create}. Tornado: {@code resolver} and {@code hostname_mapping}
 */
public record ConnectionOptions(
        Duration idleTimeout,
        int maxPerHost,
        int maxHeaderSize,
        @Nullable Supplier<? extends Resolver> resolver) {
    /** Kept for a minute, 1,000 per host at most, headers of 64 KiB. */
    public static final ConnectionOptions DEFAULTS =
            new ConnectionOptions(Duration.ofMinutes(1), 1_000, 64 << 10, null);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the timeout is negative, or a limit isn't positive
     */
    public ConnectionOptions {
        Objects.requireNonNull(idleTimeout, "idleTimeout");
        Check.notNegative("idleTimeout", idleTimeout);
        Check.positive("maxPerHost", maxPerHost);
        Check.positive("maxHeaderSize", maxHeaderSize);
    }

    /** These options with another idle timeout. */
    public ConnectionOptions withIdleTimeout(Duration idleTimeout) {
        return new ConnectionOptions(idleTimeout, maxPerHost, maxHeaderSize, resolver);
    }

    /** These options with another number of connections per host. */
    public ConnectionOptions withMaxPerHost(int maxPerHost) {
        return new ConnectionOptions(idleTimeout, maxPerHost, maxHeaderSize, resolver);
    }

    /** These options with another way to find addresses. */
    public ConnectionOptions withResolver(@Nullable Supplier<? extends Resolver> resolver) {
        return new ConnectionOptions(idleTimeout, maxPerHost, maxHeaderSize, resolver);
    }

    /** These options with another limit for headers. */
    public ConnectionOptions withMaxHeaderSize(int maxHeaderSize) {
        return new ConnectionOptions(idleTimeout, maxPerHost, maxHeaderSize, resolver);
    }
}
