package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.Verbs.on;
import static whirlwind.web.Verbs.onDelete;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPatch;
import static whirlwind.web.Verbs.onPost;
import static whirlwind.web.Verbs.onPut;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;
import whirlwind.web.routing.RequestMatcher;
import whirlwind.web.routing.Route;
import whirlwind.web.routing.RouteGroup;
import whirlwind.web.routing.Router;

class RoutesTest {
    private static Supplier<RequestHandler> says(String text) {
        return onGet(h -> h.write(text));
    }

    @AddSlash
    static class Folder extends RequestHandler {
        @Override
        protected void get() {
            write("folder");
        }

        @Override
        protected void post() {
            write("posted");
        }
    }

    @RemoveSlash
    static class Page extends RequestHandler {
        @Override
        protected void get() {
            write("page");
        }
    }

    private static String answer(ServedApplication app, String request) throws Exception {
        return app.raw(request + "\r\nConnection: close\r\n\r\n");
    }

    // ---- mistakes ----

    @Test
    void aHandlerIsForOneRequest() throws Exception {
        var only = new Page();
        try (var log = LogCapture.of("whirlwind.web.RequestHandler", Level.ERROR);
                var app =
                        ServedApplication.of(
                                new Application("/page", () -> only).route("/none", () -> null))) {
            assertThat(app.get("/page").body()).isEqualTo("page");
            assertThat(app.get("/page").statusCode()).isEqualTo(500);
            assertThat(app.get("/none").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .extracting(Throwable::getMessage)
                    .satisfiesExactly(
                            again -> assertThat(again).contains("has had a request before"),
                            none -> assertThat(none).startsWith("no handler for a request"));
        }
    }

    @Test
    void twoRoutesForTheSamePathAreSaid() throws Exception {
        var application =
                new Application("/a/{id}", says("first"))
                        .route("/a/{id}", says("second"))
                        .route("/b", says("b"));
        try (var log = LogCapture.of("whirlwind.web.Application", Level.WARN);
                var app = ServedApplication.of(application)) {
            assertThat(log.lines())
                    .containsExactly("WARN two routes for /a/{id}: nothing reaches the second one");
            assertThat(app.get("/a/1").body()).isEqualTo("first");
        }
    }

    // ---- functions ----

    @Test
    void functionsAnswerTheirVerbsAndOthersAre405() throws Exception {
        var verbs =
                onGet(h -> h.write("got"))
                        .and(onPost(h -> h.write("posted " + h.getPathArgument("id"))))
                        .and(onPut(h -> h.write("put")))
                        .and(onPatch(h -> h.write("patched")))
                        .and(onDelete(h -> h.write("deleted")))
                        .and(on("PURGE", h -> h.write("purged")));
        try (var app = ServedApplication.of(new Application().route("/{id:int}", verbs))) {
            assertThat(app.get("/7").body()).isEqualTo("got");
            assertThat(app.send("POST", "/7", "").body()).isEqualTo("posted 7");
            assertThat(app.send("PUT", "/7", "").body()).isEqualTo("put");
            assertThat(app.send("PATCH", "/7", "").body()).isEqualTo("patched");
            assertThat(app.send("DELETE", "/7", "").body()).isEqualTo("deleted");
            assertThat(app.send("PURGE", "/7", "").body()).isEqualTo("purged");
            assertThat(app.send("HEAD", "/7", "").headers().firstValue("Content-Length"))
                    .contains("3");
            var refused = app.send("OPTIONS", "/7", "");
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow").orElseThrow().split(", "))
                    .containsExactlyInAnyOrder(
                            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE");
            assertThat(app.get("/x").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void everyVerbThatAHandlerLacksIs405() throws Exception {
        try (var app =
                ServedApplication.of(new Application().route("/", () -> new RequestHandler() {}))) {
            for (var verb :
                    List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")) {
                var response = app.send(verb, "/", "");
                assertThat(response.statusCode()).as(verb).isEqualTo(405);
                assertThat(response.headers().firstValue("Allow")).as(verb).isPresent();
            }
        }
    }

    @Test
    void aFunctionOfTheExchangeCanBeATarget() throws Exception {
        HttpHandler bare = exchange -> exchange.respond(202, new Headers(), "bare".getBytes(UTF_8));
        try (var app =
                ServedApplication.of(
                        new Application().route("/bare", () -> new FallbackHandler(bare)))) {
            assertThat(app.get("/bare").body()).isEqualTo("bare");
            assertThat(app.get("/bare").statusCode()).isEqualTo(202);
        }
    }

    @Test
    void aFallbackThatFailsIsAnsweredByTheServer() throws Exception {
        HttpHandler failing =
                exchange -> {
                    throw new IllegalStateException("bad");
                };
        try (var app =
                ServedApplication.of(
                        new Application().route("/", () -> new FallbackHandler(failing)))) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void anApplicationCanBePartOfAnother() throws Exception {
        var old = new Application().route("/old/page", says("old"));
        var app =
                new Application()
                        .route("/new", says("new"))
                        .route("/old/{path:*}", () -> new FallbackHandler(old));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/old/page").body()).isEqualTo("old");
            assertThat(served.get("/old/none").statusCode()).isEqualTo(404);
            assertThat(served.get("/new").body()).isEqualTo("new");
        }
    }

    @Test
    void aRouterCanChooseByMethodWithoutAnApplication() throws Exception {
        var router =
                Router.<String>of(
                        new RouteGroup<>(
                                request -> request.method().equals("POST"),
                                Router.of(Route.to("/", "posted"))),
                        Route.to("/", "got"));
        var loop = new IOLoop();
        HttpHandler handler =
                exchange -> {
                    var match = router.match(exchange.request());
                    exchange.respond(
                            match == null ? 404 : 200,
                            new Headers(),
                            (match == null ? "" : match.target()).getBytes(UTF_8));
                };
        var server = new HttpServer(handler);
        server.listen("127.0.0.1", 0);
        var thread = Thread.ofPlatform().start(loop::start);
        var client = java.net.http.HttpClient.newHttpClient();
        try {
            for (var expected : List.of("posted", "got")) {
                var request =
                        java.net.http.HttpRequest.newBuilder(
                                        java.net.URI.create(
                                                "http://127.0.0.1:" + server.port() + "/"))
                                .method(
                                        expected.equals("got") ? "GET" : "POST",
                                        java.net.http.HttpRequest.BodyPublishers.noBody());
                var response =
                        client.send(
                                request.build(),
                                java.net.http.HttpResponse.BodyHandlers.ofString());
                assertThat(response.body()).isEqualTo(expected);
            }
        } finally {
            loop.stop();
            thread.join();
            loop.close();
        }
    }

    @StreamRequestBody
    private static class Streaming extends RequestHandler {
        private int bytes;

        @Override
        protected void dataReceived(byte[] piece) {
            bytes += piece.length;
        }

        @Override
        protected void post() {
            write("streamed " + bytes);
        }
    }

    @Test
    void aRequestIsRoutedOnceWhetherOrNotItHasABody() throws Exception {
        var asked = new AtomicInteger();
        RequestMatcher counting = _ -> asked.incrementAndGet() > 0;
        var inner =
                new Application()
                        .add(
                                new RouteGroup<>(
                                        counting,
                                        Router.of(
                                                Route.to("/streamed", Streaming::new),
                                                Route.to("/read", onPost(h -> h.write("read"))),
                                                Route.to("/got", says("got")))));
        try (var app = ServedApplication.of(inner)) {
            assertThat(app.get("/got").body()).isEqualTo("got");
            assertThat(asked.getAndSet(0)).isEqualTo(1);
            assertThat(app.send("POST", "/read", "body").body()).isEqualTo("read");
            assertThat(asked.getAndSet(0)).isEqualTo(1);
            assertThat(app.send("POST", "/streamed", "body").body()).isEqualTo("streamed 4");
            assertThat(asked.getAndSet(0)).isEqualTo(1);
            assertThat(app.send("POST", "/none", "body").statusCode()).isEqualTo(404);
            assertThat(asked.getAndSet(0)).isEqualTo(1);
        }
    }

    @Test
    void aBodyFindsItsHandlerInAnApplicationThatIsPartOfAnother() throws Exception {
        var inner =
                new Application()
                        .route("/in/streamed", Streaming::new)
                        .route("/in/{name}", onPost(h -> h.write(h.getPathArgument("name"))));
        var outer = new Application().route("/{path:*}", () -> new FallbackHandler(inner));
        try (var app = ServedApplication.of(outer)) {
            assertThat(app.send("POST", "/in/streamed", "body").body()).isEqualTo("streamed 4");
            assertThat(app.send("POST", "/in/read", "body").body()).isEqualTo("read");
            assertThat(app.send("POST", "/out", "body").statusCode()).isEqualTo(404);
        }
    }

    // ---- names, prefixes, hosts ----

    @Test
    void routesUnderAPrefixAreFoundAndReversedWithIt() throws Exception {
        var app =
                new Application()
                        .under(
                                "/api/v1",
                                Route.<Supplier<? extends RequestHandler>>to(
                                                "/user/{id:int}",
                                                onGet(h -> h.write(h.getPathArgument("id"))))
                                        .named("user"),
                                Route.regex(
                                        "/file/(.*)", onGet(h -> h.write("" + h.pathArguments()))),
                                RouteGroup.host("none", List.of(Route.to("/x", says("x")))));
        assertThat(app.reverseUrl("user", 7)).isEqualTo("/api/v1/user/7");
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/api/v1/user/7").body()).isEqualTo("7");
            assertThat(served.get("/api/v1/file/a/b").body()).isEqualTo("[a/b]");
            assertThat(served.get("/user/7").statusCode()).isEqualTo(404);
            assertThat(served.get("/api/v1/x").statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "/api/", "/{x}", ""})
    void aPrefixIsFixedTextThatStartsWithASlash(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Application().under(prefix, Route.to("/a", says("a"))))
                .withMessageStartingWith("prefix: ");
    }

    @Test
    void aNameInsideAHostsRoutesIsFound() {
        var app =
                new Application()
                        .host(
                                "www\\.example\\.com",
                                Route.<Supplier<? extends RequestHandler>>to("/in/{x}", says("in"))
                                        .named("inner"));
        assertThat(app.reverseUrl("inner", "a b")).isEqualTo("/in/a%20b");
        Assertions.assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> app.reverseUrl("none"))
                .withMessageContaining("none");
    }

    @Test
    void twoRoutesOfOneNameAreRefusedAtTheStart() {
        var app = new Application().route("/a", says("a"), "x").route("/b", says("b"), "x");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> app.listen("127.0.0.1", 0))
                .withMessage("two routes are named \"x\"");
    }

    @Test
    void hostsGoBeforeRoutesForAnyHostAndMayOverlap() throws Exception {
        var app =
                new Application()
                        .route("/", says("any"))
                        .host("www\\.example\\.com", Route.to("/", says("www")))
                        .host(
                                ".*\\.example\\.com",
                                Route.to("/", says("sub")),
                                Route.to("/s", says("s")));
        try (var served = ServedApplication.of(app)) {
            assertThat(answer(served, "GET / HTTP/1.1\r\nHost: WWW.example.com:80"))
                    .endsWith("www");
            assertThat(answer(served, "GET / HTTP/1.1\r\nHost: a.example.com")).endsWith("sub");
            assertThat(answer(served, "GET /s HTTP/1.1\r\nHost: www.example.com")).endsWith("s");
            assertThat(answer(served, "GET / HTTP/1.1\r\nHost: example.org")).endsWith("any");
            assertThat(answer(served, "GET /s HTTP/1.1\r\nHost: example.org")).contains(" 404 ");
        }
    }

    @Test
    void theDefaultHostCountsWhereNoProxyWasNamed() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withDefaultHost("www.example.com"))
                        .host("www\\.example\\.com", Route.to("/", says("www")));
        try (var served = ServedApplication.of(app)) {
            assertThat(answer(served, "GET / HTTP/1.1\r\nHost: other")).endsWith("www");
            assertThat(answer(served, "GET / HTTP/1.1\r\nHost: other\r\nX-Real-Ip: 1.2.3.4"))
                    .contains(" 404 ");
        }
    }

    @Test
    void aGroupThatFindsNothingLetsLaterRulesTry() throws Exception {
        var app =
                new Application()
                        .add(new RouteGroup<>(RequestMatcher.ANY, new Router<>(List.of())))
                        .route("/", says("later"));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").body()).isEqualTo("later");
        }
    }

    @Test
    void whatNoRouteMatchesCanBeAnsweredByAHandlerOfYourOwn() throws Exception {
        var app = new Application().otherwise(() -> new ErrorHandler(418));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/x").statusCode()).isEqualTo(418);
            assertThat(served.send("POST", "/x", "").statusCode()).isEqualTo(418);
        }
    }

    @Test
    void anErrorHasAllHeadersItIsGiven() throws Exception {
        var challenges = Headers.of("WWW-Authenticate", "Basic", "WWW-Authenticate", "Bearer");
        var app = new Application().otherwise(() -> new ErrorHandler(401, challenges));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").headers().allValues("WWW-Authenticate"))
                    .containsExactly("Basic", "Bearer");
        }
    }

    // ---- slashes ----

    @ParameterizedTest
    @CsvSource({
        "/folder?a=1, 301, /folder/?a=1",
        "/folder/, 200, ''",
        "/page/, 301, /page",
        "/page///?b=2, 301, /page?b=2",
        "/page, 200, ''"
    })
    void aWrongSlashIsRedirected(String path, int status, String location) throws Exception {
        try (var app = slashes()) {
            var response = app.get(path);
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("Location").orElse("")).isEqualTo(location);
        }
    }

    @Test
    void aWrongSlashIsNotFoundForOtherVerbs() throws Exception {
        try (var app = slashes()) {
            assertThat(app.send("POST", "/folder", "").statusCode()).isEqualTo(404);
            assertThat(app.send("POST", "/folder/", "").body()).isEqualTo("posted");
        }
    }

    @Test
    void aSlashRedirectDoesNotLeaveTheHost() throws Exception {
        var app =
                new Application()
                        .add(Route.<Supplier<? extends RequestHandler>>regex("/.*", Folder::new));
        try (var served = ServedApplication.of(app)) {
            for (var elsewhere : List.of("//evil.example", "/\\evil.example")) {
                assertThat(answer(served, "GET " + elsewhere + " HTTP/1.1\r\nHost: x"))
                        .contains(" 404 ");
            }
        }
    }

    private static ServedApplication slashes() {
        return ServedApplication.of(
                new Application()
                        .add(
                                Route.<Supplier<? extends RequestHandler>>regex(
                                        "/folder/?", Folder::new))
                        .add(
                                Route.<Supplier<? extends RequestHandler>>regex(
                                        "/page/*", Page::new)));
    }

    // ---- redirects ----

    private static final Route<Supplier<? extends RequestHandler>> SHOP =
            Route.regex("/shop/(.*)/", () -> new RedirectHandler("https://{0}.example.com/"));

    private static final Route<Supplier<? extends RequestHandler>> MOVED =
            Route.regex("/moved(/.*)", () -> new RedirectHandler("https://www.example.com{0}"));

    private static final Route<Supplier<? extends RequestHandler>> OLD =
            Route.regex("/old(.*)", () -> new RedirectHandler("https://www.example.com{0}"));

    private static final Route<Supplier<? extends RequestHandler>> OUT =
            Route.regex("/out/(.*)", () -> new RedirectHandler("https://example.com?to={0}"));

    @ParameterizedTest
    @CsvSource({
        "/plain, /to",
        "/plain?x=1, /to?x=1",
        "/named/a%20b/7, /to/7/a%20b?fixed=1",
        "/named/a/7?y=2, /to/7/a?fixed=1&y=2",
        "/numbers/1/2, /2-1",
        "/part?x=1, /to?x=1#part",
        "/shop/ada/, https://ada.example.com/",
        "/moved/a/b, https://www.example.com/a/b",
        "/old/a/b, https://www.example.com/a/b",
        "/old, https://www.example.com",
        "/out/a/b, https://example.com?to=a/b"
    })
    void redirectsTakeThePathsArgumentsAndTheQueryAlong(String from, String to) throws Exception {
        var app =
                new Application()
                        .route("/plain", () -> new RedirectHandler("/to"))
                        .route("/named/{a}/{b}", () -> new RedirectHandler("/to/{b}/{a}?fixed=1"))
                        .add(
                                Route.regex(
                                        "/numbers/(.*)/(.*)",
                                        () -> new RedirectHandler("/{1}-{0}")))
                        .route("/part", () -> new RedirectHandler("/to#part"))
                        .add(SHOP)
                        .add(MOVED)
                        .add(OLD)
                        .add(OUT);
        try (var served = ServedApplication.of(app)) {
            var response = served.get(from);
            assertThat(response.statusCode()).isEqualTo(301);
            assertThat(response.headers().firstValue("Location")).contains(to);
        }
    }

    @Test
    void aRedirectDoesNotLeadToAHostFromThePath() throws Exception {
        var app = new Application().route("/go/{to:*}", () -> new RedirectHandler("/{to}", false));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/go/a/b").headers().firstValue("Location")).contains("/a/b");
            assertThat(served.get("/go/a/b").statusCode()).isEqualTo(302);
            assertThat(served.get("/go//evil.example").statusCode()).isEqualTo(404);
        }
        try (var served = ServedApplication.of(new Application().add(SHOP).add(OLD))) {
            assertThat(served.get("/shop/evil.example%2F/").statusCode()).isEqualTo(404);
            assertThat(served.get("/shop/%2Fevil.example%2F/").statusCode()).isEqualTo(404);
            assertThat(served.get("/shop/%2Fevil/").statusCode()).isEqualTo(404);
            assertThat(served.get("/old.evil.example").statusCode()).isEqualTo(404);
            assertThat(served.get("/old.evil.example/a").statusCode()).isEqualTo(404);
        }
    }
}
