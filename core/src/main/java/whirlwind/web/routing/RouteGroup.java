package whirlwind.web.routing;

import java.util.List;

/**
 * Another router for the requests that a matcher takes; if it finds nothing, the rules behind the
 * group go on. It sees the whole path.
 *
 * @param matcher which requests
 * @param router where they go
 * @param <T> what targets are
 */
public record RouteGroup<T>(RequestMatcher matcher, Router<T> router) implements Rule<T> {
    /** Rules for a virtual host, see {@link RequestMatcher#host}. */
    public static <T> RouteGroup<T> host(String regex, List<? extends Rule<T>> rules) {
        return new RouteGroup<>(RequestMatcher.host(regex), new Router<>(rules));
    }

    @Override
    public RouteGroup<T> under(String prefix) {
        return new RouteGroup<>(matcher, router.under(prefix));
    }
}
