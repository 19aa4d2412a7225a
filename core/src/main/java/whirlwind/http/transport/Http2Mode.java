package whirlwind.http.transport;

/** Which version of HTTP a request is sent with. */
public enum Http2Mode {
    /** HTTP/2 where a server of https agrees to it (ALPN, RFC 7301), else HTTP/1.1. */
    AUTO,
    /** HTTP/1.1. */
    NEVER,
    /**
     * HTTP/2 without asking; for http too, which has no other way that is in use (RFC 9113 section
     * 3.3).
     */
    PRIOR_KNOWLEDGE
}
