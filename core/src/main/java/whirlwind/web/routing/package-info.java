/**
 * Paths to targets and back. Tornado's {@code routing} module.
 *
 * <p>A {@link whirlwind.web.routing.Router} is an ordered list of rules, of which the first that
 * matches wins: a {@link whirlwind.web.routing.Route} leads from a {@link
 * whirlwind.web.routing.PathPattern} to a target, a {@link whirlwind.web.routing.RouteGroup} to
 * another router. What a target is, nobody here knows or asks. Routers are immutable, so that loops
 * may share one. Below are {@code whirlwind.http} and {@code whirlwind.escape}; above is {@code
 * whirlwind.web}, whose targets are handlers.
 */
@NullMarked
package whirlwind.web.routing;

import org.jspecify.annotations.NullMarked;
