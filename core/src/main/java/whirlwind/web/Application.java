package whirlwind.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.server.HttpExchange;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.tools.autoreload.Autoreload;
import whirlwind.web.routing.PathPattern;
import whirlwind.web.routing.RequestMatcher;
import whirlwind.web.routing.Route;
import whirlwind.web.routing.RouteGroup;
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
 * <p>An application belongs to the loop that it listens on: a {@code LoopGroup} makes one for each
 * of its own. Tornado: {@code web.Application}.
 */
public final class Application implements HttpHandler {
    /**
     * Overrides the port of {@link #listen}, for whoever starts a program and wants it elsewhere.
     */
    private static final String PORT_PROPERTY = "whirlwind.port";

    /** So many are told in one turn of the loop that the server ends; as many come back to it. */
    private static final int DRAIN_BATCH = 100;

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final ApplicationSettings settings;

    /** On which it listens; null before it does. */
    private @Nullable IOLoop loop;

    /** Those of virtual hosts stand before the others. */
    private final List<Rule<Supplier<? extends RequestHandler>>> hostRules = new ArrayList<>();

    private final List<Rule<Supplier<? extends RequestHandler>>> rules = new ArrayList<>();

    /** Of the rules above; null after one has been added. */
    private @Nullable Router<Supplier<? extends RequestHandler>> router;

    /** Of each route's handlers, from the first request with a body on. */
    private final Map<Supplier<? extends RequestHandler>, Predicate<HttpServerRequest>> streaming =
            new IdentityHashMap<>();

    private final List<Filter> filters = new ArrayList<>();
    private final List<OutputTransform.Factory> transforms = new ArrayList<>();
    private final Map<Class<?>, Object> attachments = new HashMap<>();
    private final Set<DrainListener> drainListeners = new LinkedHashSet<>();
    private Supplier<? extends RequestHandler> notFound = () -> new ErrorHandler(404);

    /** An application without routes, with {@link ApplicationSettings#DEFAULTS}. */
    public Application() {
        this(ApplicationSettings.DEFAULTS);
    }

    /** An application without routes. */
    public Application(ApplicationSettings settings) {
        this.settings = settings;
        if (settings.compressResponse()) {
            transforms.add(Compression::of);
        }
        if (settings.staticFiles() != null) {
            rules.addAll(settings.staticFiles().routes());
        }
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

    /** Adds any rule behind those that are there: a regular expression, a group of others. */
    public Application add(Rule<Supplier<? extends RequestHandler>> rule) {
        rules.add(rule);
        router = null;
        return this;
    }

    /**
     * Adds rules below a path: {@code under("/api", Route.to("/users", UsersHandler::new))} is
     * {@code /api/users}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Application under(
            String prefix, Rule<Supplier<? extends RequestHandler>>... rules) {
        for (var rule : rules) {
            add(rule.under(prefix));
        }
        return this;
    }

    /**
     * Adds rules for a virtual host, before all that are for any host and behind those of other
     * hosts; see {@link RequestMatcher#host}. Where the client named no proxy ({@code X-Real-Ip}),
     * the setting {@code defaultHost} counts as the request's host, too. Tornado: {@code
     * add_handlers}.
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Application host(
            String hostRegex, Rule<Supplier<? extends RequestHandler>>... rules) {
        var named = RequestMatcher.host(hostRegex);
        var byDefault = Pattern.matches(hostRegex, settings.defaultHost());
        RequestMatcher matcher =
                byDefault
                        ? request ->
                                named.matches(request) || !request.headers().contains("X-Real-Ip")
                        : named;
        hostRules.add(new RouteGroup<>(matcher, new Router<>(List.of(rules))));
        router = null;
        return this;
    }

    /** Passes every response through one more transform, behind those that are there. */
    public Application addTransform(OutputTransform.Factory transform) {
        transforms.add(transform);
        return this;
    }

    /** Lets every request and response pass a filter, behind those that are there. */
    public Application filter(Filter filter) {
        filters.add(filter);
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
        return router().reverse(name, arguments);
    }

    /** Throws if the caller is run by anything else than the loop that this listens on. */
    void checkLoop(String what) {
        if (loop != null && !loop.isCurrent()) {
            throw new IllegalStateException(
                    "%s was called from %s, which %s doesn't run: let it complete a future that the handler awaits, or use IOLoop.addCallback"
                            .formatted(what, Thread.currentThread(), loop.name()));
        }
    }

    /**
     * Serves this application on a port of every address of the machine, on the current loop;
     * connections are accepted as soon as that runs. Port 0 means any free one. The system property
     * {@code whirlwind.port} overrides the port, so that a program can be started elsewhere than it
     * says.
     *
     * <p>When the process is told to end (SIGTERM, SIGINT), the server {@linkplain HttpServer#drain
     * drains} within {@link ApplicationSettings#drainLimit}, and then the loop stops; at the second
     * signal it stops at once. A {@code LoopGroup} does this for its own loops.
     *
     * @throws whirlwind.net.AddressInUseException if the port is taken
     * @throws IllegalArgumentException if two routes have the same name
     * @throws IllegalStateException if it listens on another loop already
     */
    public HttpServer listen(int port) {
        var server = newServer();
        server.listen(portOr(port));
        announce("localhost", server);
        return server;
    }

    /** The same on one address. */
    public HttpServer listen(String host, int port) {
        var server = newServer();
        server.listen(host, portOr(port));
        announce(host, server);
        return server;
    }

    private void announce(String host, HttpServer server) {
        var scheme = settings.server().tls() == null ? "http" : "https";
        log.info("listening on {}://{}:{}", scheme, host, server.port());
        StartReminder.afterListening();
    }

    private static int portOr(int port) {
        return Integer.getInteger(PORT_PROPERTY, port);
    }

    private HttpServer newServer() {
        requireOwnLoop();
        router(); // names clash now, or never
        warnOfRoutesThatNothingReaches();
        if (settings.autoreload()) {
            Autoreload.start();
        }
        var server = new HttpServer(this, settings.server());
        server.onDrain(this::tellDraining);
        if (!settings.drainLimit().isZero() && !IOLoop.current().options().reusePort()) {
            Shutdown.includes(server, settings.drainLimit());
        }
        return server;
    }

    /** Two would share what handlers keep here, and neither has a lock for it. */
    private void requireOwnLoop() {
        var current = IOLoop.current();
        if (loop != null && loop != current && !loop.isClosed()) {
            throw new IllegalStateException(
                    "listen: this application listens on another loop; make one for each loop, in the"
                            + " body of the LoopGroup");
        }
        loop = current;
    }

    private void warnOfRoutesThatNothingReaches() {
        var paths = new HashSet<String>();
        for (var rule : rules) {
            if (rule instanceof Route<?> route && !paths.add(route.pattern().toString())) {
                log.warn("two routes for {}: nothing reaches the second one", route.pattern());
            }
        }
    }

    /** What is told when the servers of an application drain; closing it ends that. */
    private final class DrainListener implements AutoCloseable {
        private final Runnable callback;

        DrainListener(Runnable callback) {
            this.callback = callback;
        }

        @Override
        public void close() {
            drainListeners.remove(this);
        }
    }

    /**
     * Calls back, once, when a server of this application begins to drain: for handlers that would
     * go on for long, such as a stream of events, so that they end by themselves. Many are told in
     * batches, one in each turn of the loop.
     *
     * @return closed when nobody wants to know any more
     */
    public AutoCloseable onDrain(Runnable callback) {
        var listener = new DrainListener(callback);
        drainListeners.add(listener);
        return listener;
    }

    private void tellDraining() {
        var listeners = drainListeners.iterator();
        for (int i = 0; i < DRAIN_BATCH && listeners.hasNext(); i++) {
            var listener = listeners.next();
            listeners.remove();
            IOLoop.current().addCallback(listener.callback);
        }
        if (listeners.hasNext()) {
            IOLoop.current().addCallback(this::tellDraining);
        }
    }

    /**
     * The one object of a class that belongs to this application, made when it is first asked for:
     * for what the handlers of a package share, such as a pool of connections.
     */
    public <T> T attachment(Class<T> type, Supplier<T> make) {
        var known = attachments.get(type);
        if (known == null) {
            var made = make.get(); // which may ask for others, or wait
            known = Objects.requireNonNullElse(attachments.putIfAbsent(type, made), made);
        }
        return type.cast(known);
    }

    /**
     * Where a request goes, which its head alone decides.
     *
     * @param application that says so: one may be part of another
     * @param match null: nowhere
     */
    private record Routed(
            Application application,
            @Nullable RouteMatch<Supplier<? extends RequestHandler>> match) {}

    private @Nullable RouteMatch<Supplier<? extends RequestHandler>> matchOf(
            HttpServerRequest request) {
        return request.attachment() instanceof Routed routed && routed.application == this
                ? routed.match
                : router().match(request);
    }

    /** Whether the handler of a request has {@link StreamRequestBody}. */
    @Override
    public boolean streamsBody(HttpServerRequest head) {
        try {
            var match = router().match(head);
            head.attach(new Routed(this, match));
            return match != null
                    && streaming
                            .computeIfAbsent(match.target(), target -> target.get().bodyStreaming())
                            .test(head);
        } catch (RuntimeException e) {
            return false; // as handle will find, which answers
        }
    }

    private Supplier<? extends RequestHandler> unmatched(HttpServerRequest request) {
        return request.path().equals("*") ? ServerOptionsHandler::new : notFound;
    }

    /** Runs the handler of a request; the server calls it in the request's coroutine. */
    @Override
    public void handle(HttpExchange exchange) throws Exception {
        var requestId = RequestId.begin(settings.requestIds(), exchange.request());
        var started = IOLoop.current().time();
        var logFunction = settings.logFunction();
        if (!logFunction.isOn(500)) {
            run(exchange, started);
            return;
        }
        try {
            run(exchange, started);
        } finally {
            int status = statusOf(exchange);
            if (logFunction.isOn(status)) {
                logFunction.log(
                        new AccessRecord(
                                exchange.request(),
                                status,
                                exchange.bodyLength(),
                                started,
                                Duration.between(started, IOLoop.current().time()),
                                requestId));
            }
        }
    }

    private void run(HttpExchange exchange, Instant started) throws Exception {
        RequestHandler handler;
        RouteMatch<Supplier<? extends RequestHandler>> match = null;
        try {
            var answering = answerOfFilters(exchange.request());
            match = answering != null ? null : matchOf(exchange.request());
            handler =
                    checkedNew(
                            answering != null
                                    ? answering
                                    : (match == null
                                                    ? unmatched(exchange.request())
                                                    : match.target())
                                            .get());
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            handler = new ErrorHandler(e);
        }
        handler.execute(this, exchange, started, match);
    }

    /** One that had another request would mix them up, and their clients. */
    private static RequestHandler checkedNew(@Nullable RequestHandler handler) {
        if (handler == null || handler.hasBegun()) {
            throw new IllegalStateException(
                    (handler == null ? "no handler" : "a handler that has had a request before")
                            + " for a request: a route or filter makes a new one for each, as"
                            + " MainHandler::new does");
        }
        return handler;
    }

    /** Without an answer the client has gone (as nginx says it), or the server answers 500 next. */
    private static int statusOf(HttpExchange exchange) {
        int status = exchange.status();
        return status != 0 ? status : exchange.isFinished() ? 499 : 500;
    }

    private Router<Supplier<? extends RequestHandler>> router() {
        var known = router;
        if (known == null) {
            var all = new ArrayList<>(hostRules);
            all.addAll(rules);
            known = new Router<>(all);
            router = known;
        }
        return known;
    }

    /** What is to happen to the response of a request; mostly nothing. */
    List<OutputTransform> transformsFor(HttpServerRequest request) {
        if (transforms.isEmpty()) {
            return List.of();
        }
        var chosen = new ArrayList<OutputTransform>(transforms.size());
        for (var factory : transforms) {
            var transform = factory.begin(request);
            if (transform != null) {
                chosen.add(transform);
            }
        }
        return chosen;
    }

    private @Nullable RequestHandler answerOfFilters(HttpServerRequest request) {
        for (var filter : filters) {
            var handler = filter.answer(request);
            if (handler != null) {
                return handler;
            }
        }
        return null;
    }

    void completeHeaders(HttpServerRequest request, int status, Headers headers) {
        for (var filter : filters) {
            filter.complete(request, status, headers);
        }
    }
}
