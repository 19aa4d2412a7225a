package whirlwind.web.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What a template calls a function with: {@code f(entry, show=true)}.
 *
 * @param positional those without a name, in order
 * @param named the others
 */
public record TemplateArguments(
        List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
    /** Copies both. */
    public TemplateArguments {
        positional = Collections.unmodifiableList(new ArrayList<>(positional));
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** How many there are without a name. */
    public int count() {
        return positional.size();
    }

    /**
     * The argument at a position, from 0.
     *
     * @throws NoSuchElementException if there are fewer
     */
    public @Nullable Object get(int position) {
        if (position >= positional.size()) {
            throw new NoSuchElementException(
                    "argument %d is missing: there are %d"
                            .formatted(position + 1, positional.size()));
        }
        return positional.get(position);
    }

    /** The argument at a position as text; null is {@code "null"}. */
    public String text(int position) {
        return String.valueOf(get(position));
    }

    /** The argument of a name, or {@code fallback} if there is none. */
    public @Nullable Object get(String name, @Nullable Object fallback) {
        return named.containsKey(name) ? named.get(name) : fallback;
    }
}
