package whirlwind.web;

import java.io.Serial;

/**
 * Ends a request at once, from however deep in its coroutine, without an error: what has been
 * written so far is the response. Tornado: {@code web.Finish}.
 */
public final class Finish extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /** A finish; it carries no stack trace, for it reports no fault. */
    public Finish() {
        super("finished", null, false, false);
    }
}
