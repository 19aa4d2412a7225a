package whirlwind.http.codec.websocket;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The peer broke a rule, and the connection must end with {@link #code}, RFC 6455 section 7.4.1.
 */
final class WebSocketFault extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    static final int PROTOCOL_ERROR = 1002;
    static final int INVALID_PAYLOAD = 1007;
    static final int TOO_BIG = 1009;

    /** Registered with IANA since: the message is not at fault, and may be sent again. */
    static final int TRY_AGAIN_LATER = 1013;

    private final int code;

    /** The message goes into the close frame, so it is short. */
    WebSocketFault(int code, String message, @Nullable Throwable cause) {
        super(message, cause, false, false); // a peer's fault says nothing about our stack
        this.code = code;
    }

    static WebSocketFault protocolError(String message) {
        return new WebSocketFault(PROTOCOL_ERROR, message, null);
    }

    static WebSocketFault tooBig() {
        return new WebSocketFault(TOO_BIG, "message too big", null);
    }

    /** All connections together have too much in memory for a message that would be allowed. */
    static WebSocketFault tryAgainLater() {
        return new WebSocketFault(TRY_AGAIN_LATER, "try again later", null);
    }

    static WebSocketFault notUtf8(@Nullable Throwable cause) {
        return new WebSocketFault(INVALID_PAYLOAD, "text is not UTF-8", cause);
    }

    int code() {
        return code;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
