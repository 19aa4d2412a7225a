package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.TopicPattern;
import whirlwind.realtime.protocol.ErrorCode;

/** What one can subscribe to, on one loop, while it has subscribers there. */
abstract sealed class Feed permits LoopTopic, LoopPattern {
    private final HubLoop loop;
    private final TopicPattern name;
    private final CompletableFuture<@Nullable Void> started;
    private final Audience audience;

    Feed(HubLoop loop, TopicPattern name) {
        this.loop = loop;
        this.name = name;
        this.started = loop.io().newFuture();
        this.audience = new Audience(loop, this::quiet);
    }

    final HubLoop loop() {
        return loop;
    }

    final TopicPattern name() {
        return name;
    }

    final Audience audience() {
        return audience;
    }

    abstract TopicOptions options();

    /** Done when every later publication will be delivered. Shared: shield it. */
    final CompletableFuture<@Nullable Void> started() {
        return started;
    }

    /** Begins to listen, if it hasn't; whoever wants to hear it has been added already. */
    abstract void start();

    /** Asks for it, and calls back with null, or with why it can't be had. */
    final void whenWanted(Consumer<@Nullable Throwable> told) {
        loop.whenDone(loop.want(name), (nothing, failure) -> told.accept(failure));
    }

    final void add(Subscriber subscriber) {
        audience.add(subscriber);
    }

    final void remove(Subscriber subscriber) {
        audience.remove(subscriber);
        if (audience.isEmpty()) {
            loop.forget(this);
        }
    }

    /** The last subscriber has gone; one that waits for the start does so in vain. */
    void close() {
        loop.wantNoMore(name);
        started.completeExceptionally(ended());
    }

    /** What is said to who wanted to subscribe and has been unsubscribed since. */
    static HubRefusal ended() {
        return new HubRefusal(ErrorCode.UNAVAILABLE, "unsubscribed meanwhile");
    }

    /** The subscribers have been told everything. */
    void quiet() {}
}
