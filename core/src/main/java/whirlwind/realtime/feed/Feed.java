package whirlwind.realtime.feed;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.Position;
import whirlwind.realtime.engine.TopicPattern;

/** What one can subscribe to, on one loop, while it has subscribers there. Confined to the loop. */
public abstract sealed class Feed permits TopicFeed, PatternFeed {
    private final LoopFeeds feeds;
    private final TopicPattern name;
    private final CompletableFuture<@Nullable Void> started;
    private final Audience audience;

    Feed(LoopFeeds feeds, TopicPattern name) {
        this.feeds = feeds;
        this.name = name;
        this.started = feeds.io().newFuture();
        this.audience = new Audience(feeds, this::quiet);
    }

    // ---- for subscribers ----

    /** The topic or pattern. */
    public final TopicPattern name() {
        return name;
    }

    /** Begins to listen, if it hasn't; whoever wants to hear it has been added already. */
    public abstract void start();

    /**
     * Done when every later publication will be delivered; fails if the engine does, or if all
     * subscribers go before. Shared: shield it.
     */
    public final CompletableFuture<@Nullable Void> started() {
        return started;
    }

    /** Of the last publication that was told, once it has started; null for a pattern. */
    public abstract @Nullable Position position();

    /** One more, who is told what is published from now on. */
    public final void add(Subscriber subscriber) {
        audience.add(subscriber);
    }

    /** One less; twice is once. The last one ends it. */
    public final void remove(Subscriber subscriber) {
        audience.remove(subscriber);
        if (audience.isEmpty()) {
            feeds.forget(this);
        }
    }

    /** For one subscriber, who is somewhere else than the others; to be begun. */
    public final CatchUp catchUp(@Nullable Position since, CatchUp.Target target) {
        return new CatchUp(feeds, name.text(), since, target);
    }

    // ---- inside ----

    final LoopFeeds feeds() {
        return feeds;
    }

    final Audience audience() {
        return audience;
    }

    /** Asks for it, and calls back with null, or with why it can't be had. */
    final void whenWanted(Consumer<@Nullable Throwable> told) {
        feeds.whenDone(feeds.want(name), (nothing, failure) -> told.accept(failure));
    }

    /** It can't start. */
    final void fail(Throwable failure) {
        started.completeExceptionally(failure);
        feeds.forget(this);
    }

    /** The last subscriber has gone; one that waits for the start does so in vain. */
    void close() {
        feeds.wantNoMore(name);
        started.completeExceptionally(feeds.ended());
    }

    /** The subscribers have been told everything. */
    void quiet() {}
}
