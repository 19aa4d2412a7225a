package whirlwind.web.template;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders templates by their names. Tornado's {@code BaseLoader}, its {@code load} and {@code
 * generate} in one. Safe for several loops at a time.
 */
public interface TemplateLoader {
    /**
     * The text that the template makes of these values. It may read the template from its source,
     * which blocks, but only when it has not been rendered since the last {@link #reset}.
     *
     * @param name such as {@code pages/home.html}, with slashes on every system
     * @param values by the names that the template calls them
     * @throws TemplateException if the template or one that it includes is missing or malformed, or
     *     a value is missing
     */
    default String render(String name, Map<String, ? extends @Nullable Object> values) {
        return render(name, values, Locale.ROOT);
    }

    /** The same for a reader whose language the template language's own filters then use. */
    String render(String name, Map<String, ? extends @Nullable Object> values, Locale locale);

    /** Forgets the templates that were read, so that changes are seen. */
    void reset();
}
