package whirlwind.realtime;

import java.time.Duration;
import java.util.Objects;
import whirlwind.realtime.engine.HistoryLimits;

/**
 * How a topic behaves; start from {@link #DEFAULTS}.
 *
 * @param history how much of the past is kept, for clients that come back and those that ask
 * @param presence whether it is known, and told, who has subscribed
 * @param queueSize how many messages may wait for a slow subscriber; at least 1
 * @param overflow what happens to more of them
 */
public record TopicOptions(
        HistoryLimits history, boolean presence, int queueSize, Overflow overflow) {
    /** No history, no presence, and a subscriber that is 256 messages late is disconnected. */
    public static final TopicOptions DEFAULTS =
            new TopicOptions(HistoryLimits.NONE, false, 256, Overflow.CLOSE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code queueSize} is less than 1
     */
    public TopicOptions {
        Objects.requireNonNull(history, "history");
        Objects.requireNonNull(overflow, "overflow");
        if (queueSize < 1) {
            throw new IllegalArgumentException(
                    "queueSize: " + queueSize + " messages (at least 1)");
        }
    }

    /**
     * These options, keeping the last {@code count} publications that are not older than {@code
     * age}.
     */
    public TopicOptions withHistory(int count, Duration age) {
        return new TopicOptions(new HistoryLimits(count, age), presence, queueSize, overflow);
    }

    /** These options, with presence or without. */
    public TopicOptions withPresence(boolean presence) {
        return new TopicOptions(history, presence, queueSize, overflow);
    }

    /** These options with another queue for each subscriber. */
    public TopicOptions withQueue(int queueSize, Overflow overflow) {
        return new TopicOptions(history, presence, queueSize, overflow);
    }
}
