package whirlwind.web.routing;

/**
 * One line of a router's list. Tornado's {@code Rule}.
 *
 * @param <T> what targets are
 */
public sealed interface Rule<T> permits Route, RouteGroup {
    /**
     * This rule for the paths below another: {@code /users} under {@code /api} is {@code
     * /api/users}.
     */
    Rule<T> under(String prefix);
}
