package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.FormLimits;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.RequestStartLine;
import whirlwind.http.server.WebSocketUpgrade;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

/** Filters, and those that come with the library. */
class FilterTest {
    static class Page extends RequestHandler {
        @Override
        protected void get() {
            write("page");
        }

        @Override
        protected void put() {
            write("put");
        }
    }

    static class OwnHeaders extends RequestHandler {
        @Override
        protected void get() {
            setHeader("Content-Security-Policy", "default-src *");
            setHeader("Access-Control-Allow-Origin", "https://own.example");
            setHeader("Vary", "Accept");
            write("own");
        }
    }

    static class Varying extends RequestHandler {
        @Override
        protected void get() {
            addHeader("Vary", "Accept");
            addHeader("Vary", "Accept-Language");
            if (getArgument("origin", null) != null) {
                addHeader("Vary", "origin");
            }
        }
    }

    static class Failing extends RequestHandler {
        @Override
        protected void get() {
            setHeader("X-Gone", "with the error page");
            throw new HttpError(418);
        }
    }

    static class Socket extends RequestHandler {
        @Override
        protected void get() {
            upgrade(WebSocketUpgrade.DEFAULTS);
        }
    }

    private static Application application(ApplicationSettings settings) {
        return new Application(settings)
                .route("/", Page::new)
                .route("/api/page", Page::new)
                .route("/apiary", Page::new)
                .route("/own", OwnHeaders::new)
                .route("/varying", Varying::new)
                .route("/failing", Failing::new)
                .route("/socket", Socket::new);
    }

    private static ServedApplication serve(Filter... filters) {
        var application = application(ApplicationSettings.DEFAULTS);
        for (var filter : filters) {
            application.filter(filter);
        }
        return ServedApplication.of(application);
    }

    private static @Nullable String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    // ---- any filter ----

    @Test
    void aFilterMayAnswerInsteadOfTheHandler() throws Exception {
        var closed =
                new Filter() {
                    @Override
                    public @Nullable RequestHandler answer(HttpServerRequest request) {
                        return request.headers().contains("X-Bad") ? new ErrorHandler(403) : null;
                    }
                };
        try (var app = serve(closed)) {
            assertThat(app.get("/").body()).isEqualTo("page");
            assertThat(app.get("/", "X-Bad", "1").statusCode()).isEqualTo(403);
        }
    }

    @Test
    void whatAFilterThrowsIsAnsweredAsWhatAHandlerThrows() throws Exception {
        var closed =
                new Filter() {
                    @Override
                    public @Nullable RequestHandler answer(HttpServerRequest request) {
                        throw new HttpError(402, "no more credit", "Paid Once");
                    }
                };
        try (var app = serve(closed);
                var log = LogCapture.of(RequestHandler.class)) {
            var response = app.get("/", "Accept", "application/json");
            assertThat(response.statusCode()).isEqualTo(402);
            assertThat(response.body()).contains("\"title\":\"Paid Once\"");
            assertThat(log.lines()).singleElement().asString().contains("no more credit");
        }
    }

    @Test
    void aVerbThatNobodyKnowsIsRefusedAsAnyOther() throws Exception {
        var refusing =
                new Filter() {
                    @Override
                    public @Nullable RequestHandler answer(HttpServerRequest request) {
                        return new ErrorHandler(403);
                    }
                };
        try (var refused = serve(refusing.under("/api"));
                var limited = serve(RateLimit.perClient(1, Duration.ofDays(1)))) {
            assertThat(refused.send("BREW", "/none", "").statusCode()).isEqualTo(404);
            assertThat(refused.send("BREW", "/api", "").statusCode()).isEqualTo(403);
            assertThat(limited.get("/").statusCode()).isEqualTo(200);
            assertThat(limited.send("BREW", "/", "").statusCode()).isEqualTo(429);
        }
    }

    @Test
    void theApplicationsErrorPageIsThatOfFiltersToo() throws Exception {
        var settings =
                ApplicationSettings.DEFAULTS.withErrorPage(
                        (handler, status, failure) -> handler.write("sorry, " + status));
        var application =
                application(settings)
                        .filter(Cors.from(OURS))
                        .filter(RateLimit.perClient(1, Duration.ofDays(1)).under("/api"));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/failing").body()).isEqualTo("sorry, 418");
            assertThat(app.get("/none").body()).isEqualTo("sorry, 404");
            assertThat(preflight(app, "https://evil.example").body()).isEqualTo("sorry, 403");
            assertThat(app.get("/api/page").body()).isEqualTo("page");
            assertThat(app.get("/api/page").body()).isEqualTo("sorry, 429");
        }
    }

    @Test
    void aFilterForAPathSeesWhatIsBelowAlone() throws Exception {
        var security = SecurityHeaders.DEFAULTS.under("/api");
        try (var app = serve(security)) {
            for (var path : List.of("/api", "/api/page", "/api/none?x=/y")) {
                assertThat(header(app.get(path), "Referrer-Policy")).as(path).isNotNull();
            }
            for (var path : List.of("/", "/apiary", "/x/api")) {
                assertThat(header(app.get(path), "Referrer-Policy")).as(path).isNull();
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecurityHeaders.DEFAULTS.under("api/"));
    }

    // ---- security headers ----

    @Test
    void everyResponseHasTheSecurityHeaders() throws Exception {
        try (var app = serve(SecurityHeaders.DEFAULTS)) {
            for (var path : List.of("/", "/failing", "/none")) {
                var response = app.get(path);
                assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(response, "Referrer-Policy"))
                        .isEqualTo("strict-origin-when-cross-origin");
                assertThat(header(response, "Content-Security-Policy"))
                        .contains("default-src 'self'", "frame-ancestors 'self'");
                assertThat(header(response, "X-Gone")).isNull();
            }
        }
    }

    @Test
    void aWebSocketsHandshakePassesFiltersToo() throws Exception {
        var statuses = new LinkedBlockingQueue<Integer>();
        var watching =
                new Filter() {
                    @Override
                    public void complete(HttpServerRequest request, int status, Headers headers) {
                        statuses.add(status);
                    }
                };
        try (var app = serve(watching)) {
            var socket =
                    app.client()
                            .newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + app.port() + "/socket"),
                                    new WebSocket.Listener() {});
            socket.get(20, TimeUnit.SECONDS).abort();
            assertThat(statuses.poll(20, TimeUnit.SECONDS)).isEqualTo(101);
        }
    }

    @Test
    void aHandlersOwnHeaderWins() throws Exception {
        try (var app = serve(SecurityHeaders.DEFAULTS)) {
            assertThat(app.get("/own").headers().allValues("Content-Security-Policy"))
                    .containsExactly("default-src *");
        }
    }

    @Test
    void securityHeadersAreChangedOneByOne() throws Exception {
        var headers =
                SecurityHeaders.DEFAULTS
                        .with("content-security-policy", "default-src 'none'")
                        .with("Permissions-Policy", "geolocation=()")
                        .without("referrer-policy");
        try (var app = serve(headers)) {
            var response = app.get("/");
            assertThat(response.headers().allValues("Content-Security-Policy"))
                    .containsExactly("default-src 'none'");
            assertThat(header(response, "Permissions-Policy")).isEqualTo("geolocation=()");
            assertThat(header(response, "Referrer-Policy")).isNull();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> headers.with("X-A", "b\r\nc"));
    }

    @Test
    void browsersAreKeptToTlsIfTheyCameByIt() {
        for (var protocol : List.of("http", "https")) {
            var headers = new Headers();
            SecurityHeaders.DEFAULTS.complete(request("192.0.2.1", protocol), 200, headers);
            assertThat(headers.get("Strict-Transport-Security"))
                    .isEqualTo(protocol.equals("https") ? "max-age=31536000" : null);
        }
    }

    private static HttpServerRequest request(String remoteIp, String protocol) {
        return new HttpServerRequest(
                RequestStartLine.parse("GET / HTTP/1.1"),
                Headers.of("Host", "test"),
                new byte[0],
                remoteIp,
                protocol,
                FormLimits.DEFAULTS);
    }

    // ---- CORS ----

    private static final String OURS = "https://app.example";

    private static HttpResponse<String> preflight(ServedApplication app, String origin)
            throws Exception {
        return app.send(
                "OPTIONS",
                "/",
                "",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "content-type");
    }

    @Test
    void browsersThatAskAreToldWhatTheyMaySend() throws Exception {
        var cors =
                Cors.from(OURS, "http://localhost:3000")
                        .withCredentials(true)
                        .withMethods("GET", "PUT")
                        .withHeaders("Content-Type", "X-XSRFToken")
                        .withExposedHeaders("X-Total")
                        .withMaxAge(Duration.ofHours(1));
        try (var app = serve(cors)) {
            for (var origin : List.of(OURS, "http://localhost:3000")) {
                var response = preflight(app, origin);
                assertThat(response.statusCode()).isEqualTo(204);
                assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(origin);
                assertThat(header(response, "Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
                assertThat(header(response, "Access-Control-Allow-Headers"))
                        .isEqualTo("Content-Type, X-XSRFToken");
                assertThat(header(response, "Access-Control-Allow-Credentials")).isEqualTo("true");
                assertThat(header(response, "Access-Control-Max-Age")).isEqualTo("3600");
                assertThat(header(response, "Vary")).isEqualTo("Origin");
            }
        }
    }

    @Test
    void otherSitesAreToldNothing() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            for (var origin :
                    List.of("https://app.example.evil.org", "http://app.example", "null")) {
                var refused = preflight(app, origin);
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(header(refused, "Access-Control-Allow-Origin")).isNull();
                var response = app.get("/", "Origin", origin);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(header(response, "Access-Control-Allow-Origin")).isNull();
                assertThat(header(response, "Vary")).isEqualTo("Origin");
            }
        }
    }

    @Test
    void responsesSayWhoseScriptsMaySeeThem() throws Exception {
        try (var app = serve(Cors.from(OURS).withExposedHeaders("X-Total", "X-Page"))) {
            for (var path : List.of("/", "/failing", "/none")) {
                var response = app.get(path, "Origin", OURS);
                assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(OURS);
                assertThat(header(response, "Access-Control-Expose-Headers"))
                        .isEqualTo("X-Total, X-Page");
                assertThat(header(response, "Access-Control-Allow-Credentials")).isNull();
                assertThat(header(response, "Vary")).isEqualTo("Origin");
            }
            var without = app.get("/");
            assertThat(header(without, "Access-Control-Allow-Origin")).isNull();
            assertThat(header(without, "Vary")).isEqualTo("Origin");
        }
    }

    @Test
    void varyKeepsWhatTheHandlerSaid() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            assertThat(app.get("/varying", "Origin", OURS).headers().allValues("Vary"))
                    .containsExactly("Accept, Accept-Language, Origin");
            assertThat(app.get("/varying?origin=1").headers().allValues("Vary"))
                    .containsExactly("Accept", "Accept-Language", "origin");
            var own = app.get("/own", "Origin", OURS);
            assertThat(header(own, "Access-Control-Allow-Origin")).isEqualTo("https://own.example");
            assertThat(header(own, "Vary")).isEqualTo("Accept");
        }
    }

    @Test
    void whatIsForAllSitesVariesForNone() throws Exception {
        try (var app = serve(Cors.fromAnywhere())) {
            var response = app.get("/", "Origin", "https://any.example");
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(response, "Vary")).isNull();
            assertThat(header(preflight(app, "null"), "Access-Control-Allow-Origin"))
                    .isEqualTo("*");
        }
    }

    /** A cache may give the answer to one that asked without an origin to one that has one. */
    @Test
    void whatIsForAllSitesIsSoForWhoNamesNone() throws Exception {
        try (var app = serve(Cors.fromAnywhere().withExposedHeaders("X-Total"))) {
            var response = app.get("/");
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(response, "Access-Control-Expose-Headers")).isEqualTo("X-Total");
        }
    }

    @Test
    void anOptionsRequestThatAsksNothingGoesToItsHandler() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            assertThat(app.send("OPTIONS", "/", "", "Origin", OURS).statusCode()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "null", "app.example", "https://app.example/", "HTTPS://A.example"})
    void whatIsNoOriginIsRefused(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.from(origin))
                .withMessageContaining("such as https://app.example.com");
    }

    @Test
    void corsThatCannotBeMeantIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.fromAnywhere().withCredentials(true));
        assertThatIllegalArgumentException().isThrownBy(Cors::from);
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.from(OURS).withHeaders("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.from(OURS).withMethods("*"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.from(OURS).withMaxAge(Duration.ofSeconds(-1)));
    }

    // ---- rate limit ----

    /** An application on a loop whose time a test moves. */
    private static void onVirtualTime(Filter filter, Probe probe) throws Exception {
        var time = new VirtualTime();
        try (var loop = time.newLoop();
                var app =
                        ServedApplication.on(
                                loop, application(ApplicationSettings.DEFAULTS).filter(filter))) {
            probe.run(
                    app,
                    seconds ->
                            app.onLoop(() -> {
                                time.advance(Duration.ofSeconds(seconds));
                                return true;
                            }));
        }
    }

    private interface Probe {
        void run(ServedApplication app, Wait wait) throws Exception;
    }

    private interface Wait {
        void seconds(int seconds) throws Exception;
    }

    @Test
    void whoAsksTooOftenIsToldWhenToComeBack() throws Exception {
        onVirtualTime(
                RateLimit.perClient(3, Duration.ofSeconds(30)),
                (app, wait) -> {
                    for (int left = 2; left >= 0; left--) {
                        var response = app.get("/");
                        assertThat(response.statusCode()).isEqualTo(200);
                        assertThat(header(response, "RateLimit-Policy"))
                                .isEqualTo("\"default\";q=3;w=30");
                        assertThat(header(response, "RateLimit"))
                                .isEqualTo("\"default\";r=" + left + ";t=" + (3 - left) * 10);
                        assertThat(header(response, "Retry-After")).isNull();
                    }
                    wait.seconds(3);
                    var refused = app.get("/");
                    assertThat(refused.statusCode()).isEqualTo(429);
                    assertThat(header(refused, "Retry-After")).isEqualTo("7");
                    assertThat(header(refused, "RateLimit")).isEqualTo("\"default\";r=0;t=27");

                    wait.seconds(7);
                    assertThat(app.get("/").statusCode()).isEqualTo(200);
                    assertThat(app.get("/").statusCode()).isEqualTo(429);

                    wait.seconds(3600);
                    for (int i = 0; i < 3; i++) {
                        assertThat(app.get("/").statusCode()).isEqualTo(200);
                    }
                    assertThat(app.get("/").statusCode()).isEqualTo(429);
                });
    }

    @Test
    void eachClientHasALimitOfItsOwn() throws Exception {
        var byKey =
                RateLimit.perClient(1, Duration.ofMinutes(1))
                        .withKey(request -> request.headers().get("X-Key"));
        onVirtualTime(
                byKey,
                (app, wait) -> {
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(200);
                    assertThat(app.get("/", "X-Key", "b").statusCode()).isEqualTo(200);
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    for (int i = 0; i < 3; i++) {
                        var unlimited = app.get("/");
                        assertThat(unlimited.statusCode()).isEqualTo(200);
                        assertThat(header(unlimited, "RateLimit")).isNull();
                    }
                });
    }

    @Test
    void aClientOfIpv6IsItsNetwork() {
        var limit = RateLimit.perClient(1, Duration.ofDays(1));
        new VirtualTime()
                .run(() -> {
                    assertThat(limit.answer(request("2001:db8:1:2::1", "http"))).isNull();
                    assertThat(limit.answer(request("2001:db8:1:2:ffff::2", "http"))).isNotNull();
                    assertThat(limit.answer(request("2001:db8:1:3::1", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.1", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.2", "http"))).isNull();
                    assertThat(limit.answer(request("192.0.2.2", "http"))).isNotNull();
                    assertThat(limit.answer(request("un:known", "http"))).isNull();
                });
    }

    @Test
    void theClientThatWasQuietForLongestIsForgottenFirst() throws Exception {
        var limit =
                RateLimit.perClient(1, Duration.ofMinutes(1))
                        .withKey(request -> request.headers().get("X-Key"))
                        .withMaxClients(2);
        onVirtualTime(
                limit,
                (app, wait) -> {
                    app.get("/", "X-Key", "a");
                    app.get("/", "X-Key", "b");
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    app.get("/", "X-Key", "c");
                    assertThat(app.get("/", "X-Key", "a").statusCode()).isEqualTo(429);
                    assertThat(app.get("/", "X-Key", "b").statusCode())
                            .as("forgotten")
                            .isEqualTo(200);
                });
    }

    @Test
    void aLimitCountsForOneLoop() throws Exception {
        var limit = RateLimit.perClient(10, Duration.ofMinutes(1));
        try (var log = LogCapture.of(RequestHandler.class);
                var first = serve(limit);
                var second = serve(limit)) {
            assertThat(first.get("/").statusCode()).isEqualTo(200);
            assertThat(second.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures().getFirst()).hasMessageContaining("one for each application");
        }
    }

    @Test
    void limitsThatCannotBeMeantAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perClient(0, Duration.ofMinutes(1)))
                .withMessage("requests: 0 (at least 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perClient(1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.perClient(1, Duration.ofMinutes(1)).withMaxClients(0));
    }
}
