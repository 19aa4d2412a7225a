package whirlwind.web;

import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.web.routing.RouteMatch;

/**
 * Hands its requests to something that isn't a {@link RequestHandler}: a function of the exchange,
 * or another {@link Application}.
 *
 * {@snippet :
 * application.route("/old/{path:*}", () -> new FallbackHandler(oldApplication));
 * }
 *
 * <p>Nothing of this application touches the exchange then: no transform, error page or limit of
 * time. Tornado: {@code web.FallbackHandler}.
 */
public final class FallbackHandler extends RequestHandler {
    private final HttpHandler fallback;

    /** Hands requests to {@code fallback}, which answers them in their coroutine. */
    public FallbackHandler(HttpHandler fallback) {
        this.fallback = fallback;
    }

    @Override
    Predicate<HttpServerRequest> bodyStreaming() {
        return fallback::streamsBody;
    }

    @Override
    void execute(
            Application application,
            HttpExchange exchange,
            Instant started,
            @Nullable RouteMatch<?> match)
            throws Exception {
        fallback.handle(exchange);
    }
}
