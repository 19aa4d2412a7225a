package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.engine.HubEngine;
import whirlwind.realtime.feed.LoopFeeds;
import whirlwind.realtime.session.Session;
import whirlwind.realtime.session.SessionHost;
import whirlwind.realtime.session.Sessions;

/** A hub's part on one loop: its connections there, and what they have subscribed to. */
final class HubLoop implements SessionHost {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private final Hub hub;
    private final IOLoop loop;
    private final Connections connections;
    private final LoopFeeds feeds;
    private final FrameHandler frames;

    private volatile boolean closed;

    HubLoop(Hub hub, IOLoop loop) {
        this.hub = hub;
        this.loop = loop;
        this.connections = new Connections(hub.options());
        this.feeds =
                new LoopFeeds(loop, hub.interests(), connections, ConnectionSubscription::ended);
        this.frames = new FrameHandler(this);
    }

    HubOptions options() {
        return hub.options();
    }

    HubEngine engine() {
        return hub.engine();
    }

    @Override
    public IOLoop io() {
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

    @Override
    public void run(Runnable action) {
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

    // ---- for its sessions ----

    @Override
    public Sessions sessions() {
        return hub.sessions();
    }

    @Override
    public Session newSession(Session.Start start) {
        return new HubSession(this, start);
    }

    @Override
    public boolean allowsOrigin(String origin) {
        return options().access().allowsOrigin(origin);
    }

    @Override
    public int maxFrameSize() {
        return options().maxFrameSize();
    }

    // ---- its end ----

    /** Whether the loop ends. */
    boolean isClosed() {
        return closed;
    }

    /** The loop ends. */
    void close() {
        closed = true;
        connections.close();
        sessions().endAll(this);
        feeds.close();
        hub.left(this);
    }

    @Override
    public String toString() {
        return loop.name();
    }
}
