package whirlwind.web.template;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A template that is missing, malformed, or that asks for a value it was not given: {@code
 * home.html:12: ...}. Tornado's {@code ParseError} and what it raises at run time. The author's
 * fault, not the client's.
 */
public final class TemplateException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String template;
    private final int line;

    /**
     * Says what is wrong and where.
     *
     * @param line from 1; 0 if it is the template as a whole
     */
    public TemplateException(String template, int line, String message, @Nullable Throwable cause) {
        super((line > 0 ? template + ":" + line : template) + ": " + message, cause);
        this.template = template;
        this.line = line;
    }

    /** Which template: the one with the fault, be it included by another. */
    public String template() {
        return template;
    }

    /** Which line of it, from 1; 0 if it is the template as a whole. */
    public int line() {
        return line;
    }
}
