package whirlwind.http.client;

import java.time.Duration;
import java.util.Set;
import whirlwind.check.Check;

/**
 * Whether a request that didn't succeed is sent again. Only ones that do no harm when they arrive
 * twice are (RFC 9110 section 9.2.2: GET, HEAD, OPTIONS, PUT, DELETE), and only while the request's
 * timeout lasts. What is tried again: failures to connect, connections that end early, timeouts
 * while connecting, and some statuses.
 *
 * @param retries how often at most, after the first time; 0 for never
 * @param delay before the first retry; doubled before each further one. A longer {@code
 *     Retry-After} in seconds wins
 * @param statuses that are tried again
 */
public record RetryPolicy(int retries, Duration delay, Set<Integer> statuses) {
    /** Nothing is sent again. */
    public static final RetryPolicy NONE = new RetryPolicy(0, Duration.ZERO, Set.of());

    /** What servers answer that will soon be well: 429, 502, 503, 504. */
    public static final Set<Integer> TRANSIENT_STATUSES = Set.of(429, 502, 503, 504);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public RetryPolicy {
        Check.notNegative("retries", retries);
        Check.notNegative("delay", delay);
        statuses = Set.copyOf(statuses);
    }

    /** So many retries, after 100 ms, 200 ms and so on, for {@link #TRANSIENT_STATUSES} too. */
    public static RetryPolicy of(int retries) {
        return new RetryPolicy(retries, Duration.ofMillis(100), TRANSIENT_STATUSES);
    }

    /** How long to wait before the retry with this number, from 1. */
    Duration delayBefore(int retry) {
        return delay.multipliedBy(1L << Math.min(retry - 1, 20));
    }
}
