package whirlwind.http.codec.websocket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.WebSocketListener;
import whirlwind.http.WebSocketMessage;
import whirlwind.loop.Timeout;

/**
 * The end of a WebSocket, from its first close frame on, RFC 6455 section 7: what this end's
 * listener will be told, and how it hangs up.
 */
final class ClosingHandshake {
    /** How this end hangs up. */
    enum Farewell {
        /** Not at all: that is the peer's to do. */
        NONE,
        /** At once. */
        CLOSE,
        /**
         * With input unread, closing would reset the connection, and the close frame might be lost:
         * so the peer is left to hang up.
         */
        CLOSE_OUTPUT
    }

    private static final Logger log = LoggerFactory.getLogger(WebSocketChannel.class);

    private final Timeout limit;
    private int code = WebSocketMessage.Close.ABNORMAL;
    private String reason = "";
    private Farewell farewell = Farewell.NONE;

    /** Begins it; {@code limit} is when the peer has had its time. */
    ClosingHandshake(Timeout limit) {
        this.limit = limit;
    }

    /** It is known why, and what is to be done when everything has been written. */
    void decide(int code, String reason, Farewell farewell) {
        this.code = code;
        this.reason = reason;
        this.farewell = farewell;
    }

    /** Whether there is still something to be done by {@link #hangUp}. */
    boolean isToHangUp() {
        return farewell != Farewell.NONE;
    }

    /** Everything has been written. */
    void hangUp(WebSocketWire wire) {
        var how = farewell;
        farewell = Farewell.NONE;
        switch (how) {
            case NONE -> {}
            case CLOSE -> wire.closeBehindOutput();
            case CLOSE_OUTPUT -> wire.endOutput();
        }
    }

    /** There is no connection any more. */
    void ended() {
        limit.cancel();
    }

    /** Tells a listener how it ended; null: the connection was lost, and nobody said goodbye. */
    static void tell(WebSocketListener listener, @Nullable ClosingHandshake closing) {
        try {
            if (closing == null) {
                listener.closed(WebSocketMessage.Close.ABNORMAL, "");
            } else {
                listener.closed(closing.code, closing.reason);
            }
        } catch (RuntimeException e) {
            log.error("WebSocketListener.closed failed", e);
        }
    }
}
