package whirlwind.realtime;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/**
 * A topic on one loop, while it has subscribers there: where its stream is, which is the same for
 * all of them. A gap in the offsets is mended from the history before anything else is delivered.
 */
final class LoopTopic implements CatchUp.Target {
    /** An engine that fails to tell its history is asked again after this. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final HubLoop loop;
    private final TopicPattern name;
    private final TopicOptions options;
    private final Audience audience = new Audience();
    private final CompletableFuture<@Nullable Void> started;

    /** Of the last publication that was delivered; null before it has started. */
    private @Nullable Position position;

    /** While it starts, or mends a gap. */
    private @Nullable CatchUp catchUp;

    private boolean closed;

    LoopTopic(HubLoop loop, TopicPattern name, TopicOptions options) {
        this.loop = loop;
        this.name = name;
        this.options = options;
        this.started = loop.io().newFuture();
    }

    TopicPattern name() {
        return name;
    }

    TopicOptions options() {
        return options;
    }

    Audience audience() {
        return audience;
    }

    /** Done when every later publication will be delivered. Shared: shield it. */
    CompletableFuture<@Nullable Void> started() {
        return started;
    }

    /** Where the stream is, once it has started. */
    Position position() {
        return Objects.requireNonNull(position);
    }

    /** Begins to listen, if it hasn't; whoever wants to hear it stands in the audience already. */
    void start() {
        if (catchUp != null || position != null) {
            return;
        }
        var starting = new CatchUp(loop, name.text(), null, this);
        catchUp = starting;
        loop.whenDone(
                loop.want(name),
                (nothing, failure) -> {
                    if (closed) {
                        return;
                    }
                    if (failure != null) {
                        failed(failure);
                    } else {
                        starting.begin();
                    }
                });
    }

    void close() {
        closed = true;
        if (catchUp != null) {
            catchUp.cancel();
        }
        loop.wantNoMore(name);
    }

    /** Something was published. */
    void published(Broadcast broadcast) {
        if (catchUp != null) {
            catchUp.hold(broadcast);
            return;
        }
        var here = position();
        var next = broadcast.position();
        if (here.isFollowedBy(next)) {
            position = next;
            deliver(broadcast);
        } else if (!here.epoch().equals(next.epoch()) || next.offset() > here.offset()) {
            resume();
        }
    }

    /** Something may have been missed. */
    void resume() {
        if (catchUp == null && !closed) {
            catchUp = new CatchUp(loop, name.text(), position, this);
            catchUp.begin();
        }
    }

    // ---- from the catch-up ----

    @Override
    public void deliver(Broadcast broadcast) {
        position = broadcast.position();
        audience.forEach(subscriber -> subscriber.deliver(broadcast));
        loop.delivered(audience.size());
    }

    @Override
    public void lost(Position position) {
        this.position = position;
        audience.forEach(subscriber -> subscriber.lost(position));
    }

    @Override
    public void caughtUp(Position position) {
        this.position = position;
        catchUp = null;
        started.complete(null);
    }

    @Override
    public void failed(Throwable failure) {
        catchUp = null;
        if (started.isDone()) {
            loop.io().callLater(RETRY, this::resume);
        } else {
            loop.forget(this);
            started.completeExceptionally(failure);
        }
    }

    @Override
    public boolean isReady() {
        return true;
    }
}
