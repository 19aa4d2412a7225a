package whirlwind.realtime.feed;

/** What the feeds of a loop know of its clients: in which forms these take what is for many. */
public interface Clients {
    /** Whether some are by WebSocket. */
    boolean haveSockets();

    /** Whether some are by requests, as events or in the answers to polls. */
    boolean haveSessions();

    /** Whether some of the sockets may want it compressed. */
    boolean compression();
}
