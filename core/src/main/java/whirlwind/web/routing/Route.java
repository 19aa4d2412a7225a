package whirlwind.web.routing;

import org.jspecify.annotations.Nullable;

/**
 * From a path to a target, and under its name from the target to a path. Tornado's {@code URLSpec}.
 *
 * @param pattern which paths
 * @param target where to
 * @param name for {@link Router#reverse}; null if nobody asks
 * @param <T> what targets are
 */
public record Route<T>(PathPattern pattern, T target, @Nullable String name) implements Rule<T> {
    /**
     * A route without a name, its pattern a template: {@code /user/{id}}, see {@link PathTemplate}.
     */
    public static <T> Route<T> to(String template, T target) {
        return new Route<>(PathPattern.template(template), target, null);
    }

    /**
     * A route without a name, its pattern a regular expression for the whole path, see {@link
     * PathRegex}.
     */
    public static <T> Route<T> regex(String regex, T target) {
        return new Route<>(PathPattern.regex(regex), target, null);
    }

    /** This route under a name. */
    public Route<T> named(String name) {
        return new Route<>(pattern, target, name);
    }

    @Override
    public Route<T> under(String prefix) {
        return new Route<>(pattern.under(prefix), target, name);
    }
}
