package whirlwind.realtime.protocol;

/** Why something was refused, as the protocol names it. Applications may add their own. */
public final class ErrorCode {
    /** A frame is no JSON object, or a field is missing or of the wrong kind. */
    public static final String MALFORMED = "malformed";

    /** The client speaks a version that the server doesn't. */
    public static final String VERSION = "version";

    /** The server must know better who the client is. */
    public static final String UNAUTHORIZED = "unauthorized";

    /** This client may not do that. */
    public static final String FORBIDDEN = "forbidden";

    /** A frame is too large, there are too many subscriptions, or the client is too slow. */
    public static final String LIMIT = "limit";

    /** The client sends too many frames. */
    public static final String RATE = "rate";

    /** The server can't do it now; it may be tried again. */
    public static final String UNAVAILABLE = "unavailable";

    /** An answer took too long, or the client was silent for too long. */
    public static final String TIMEOUT = "timeout";

    /** The server failed. */
    public static final String INTERNAL = "internal";

    /** The server ends, and moves its clients away. */
    public static final String DRAINING = "draining";

    private ErrorCode() {}
}
