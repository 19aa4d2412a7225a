package whirlwind.http;

import java.util.List;
import java.util.Map;

/**
 * What a form held.
 *
 * @param arguments values by name, both in the order they came; unmodifiable
 * @param files uploads by the name of their field, both in the order they came; unmodifiable
 */
public record FormData(Map<String, List<String>> arguments, Map<String, List<HttpFile>> files) {
    /** No form at all. */
    public static final FormData EMPTY = new FormData(Map.of(), Map.of());
}
