package whirlwind.realtime;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.realtime.engine.TopicPattern;

/**
 * Decides who may do what, and answers what clients ask the application. Override what differs from
 * the defaults: anybody is let in, may subscribe to single topics and see who is present there, and
 * may neither publish nor subscribe to patterns.
 *
 * <p>All methods run in a coroutine of the connection's loop and may wait; meanwhile the client's
 * next frames do, too, except for {@link #onRequest}, which goes on beside them. A {@link
 * HubRefusal} that they throw reaches the client; any other failure is logged, and the client is
 * told {@code internal}.
 */
public interface HubAccess {
    /**
     * Lets a client in.
     *
     * @return who it is
     * @throws HubRefusal to refuse it
     */
    default HubUser connect(ConnectRequest request) throws Exception {
        return HubUser.ANONYMOUS;
    }

    /** Whether a client may subscribe to a topic (and read its history), or to a pattern. */
    default boolean maySubscribe(HubConnection connection, TopicPattern topic) throws Exception {
        return topic.isTopic();
    }

    /** Whether a client may publish this. */
    default boolean mayPublish(HubConnection connection, String topic, JsonNode data)
            throws Exception {
        return false;
    }

    /**
     * Whether a client may ask who is present; by default if it may subscribe. Who comes and goes
     * is told to all subscribers of a topic with presence, without asking this.
     */
    default boolean maySeePresence(HubConnection connection, String topic) throws Exception {
        return maySubscribe(connection, TopicPattern.topic(topic));
    }

    /**
     * Answers a client's request.
     *
     * @param name what it asks for
     * @param data with what
     * @return the answer, as something that {@link whirlwind.escape.Json} encodes
     */
    default @Nullable Object onRequest(HubConnection connection, String name, JsonNode data)
            throws Exception {
        throw HubRefusal.forbidden("requests are not answered here");
    }

    /**
     * A client that had been let in has gone, or its loop closes; called once. A loop that closes
     * waits two seconds for it.
     */
    default void onDisconnect(HubConnection connection) throws Exception {}

    /**
     * Whether pages of another site may connect; not by default. Asked only for origins that are
     * not the server's own.
     *
     * @param origin the {@code Origin} header
     */
    default boolean allowsOrigin(String origin) {
        return false;
    }
}
