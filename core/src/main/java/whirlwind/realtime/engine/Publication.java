package whirlwind.realtime.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was published.
 *
 * @param topic where
 * @param position the topic's position once this was published: its offset is this publication's
 * @param json the data, one JSON value
 * @param publisher the user who published it; null: the application itself
 * @param time when the engine took it
 */
public record Publication(
        String topic, Position position, String json, @Nullable String publisher, Instant time) {
    /** The number of this publication in its topic, from 1. */
    public long offset() {
        return position.offset();
    }
}
