package whirlwind.realtime.feed;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.Frame;
import whirlwind.realtime.protocol.ServerFrames;

/** A publication on its way to loops and subscribers, with the frame that is the same for all. */
public final class Broadcast implements FeedEvent {
    private final Publication publication;
    private final @Nullable TopicPattern pattern;
    private volatile @Nullable Frame frame;

    /** The same for subscribers of patterns; null until there is one. */
    private @Nullable Map<TopicPattern, Broadcast> byPatterns;

    Broadcast(Publication publication) {
        this(publication, null);
    }

    private Broadcast(Publication publication, @Nullable TopicPattern pattern) {
        this.publication = publication;
        this.pattern = pattern;
    }

    /** The same for who has subscribed to a pattern, and is told so: one for all loops. */
    synchronized Broadcast by(TopicPattern pattern) {
        if (byPatterns == null) {
            byPatterns = new HashMap<>(2);
        }
        return byPatterns.computeIfAbsent(pattern, key -> new Broadcast(publication, key));
    }

    /**
     * Encodes it for clients of these kinds, unless another loop has: once for all. May wait for a
     * loop that does so at the moment, and is called when a loop has nothing half done.
     */
    synchronized void encodeFor(Clients clients) {
        if (clients.haveSockets()) {
            var message = frame().webSocket();
            if (clients.compression()) {
                message.compress();
            }
        }
        if (clients.haveSessions()) {
            frame().event();
        }
    }

    /** What it brings. */
    public Publication publication() {
        return publication;
    }

    /** Where its topic was once this was published. */
    public Position position() {
        return publication.position();
    }

    /** What clients get; made when it is first needed. */
    public Frame frame() {
        var known = frame;
        if (known == null) {
            known = ServerFrames.message(publication, pattern);
            frame = known;
        }
        return known;
    }
}
