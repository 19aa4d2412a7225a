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

/** A subscriber inside the server. */
final class LocalSubscription extends Subscriber implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final TopicPattern topic;
    private final Consumer<Publication> consumer;
    private final CompletableFuture<@Nullable Void> started;
    private final Runnable remove;
    private boolean closed;

    LocalSubscription(HubLoop loop, TopicPattern name, Consumer<Publication> consumer) {
        this.topic = name;
        this.consumer = consumer;
        if (name.isTopic()) {
            var topic = loop.topic(name);
            topic.audience().add(this);
            remove = () -> loop.remove(this, topic);
            started = topic.started();
            topic.start();
        } else {
            var pattern = loop.pattern(name);
            pattern.audience().add(this);
            remove = () -> loop.remove(this, pattern);
            started = pattern.started();
            pattern.start();
        }
    }

    @Override
    public TopicPattern topic() {
        return topic;
    }

    @Override
    public CompletableFuture<@Nullable Void> started() {
        return Async.shield(started);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            remove.run();
        }
    }

    @Override
    void deliver(Broadcast broadcast) {
        if (closed) {
            return;
        }
        try {
            consumer.accept(broadcast.publication());
        } catch (RuntimeException e) {
            log.error("A subscriber of {} failed", topic, e);
        }
    }

    @Override
    void deliver(PresenceChange change) {}

    @Override
    void lost(Position position) {}
}
