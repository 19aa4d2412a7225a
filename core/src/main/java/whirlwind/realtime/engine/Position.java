package whirlwind.realtime.engine;

import whirlwind.check.Check;

/**
 * A place in the stream of a topic's publications: behind the publication with this offset.
 *
 * @param epoch names the count that the offset belongs to; another epoch means that the count began
 *     anew, and that offsets of the two can't be compared
 * @param offset how many publications there were; 0 before the first one
 */
public record Position(String epoch, long offset) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the offset is negative
     */
    public Position {
        Check.notNegative("offset", offset);
    }

    /** Whether {@code next} comes directly after this, so that nothing is missing between them. */
    public boolean isFollowedBy(Position next) {
        return epoch.equals(next.epoch) && next.offset == offset + 1;
    }
}
