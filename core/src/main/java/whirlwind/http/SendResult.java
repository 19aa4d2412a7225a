package whirlwind.http;

/** What became of a message that nobody waits for. */
public enum SendResult {
    /** It goes out now: the peer takes what it is sent. */
    SENT,
    /** It goes out when the peer has taken what waits before it: more than the high-water mark. */
    QUEUED,
    /** It doesn't go out: the connection is closed, or as much waits as may wait. */
    DROPPED
}
