package whirlwind.realtime;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.feed.LoopFeeds;

/** A hub's part on one loop: its connections there, and what they have subscribed to. */
final class HubLoop {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final Hub hub;
    private final IOLoop loop;
    private final Connections connections;
    private final LoopFeeds feeds;
    private final FrameHandler frames;
    private final Map<IOLoop, Relay> relays = new HashMap<>();

    private volatile boolean closed;

    HubLoop(Hub hub, IOLoop loop) {
        this.hub = hub;
        this.loop = loop;
        this.connections = new Connections(hub.options());
        this.feeds =
                new LoopFeeds(loop, hub.interests(), connections, ConnectionSubscription::ended);
        this.frames = new FrameHandler(this);
    }

    Hub hub() {
        return hub;
    }

    HubOptions options() {
        return hub.options();
    }

    HubEngine engine() {
        return hub.engine();
    }

    IOLoop io() {
        return loop;
    }

    Connections connections() {
        return connections;
    }

    LoopFeeds feeds() {
        return feeds;
    }

    FrameHandler frames() {
        return frames;
    }

    /** The way to streams on another loop. */
    Relay relayTo(IOLoop other) {
        return relays.computeIfAbsent(other, key -> new Relay(loop, key));
    }

    /**
     * Runs something on the loop: now, if this is it. If the loop has closed, it runs here, and
     * finds that all have gone: so whoever waits for it doesn't wait in vain. Any thread.
     */
    void run(Runnable action) {
        if (loop.isCurrent()) {
            action.run();
            return;
        }
        CompletableFuture<@Nullable Void> turn = loop.newFuture();
        turn.thenRun(action)
                .exceptionally(failure -> {
                    log.error("What {} was asked for failed", hub, failure);
                    return null;
                });
        turn.complete(null);
    }

    /** Whether the loop ends. */
    boolean isClosed() {
        return closed;
    }

    /** The loop ends. */
    void close() {
        closed = true;
        connections.close();
        hub.sessions().endAll(this);
        feeds.close();
        hub.left(this);
    }

    @Override
    public String toString() {
        return loop.name();
    }
}
