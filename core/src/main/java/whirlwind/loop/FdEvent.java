package whirlwind.loop;

/** What a file descriptor can be ready for; see {@link IOLoop#addHandler}. */
public enum FdEvent {
    /** Reading won't block. */
    READ,
    /** Writing won't block. */
    WRITE,
    /** An error is pending or the other end has hung up; reported whether asked for or not. */
    ERROR
}
