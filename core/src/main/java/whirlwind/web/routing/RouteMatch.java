package whirlwind.web.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, with what its path said.
 *
 * @param route the route that matched
 * @param arguments decoded, in the pattern's order, null where an optional one is missing;
 *     unmodifiable
 * @param <T> what targets are
 */
public record RouteMatch<T>(Route<T> route, List<@Nullable String> arguments) {
    /** The target of the route. */
    public T target() {
        return route.target();
    }

    /**
     * The argument of that name, null if it is optional and missing.
     *
     * @throws IllegalArgumentException if the pattern has no such name
     */
    public @Nullable String argument(String name) {
        int index = route.pattern().names().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no argument " + name + " in " + route.pattern());
        }
        return arguments.get(index);
    }
}
