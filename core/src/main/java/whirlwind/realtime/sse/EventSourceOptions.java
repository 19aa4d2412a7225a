package whirlwind.realtime.sse;

import java.time.Duration;
import whirlwind.check.Check;

/**
 * How an {@link EventSource} listens. Start from {@link #DEFAULTS}.
 *
 * @param retry how long to wait before connecting again, until the server says otherwise; at least
 *     100 ms are waited
 * @param maxRetry the longest wait: each attempt that fails doubles it
 * @param maxFailures so many failed attempts in a row end it, the first included
 * @param silence a stream that says nothing for so long, not even a comment, is taken for dead and
 *     connected anew; zero, the default: never, for not every server sends comments
 * @param maxEventSize bytes of a line, and characters of an event; more ends it
 */
public record EventSourceOptions(
        Duration retry, Duration maxRetry, int maxFailures, Duration silence, int maxEventSize) {

    /** Three seconds, doubled up to a minute, without end; events of up to 1 MiB. */
    public static final EventSourceOptions DEFAULTS =
            new EventSourceOptions(
                    Duration.ofSeconds(3),
                    Duration.ofMinutes(1),
                    Integer.MAX_VALUE,
                    Duration.ZERO,
                    1 << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a time is negative, or a number isn't positive
     */
    public EventSourceOptions {
        Check.notNegative("retry", retry);
        Check.notNegative("maxRetry", maxRetry);
        Check.notNegative("silence", silence);
        Check.positive("maxFailures", maxFailures);
        Check.positive("maxEventSize", maxEventSize);
    }

    /** These options with another first wait. */
    public EventSourceOptions withRetry(Duration retry) {
        return new EventSourceOptions(retry, maxRetry, maxFailures, silence, maxEventSize);
    }

    /** These options with another longest wait. */
    public EventSourceOptions withMaxRetry(Duration maxRetry) {
        return new EventSourceOptions(retry, maxRetry, maxFailures, silence, maxEventSize);
    }

    /** These options with another number of failures. */
    public EventSourceOptions withMaxFailures(int maxFailures) {
        return new EventSourceOptions(retry, maxRetry, maxFailures, silence, maxEventSize);
    }

    /** These options with another limit for silence. */
    public EventSourceOptions withSilence(Duration silence) {
        return new EventSourceOptions(retry, maxRetry, maxFailures, silence, maxEventSize);
    }

    /** These options with another limit for events. */
    public EventSourceOptions withMaxEventSize(int maxEventSize) {
        return new EventSourceOptions(retry, maxRetry, maxFailures, silence, maxEventSize);
    }
}
