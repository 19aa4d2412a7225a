package whirlwind.realtime.engine;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Counts, keeps and passes on what is published, and knows who is present. It belongs to one hub in
 * this process, and may share its topics with engines of other processes.
 *
 * <p>All methods are for any thread and don't wait. The futures complete on any thread, and fail
 * with {@link EngineUnavailableException} if the engine is closed or out of reach. Names of topics
 * have been checked by the caller; see {@link TopicPattern}.
 */
public interface HubEngine {
    /** Begins to tell {@code listener}; called once, before all else. */
    void start(EngineListener listener);

    /**
     * Appends to a topic.
     *
     * @param json one JSON value
     * @param publisher the user who publishes; null for the application
     * @param limits how much of the topic is kept from now on
     * @return the topic's position behind the publication, when the engine has taken it
     */
    CompletableFuture<Position> publish(
            String topic, String json, @Nullable String publisher, HistoryLimits limits);

    /**
     * Begins to tell of a topic, or of all topics that a pattern matches. Asked for once, for all
     * subscribers of this process.
     *
     * @return done when every later publication will be told
     */
    CompletableFuture<@Nullable Void> subscribe(TopicPattern pattern);

    /** Ends what {@link #subscribe} began; harmless if it never did. */
    CompletableFuture<@Nullable Void> unsubscribe(TopicPattern pattern);

    /**
     * Publications of a topic that are kept, oldest first.
     *
     * @param since those behind this position; null: the newest ones
     * @param limit how many at most; 0 just asks where the topic stands
     */
    CompletableFuture<HistoryPage> history(String topic, @Nullable Position since, int limit);

    /**
     * A connection of a user is present in a topic from now on. Doing it again changes nothing but
     * the info.
     *
     * @param connection names the connection, in all processes
     * @param info what others may know of the user, one JSON value; or null
     */
    CompletableFuture<@Nullable Void> join(
            String topic, String connection, String user, @Nullable String info);

    /** A connection is no longer present; harmless if it never was. */
    CompletableFuture<@Nullable Void> leave(String topic, String connection, String user);

    /** The users who are present in a topic, in no particular order. */
    CompletableFuture<List<Member>> members(String topic);

    /**
     * Ends it: nothing is told any more, and later calls fail. What other engines share goes on.
     * Twice is once.
     */
    CompletableFuture<@Nullable Void> close();
}
