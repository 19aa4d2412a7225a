package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.TopicPattern;

/** A pattern on one loop, while it has subscribers there. They get what comes live, no more. */
final class LoopPattern {
    private final HubLoop loop;
    private final TopicPattern pattern;
    private final Audience audience = new Audience();
    private final CompletableFuture<@Nullable Void> started;
    private boolean starting;

    LoopPattern(HubLoop loop, TopicPattern pattern) {
        this.loop = loop;
        this.pattern = pattern;
        this.started = loop.io().newFuture();
    }

    TopicPattern pattern() {
        return pattern;
    }

    Audience audience() {
        return audience;
    }

    /** Done when every later publication will be delivered. Shared: shield it. */
    CompletableFuture<@Nullable Void> started() {
        return started;
    }

    /** Begins to listen, if it hasn't; whoever wants to hear it stands in the audience already. */
    void start() {
        if (starting) {
            return;
        }
        starting = true;
        loop.whenDone(
                loop.want(pattern),
                (nothing, failure) -> {
                    if (failure == null) {
                        started.complete(null);
                    } else {
                        loop.forget(this);
                        started.completeExceptionally(failure);
                    }
                });
    }

    void close() {
        loop.wantNoMore(pattern);
    }

    void published(Broadcast broadcast) {
        if (pattern.matches(broadcast.publication().topic())) {
            var mine = broadcast.by(pattern);
            audience.forEach(subscriber -> subscriber.deliver(mine));
            loop.delivered(audience.size());
        }
    }
}
