package whirlwind.web;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Ends a request at once, from however deep in its coroutine, without an error: what has been
 * written so far is the response. Tornado: {@code web.Finish}.
 */
public final class Finish extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final @Nullable String text;

    /** A finish; it carries no stack trace, for it reports no fault. */
    public Finish() {
        super("finished", null, false, false);
        this.text = null;
    }

    /** A finish with a last piece of text. */
    public Finish(String text) {
        super("finished", null, false, false);
        this.text = text;
    }

    void writeTo(RequestHandler handler) {
        if (text != null) {
            handler.write(text);
        }
    }
}
