package whirlwind.realtime.engine;

import java.util.List;

/**
 * A piece of a topic's past.
 *
 * @param position where the topic stands now
 * @param publications oldest first, without gaps
 * @param complete whether nothing is missing between the position that was asked for and the first
 *     publication. False if that position is of another epoch, lies in the future, or is older than
 *     what is kept; the publications are then those that are there
 */
public record HistoryPage(Position position, List<Publication> publications, boolean complete) {
    /** Keeps a copy of the list. */
    public HistoryPage {
        publications = List.copyOf(publications);
    }
}
