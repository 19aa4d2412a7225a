package whirlwind.http.codec.client;

/**
 * A connection to a server, as its pool sees it. On the loop; methods are also called by
 * coroutines.
 */
sealed interface ClientPeer extends ClientCall.Link permits ClientConnection, ClientHttp2 {
    /** Whether it takes another call now. */
    boolean hasRoom();

    /** Sends a request. */
    void start(ClientCall call);

    /** Closes it at the end of the turn; calls on it end without a word. */
    void close();

    /** Closes it, and the calls on it fail. */
    void fail(Throwable cause);

    /** Whether it serves no call. */
    boolean isIdle();

    /** Since when it is idle, in the context's ticks. */
    int idleSince();
}
