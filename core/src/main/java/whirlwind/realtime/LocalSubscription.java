package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.Async;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.Publication;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.feed.Broadcast;
import whirlwind.realtime.feed.Feed;
import whirlwind.realtime.feed.PresenceChange;
import whirlwind.realtime.feed.Subscriber;

/** A subscriber inside the server. */
final class LocalSubscription extends Subscriber implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final Feed feed;
    private final Consumer<Publication> consumer;
    private boolean closed;

    LocalSubscription(HubLoop loop, TopicPattern name, Consumer<Publication> consumer) {
        this.feed = loop.feeds().feed(name);
        this.consumer = consumer;
        feed.add(this);
        feed.start();
    }

    @Override
    public TopicPattern topic() {
        return feed.name();
    }

    @Override
    public CompletableFuture<@Nullable Void> started() {
        return Async.shield(feed.started());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            feed.remove(this);
        }
    }

    @Override
    protected void deliver(Broadcast broadcast) {
        if (closed) {
            return;
        }
        try {
            consumer.accept(broadcast.publication());
        } catch (RuntimeException e) {
            log.error("A subscriber of {} failed", feed.name(), e);
        }
    }

    @Override
    protected void deliver(PresenceChange change) {}

    @Override
    protected void lost(Position position) {}
}
