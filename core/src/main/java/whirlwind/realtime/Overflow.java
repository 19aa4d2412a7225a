package whirlwind.realtime;

/** What happens to a message for a subscriber whose queue is full because the client is slow. */
public enum Overflow {
    /** The oldest message that waits makes room. The client sees it by the offsets. */
    DROP_OLDEST,

    /** The message is not queued. The client sees it by the offsets. */
    DROP_NEWEST,

    /**
     * The client is disconnected with the code {@code limit}; it comes back when it can, and where
     * there is history it misses nothing.
     */
    CLOSE
}
