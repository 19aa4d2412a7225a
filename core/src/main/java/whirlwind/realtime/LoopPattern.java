package whirlwind.realtime;

import whirlwind.realtime.engine.TopicPattern;

/** A pattern on one loop. Its subscribers get what comes live, no more. */
final class LoopPattern extends Feed {
    private boolean starting;

    LoopPattern(HubLoop loop, TopicPattern pattern) {
        super(loop, pattern);
    }

    @Override
    TopicOptions options() {
        return TopicOptions.DEFAULTS;
    }

    @Override
    void start() {
        if (starting) {
            return;
        }
        starting = true;
        whenWanted(failure -> {
            if (failure == null) {
                started().complete(null);
            } else {
                started().completeExceptionally(failure);
                loop().forget(this);
            }
        });
    }

    void published(Broadcast broadcast) {
        if (name().matches(broadcast.publication().topic())) {
            var mine = broadcast.by(name());
            loop().encode(mine);
            audience().tell(subscriber -> subscriber.deliver(mine));
        }
    }
}
