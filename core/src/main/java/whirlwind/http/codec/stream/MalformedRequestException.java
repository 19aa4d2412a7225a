package whirlwind.http.codec.stream;

/** A request that breaks the rules of HTTP/2 or HTTP/3, whose stream is reset for it. */
public final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    /** One with the rule that was broken. */
    public MalformedRequestException(String message) {
        super("malformed request: " + message);
    }
}
