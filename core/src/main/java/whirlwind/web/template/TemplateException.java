package whirlwind.web.template;

import java.io.Serial;
import java.util.List;
import java.util.stream.IntStream;
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
    private final transient List<Line> excerpt;

    /**
     * A line of a template.
     *
     * @param number from 1
     */
    public record Line(int number, String text) {
        private static final int CONTEXT = 5;

        /** The line of that number and some before and after it. */
        static List<Line> around(String text, int line) {
            var lines = text.lines().toList();
            int first = Math.max(1, line - CONTEXT);
            int last = Math.min(lines.size(), line + CONTEXT);
            return IntStream.rangeClosed(first, last)
                    .mapToObj(number -> new Line(number, lines.get(number - 1)))
                    .toList();
        }
    }

    /**
     * Says what is wrong and where.
     *
     * @param line from 1; 0 if it is the template as a whole
     */
    public TemplateException(String template, int line, String message, @Nullable Throwable cause) {
        this(template, line, message, List.of(), cause);
    }

    /** The same, and shows the template's lines around it. */
    public TemplateException(
            String template,
            int line,
            String message,
            List<Line> excerpt,
            @Nullable Throwable cause) {
        super((line > 0 ? template + ":" + line : template) + ": " + message, cause);
        this.template = template;
        this.line = line;
        this.excerpt = List.copyOf(excerpt);
    }

    /** Which template: the one with the fault, be it included by another. */
    public String template() {
        return template;
    }

    /** Which line of it, from 1; 0 if it is the template as a whole. */
    public int line() {
        return line;
    }

    /** The template's lines around the fault; perhaps none. */
    public List<Line> excerpt() {
        return excerpt;
    }
}
