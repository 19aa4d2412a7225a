package whirlwind.http;

/**
 * Hears what comes over a WebSocket. Called on the thread of the connection's loop, one call at a
 * time, so it must not wait; to do so, pause the connection and start a coroutine.
 */
public interface WebSocketListener {
    /**
     * A message has come. Never a {@link WebSocketMessage.Close}, which comes as {@link #closed}; a
     * {@link WebSocketMessage.Ping} has been answered already. What this throws is logged, and the
     * connection is dropped.
     */
    void message(WebSocketMessage message);

    /**
     * The connection has ended, whoever ended it and however. Called exactly once, and nothing
     * after it.
     *
     * @param code the peer's if it sent a close frame, {@link WebSocketMessage.Close#NO_CODE} if
     *     that had none; the one that this side sent if it ended the connection for a fault of the
     *     peer's (1002, 1007, 1009); else {@link WebSocketMessage.Close#ABNORMAL}
     * @param reason what was said with the code, perhaps nothing
     */
    void closed(int code, String reason);
}
