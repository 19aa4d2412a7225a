package whirlwind.realtime;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.realtime.engine.TopicPattern;

/** A subscriber inside the server; made by {@link Hub#subscribe}. Confined to its loop. */
public interface Subscription extends AutoCloseable {
    /** What it is subscribed to. */
    TopicPattern topic();

    /**
     * Done when every later publication will come; fails with {@link
     * whirlwind.realtime.engine.EngineUnavailableException} if the engine can't, and the
     * subscription is closed then; with {@link HubRefusal} if it was closed before.
     */
    CompletableFuture<@Nullable Void> started();

    /** Ends it; twice is once. */
    @Override
    void close();
}
