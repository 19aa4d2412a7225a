package whirlwind.web;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/**
 * What every request of an application passes before its handler is made, and every response when
 * its head goes out: for rules that hold for all of them, whatever the handler. {@link
 * SecurityHeaders}, {@link Cors} and {@link RateLimit} are filters.
 *
 * {@snippet :
 * new Application(settings)
 *     .filter(SecurityHeaders.DEFAULTS)
 *     .filter(RateLimit.perClient(600, Duration.ofMinutes(1)).under("/api"))
 *     .route("/", MainHandler::new);
 * }
 *
 * <p>Filters run in the order they were added, on the loop. Redirects, error pages, and the
 * handshakes of WebSockets pass them too.
 */
public interface Filter {
    /**
     * Looks at a request, in its coroutine. Default: lets it pass.
     *
     * @return the handler that answers it, {@code new ErrorHandler(403)} for example, instead of
     *     the one its route leads to; null to let it pass
     */
    default @Nullable RequestHandler answer(HttpServerRequest request) {
        return null;
    }

    /**
     * Completes the headers of a response, which are sent next; must not wait. What its handler has
     * set is there. Default: nothing to do.
     */
    default void complete(HttpServerRequest request, int status, Headers headers) {}

    /**
     * This filter for a path and all below it: {@code /api} and {@code /api/users}. As with routes,
     * a path is what the client has sent, with nothing in it decoded.
     */
    default Filter under(String prefix) {
        return new PrefixFilter(prefix, this);
    }
}
