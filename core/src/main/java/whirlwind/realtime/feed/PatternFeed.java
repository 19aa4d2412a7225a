package whirlwind.realtime.feed;

import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/** A pattern on one loop. Its subscribers get what comes live, no more. */
final class PatternFeed extends Feed {
    private boolean starting;

    PatternFeed(LoopFeeds feeds, TopicPattern pattern) {
        super(feeds, pattern);
    }

    @Override
    public @Nullable Position position() {
        return null;
    }

    @Override
    public void start() {
        if (starting) {
            return;
        }
        starting = true;
        whenWanted(failure -> {
            if (failure == null) {
                started().complete(null);
            } else {
                fail(failure);
            }
        });
    }

    void published(Broadcast broadcast) {
        if (name().matches(broadcast.publication().topic())) {
            var mine = broadcast.by(name());
            feeds().encode(mine);
            audience().tell(subscriber -> subscriber.deliver(mine));
        }
    }
}
