package whirlwind.realtime.feed;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Timeout;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/**
 * A topic on one loop: where its stream is, which is the same for all subscribers there. A gap in
 * the offsets is mended from the history before anything else is delivered.
 */
final class TopicFeed extends Feed implements CatchUp.Target {
    /** An engine that fails to tell its history is asked again after this. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Of the last publication that was told; null before it has started. */
    private @Nullable Position position;

    /** While it starts, or mends a gap. */
    private @Nullable CatchUp catchUp;

    /** For the next attempt to mend it, after one that failed. */
    private @Nullable Timeout retry;

    private boolean closed;

    TopicFeed(LoopFeeds feeds, TopicPattern name) {
        super(feeds, name);
    }

    @Override
    public Position position() {
        return Objects.requireNonNull(position);
    }

    @Override
    public void start() {
        if (catchUp != null || position != null) {
            return;
        }
        var starting = catchUp(null, this);
        catchUp = starting;
        whenWanted(failure -> {
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

    @Override
    void close() {
        closed = true;
        if (catchUp != null) {
            catchUp.cancel();
        }
        cancelRetry();
        super.close();
    }

    @Override
    void quiet() {
        if (catchUp != null) {
            catchUp.goOn();
        }
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
        } else if (retry == null
                && (!here.epoch().equals(next.epoch()) || next.offset() > here.offset())) {
            resume();
        }
    }

    /** Something may have been missed. */
    void resume() {
        cancelRetry();
        if (catchUp != null) {
            catchUp.readOn();
        } else if (!closed) {
            catchUp = catchUp(position, this);
            catchUp.begin();
        }
    }

    private void cancelRetry() {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
    }

    // ---- from the catch-up ----

    @Override
    public void deliver(Broadcast broadcast) {
        position = broadcast.position();
        audience().tell(subscriber -> subscriber.deliver(broadcast));
    }

    @Override
    public void lost(Position position) {
        this.position = position;
        audience().tell(subscriber -> subscriber.lost(position));
    }

    @Override
    public void caughtUp(Position position) {
        this.position = position;
        catchUp = null;
        started().complete(null);
    }

    @Override
    public void failed(Throwable failure) {
        catchUp = null;
        if (started().isDone()) {
            retry = feeds().io().callLater(RETRY, this::resume);
        } else {
            fail(failure);
        }
    }

    /** What was read before has been told. */
    @Override
    public boolean isReady() {
        return audience().isQuiet();
    }
}
