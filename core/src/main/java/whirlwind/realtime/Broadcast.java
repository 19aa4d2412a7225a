package whirlwind.realtime;

import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.ServerFrames;

/** A publication on its way to loops and subscribers, with the frame that is the same for all. */
final class Broadcast {
    private final Publication publication;
    private final @Nullable TopicPattern pattern;
    private volatile @Nullable Frame frame;

    Broadcast(Publication publication) {
        this(publication, null);
    }

    private Broadcast(Publication publication, @Nullable TopicPattern pattern) {
        this.publication = publication;
        this.pattern = pattern;
    }

    /** The same for who has subscribed to a pattern, and is told so. */
    Broadcast by(TopicPattern pattern) {
        return new Broadcast(publication, pattern);
    }

    Publication publication() {
        return publication;
    }

    Position position() {
        return publication.position();
    }

    /** Made when it is first needed. */
    Frame frame() {
        var known = frame;
        if (known == null) {
            known = new Frame(ServerFrames.message(publication, pattern));
            frame = known; // without a lock: should two loops come to it together, either will do
        }
        return known;
    }
}
