package whirlwind.realtime;

import java.io.Serial;
import whirlwind.realtime.protocol.ErrorCode;

/**
 * Says no to a client: thrown by what a {@link HubAccess} does, and by {@link
 * HubConnection#request} if the client says no. Code and message reach the other side as they are.
 */
public final class HubRefusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String code;

    /**
     * No, and why.
     *
     * @param code for programs: one of the protocol's (see {@code docs/realtime-protocol.md}) or
     *     one of your own
     * @param message for people; never empty words about the inside of the server
     */
    public HubRefusal(String code, String message) {
        super(message, null, false, false); // expected, so without a stack
        this.code = code;
    }

    /** The server must know better who the client is. A client doesn't come again with this. */
    public static HubRefusal unauthorized(String message) {
        return new HubRefusal(ErrorCode.UNAUTHORIZED, message);
    }

    /** This client may not do that. */
    public static HubRefusal forbidden(String message) {
        return new HubRefusal(ErrorCode.FORBIDDEN, message);
    }

    /** For programs. */
    public String code() {
        return code;
    }

    /** For people. */
    public String message() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
