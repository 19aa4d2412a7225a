package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.realtime.engine.EngineUnavailableException;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.feed.Broadcast;
import whirlwind.realtime.feed.CatchUp;
import whirlwind.realtime.feed.Feed;
import whirlwind.realtime.feed.PresenceChange;
import whirlwind.realtime.feed.Subscriber;
import whirlwind.realtime.protocol.ErrorCode;
import whirlwind.realtime.protocol.ServerFrames;

/**
 * What one connection has subscribed to: a topic or a pattern, one of the two. Nothing is delivered
 * before the client has been told that it is subscribed.
 */
final class ConnectionSubscription extends Subscriber {
    private static final Logger log = LoggerFactory.getLogger(Hub.class);

    private static final CompletableFuture<@Nullable Void> DONE =
            CompletableFuture.completedFuture(null);

    private final HubConnection connection;
    private final Feed feed;

    /** The connection's next subscription; null for the last. Kept by the connection. */
    @Nullable ConnectionSubscription following;

    /** Its messages that wait for a slow client; null while the client takes everything. */
    SendQueue.@Nullable Part waiting;

    /** What the client knows is up to here; null once something later has been delivered. */
    private @Nullable Position from;

    /** While what was missed is being read. */
    private @Nullable CatchUp catchUp;

    private boolean confirmed;

    /** Whether the engine has been told that the client is present. */
    private boolean present;

    private boolean closed;

    /** Among the subscribers, though nothing comes yet. */
    ConnectionSubscription(HubConnection connection, Feed feed) {
        this.connection = connection;
        this.feed = feed;
        feed.add(this);
    }

    TopicPattern name() {
        return feed.name();
    }

    /** Looked up each time: there are many subscriptions, and few need to know. */
    TopicOptions options() {
        return name().isTopic()
                ? connection.loop().options().topic(name().text())
                : TopicOptions.DEFAULTS;
    }

    boolean isClosed() {
        return closed;
    }

    /** Starts what it is subscribed to, if it hasn't started; the future is shared. */
    CompletableFuture<@Nullable Void> start() {
        feed.start();
        return feed.started();
    }

    /**
     * Tells the client that it is subscribed, and sends what lies behind its position, if it has
     * one, and then what comes live. It must have {@linkplain #start started}.
     *
     * @return done when the client has been told; fails if the history can't be read
     */
    CompletableFuture<@Nullable Void> begin(@Nullable Long id, @Nullable Position since) {
        var here = feed.position();
        if (here == null) { // a pattern
            return confirm(id, null, null);
        }
        if (since == null || since.equals(here)) {
            return confirm(id, here, since == null ? null : true);
        }
        if (options().history().count() == 0) {
            return confirm(id, here, false);
        }
        var recovery = new Recovery(id, since);
        catchUp = feed.catchUp(since, recovery);
        catchUp.begin();
        return recovery.answered;
    }

    private CompletableFuture<@Nullable Void> confirm(
            @Nullable Long id, @Nullable Position position, @Nullable Boolean recovered) {
        confirmed = true;
        from = position; // others may still be being told what lies before
        connection.send(ServerFrames.subscribed(id, name(), position, recovered));
        return DONE;
    }

    /** The client takes more, and has taken all that waited. */
    void ready() {
        waiting = null;
        if (catchUp != null) {
            catchUp.goOn();
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (catchUp != null) {
            catchUp.cancel();
            catchUp = null;
        }
        feed.remove(this);
        if (present) {
            leave();
        }
    }

    /** What is said to who wanted to subscribe and has been unsubscribed since. */
    static HubRefusal ended() {
        return new HubRefusal(ErrorCode.UNAVAILABLE, "unsubscribed meanwhile");
    }

    // ---- presence ----

    /** Tells all that the client is present. In a coroutine. */
    void join() {
        var topic = name().text();
        var user = connection.user();
        var info = user.info() == null ? null : Json.encode(user.info());
        present = true;
        var joined = connection.loop().engine().join(topic, connection.id(), user.id(), info);
        if (closed) {
            leave(); // once more: the first may have overtaken the join
        }
        try {
            Async.await(joined);
        } catch (EngineUnavailableException e) {
            log.debug("{} could not join {}", connection, topic, e);
            connection.unsubscribe(topic, ErrorCode.UNAVAILABLE, "not possible now; try again");
        }
    }

    private void leave() {
        var engine = connection.loop().engine();
        engine.leave(name().text(), connection.id(), connection.user().id())
                .whenComplete((nothing, failure) -> {
                    if (failure != null) {
                        log.debug("{} could not leave {}", connection, name(), failure);
                    }
                });
    }

    // ---- from the topic ----

    @Override
    protected void deliver(Broadcast broadcast) {
        if (catchUp != null) {
            catchUp.hold(broadcast);
        } else if (confirmed && !closed && !knows(broadcast.position())) {
            from = null;
            connection.deliver(broadcast.frame(), this);
        }
    }

    private boolean knows(Position position) {
        var here = from;
        return here != null
                && position.offset() <= here.offset()
                && position.epoch().equals(here.epoch());
    }

    @Override
    protected void deliver(PresenceChange change) {
        if (confirmed && !closed) {
            connection.send(change.frame()); // one that was dropped would be wrong for ever
        }
    }

    @Override
    protected void lost(Position position) {
        if (catchUp != null) {
            catchUp.readOn(); // to find it out by itself
        } else if (confirmed && !closed && !knows(position)) {
            from = null;
            connection.send(ServerFrames.lost(name().text(), position));
        }
    }

    /** Answers the client by the first page of the history, and sends what it has missed. */
    private final class Recovery implements CatchUp.Target {
        final CompletableFuture<@Nullable Void> answered = connection.loop().io().newFuture();
        private final @Nullable Long id;
        private final Position since;

        Recovery(@Nullable Long id, Position since) {
            this.id = id;
            this.since = since;
        }

        private void answer(Position position, boolean recovered) {
            if (!confirmed) {
                confirmed = true;
                connection.send(ServerFrames.subscribed(id, name(), position, recovered));
                answered.complete(null);
            }
        }

        /** Behind the answer, and whatever the topic's policy is: it is paced by the client. */
        @Override
        public void deliver(Broadcast broadcast) {
            answer(since, true);
            connection.send(broadcast.frame());
        }

        @Override
        public void lost(Position position) {
            if (confirmed) {
                connection.send(ServerFrames.lost(name().text(), position));
            } else {
                answer(position, false);
            }
        }

        @Override
        public void caughtUp(Position position) {
            answer(since, true);
            from = position;
            catchUp = null;
        }

        @Override
        public void failed(Throwable failure) {
            if (confirmed) {
                connection.unavailable();
            } else {
                answered.completeExceptionally(failure);
            }
        }

        @Override
        public void cancelled() {
            answered.completeExceptionally(ended());
        }

        @Override
        public boolean hasRoom() {
            return connection.hasRoom();
        }

        @Override
        public boolean isReady() {
            return connection.isReady();
        }
    }
}
