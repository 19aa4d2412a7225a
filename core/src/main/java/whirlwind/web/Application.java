package whirlwind.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.web.routing.PathPattern;
import whirlwind.web.routing.Route;
import whirlwind.web.routing.RouteMatch;
import whirlwind.web.routing.Router;
import whirlwind.web.routing.Rule;

/**
 * Routes, settings, and what handlers share. Each request gets a handler object of its own, from
 * the first route that matches its path:
 *
 * {@snippet :
 * new Application("/", MainHandler::new)
 *     .route("/story/{id:[0-9]+}", () -> new StoryHandler(stories))
 *     .listen(8888);
 * }
 *
 * <p>An application belongs to the loop that it listens on. Tornado: {@code web.Application}.
 */
public final class Application implements HttpHandler {
    /**
     * Overrides the port of {@link #listen}, for whoever starts a program and wants it elsewhere.
     */
    private static final String PORT_PROPERTY = "whirlwind.port";

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private static final ClassValue<Boolean> STREAMS_BODY =
            new ClassValue<>() {
                @Override
                protected Boolean computeValue(Class<?> handler) {
                    return handler.isAnnotationPresent(StreamRequestBody.class);
                }
            };

    private final ApplicationSettings settings;
    private final AccessLog accessLog = new AccessLog();
    private final List<Rule<Supplier<? extends RequestHandler>>> rules = new ArrayList<>();

    /** Of each route's handlers, from the first request with a body on. */
    private final Map<Supplier<? extends RequestHandler>, Boolean> streaming =
            new IdentityHashMap<>();

    private final Map<Class<?>, Object> attachments = new HashMap<>();
    private Router<Supplier<? extends RequestHandler>> router = new Router<>(rules);
    private Supplier<? extends RequestHandler> notFound = () -> new ErrorHandler(404);

    /** An application without routes, with {@link ApplicationSettings#DEFAULTS}. */
    public Application() {
        this(ApplicationSettings.DEFAULTS);
    }

    /** An application without routes. */
    public Application(ApplicationSettings settings) {
        this.settings = settings;
    }

    /** An application with default settings and a first route; {@link #route} adds others. */
    public Application(String template, Supplier<? extends RequestHandler> handler) {
        this();
        route(template, handler);
    }

    /**
     * Adds a route behind those that are there.
     *
     * @param template a path such as {@code /user/{id}}; see {@link PathPattern#template}
     * @param handler makes the handler of a request: {@code MainHandler::new}, or a lambda that
     *     passes it what it needs
     * @throws IllegalArgumentException if the template is malformed
     */
    public Application route(String template, Supplier<? extends RequestHandler> handler) {
        return add(Route.to(template, handler));
    }

    /** The same with a name for {@link #reverseUrl}. */
    public Application route(
            String template, Supplier<? extends RequestHandler> handler, String name) {
        return add(Route.<Supplier<? extends RequestHandler>>to(template, handler).named(name));
    }

    /** Adds any rule behind those that are there: a regular expression, a group for a host. */
    public Application add(Rule<Supplier<? extends RequestHandler>> rule) {
        rules.add(rule);
        router = new Router<>(rules);
        return this;
    }

    /** Answers what no route matches; without it, 404. Tornado: {@code default_handler_class}. */
    public Application otherwise(Supplier<? extends RequestHandler> handler) {
        notFound = handler;
        return this;
    }

    /** What the application was told. */
    public ApplicationSettings settings() {
        return settings;
    }

    /**
     * The path of a named route with these arguments; see {@link Router#reverse}.
     *
     * @throws java.util.NoSuchElementException if there is no such route
     */
    public String reverseUrl(String name, @Nullable Object... arguments) {
        return router.reverse(name, arguments);
    }

    /**
     * Serves this application on a port of every address of the machine, on the current loop;
     * connections are accepted as soon as that runs. Port 0 means any free one. The system property
     * {@code whirlwind.port} overrides the port, so that a program can be started elsewhere than it
     * says.
     *
     * @throws whirlwind.net.AddressInUseException if the port is taken
     */
    public HttpServer listen(int port) {
        var server = new HttpServer(this, settings.server());
        server.listen(Integer.getInteger(PORT_PROPERTY, port));
        log.info("listening on http://localhost:{}", server.port());
        return server;
    }

    /** The same on one address. */
    public HttpServer listen(String host, int port) {
        var server = new HttpServer(this, settings.server());
        server.listen(host, Integer.getInteger(PORT_PROPERTY, port));
        log.info("listening on http://{}:{}", host, server.port());
        return server;
    }

    /**
     * The one object of a class that belongs to this application, made when it is first asked for:
     * for what the handlers of a package share, such as a pool of connections.
     */
    public <T> T attachment(Class<T> type, Supplier<T> make) {
        return type.cast(attachments.computeIfAbsent(type, key -> make.get()));
    }

    /** Whether the handler of a request has {@link StreamRequestBody}. */
    @Override
    public boolean streamsBody(HttpServerRequest head) {
        try {
            var match = router.match(head);
            return match != null
                    && streaming.computeIfAbsent(
                            match.target(), target -> streamsBody(target.get().getClass()));
        } catch (HttpInputException e) {
            return false; // as handle will find
        }
    }

    static boolean streamsBody(Class<? extends RequestHandler> handler) {
        return STREAMS_BODY.get(handler);
    }

    private Supplier<? extends RequestHandler> unmatched(HttpServerRequest request) {
        return request.path().equals("*") ? ServerOptionsHandler::new : notFound;
    }

    /** Runs the handler of a request; the server calls it in the request's coroutine. */
    @Override
    public void handle(HttpExchange exchange) throws Exception {
        var started = accessLog.begin();
        RequestHandler handler;
        RouteMatch<Supplier<? extends RequestHandler>> match = null;
        try {
            match = router.match(exchange.request());
            handler = (match == null ? unmatched(exchange.request()) : match.target()).get();
        } catch (HttpInputException e) {
            handler = new ErrorHandler(e.status());
        }
        var response = handler.execute(this, exchange, match);
        accessLog.end(exchange.request(), response.status(), started);
    }
}
