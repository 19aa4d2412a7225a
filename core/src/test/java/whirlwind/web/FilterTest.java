package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.FilteredPages.application;
import static whirlwind.web.FilteredPages.header;
import static whirlwind.web.FilteredPages.request;
import static whirlwind.web.FilteredPages.serve;

import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.testing.LogCapture;

/** What any filter may do. */
class FilterTest {
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
    void aHandlerThatAFilterAnswersWithIsForOneRequest() throws Exception {
        var only = new ErrorHandler(403);
        var closed =
                new Filter() {
                    @Override
                    public RequestHandler answer(HttpServerRequest request) {
                        return only;
                    }
                };
        try (var app = serve(closed);
                var log = LogCapture.of(RequestHandler.class)) {
            assertThat(app.get("/").statusCode()).isEqualTo(403);
            assertThat(app.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(again ->
                            assertThat(again).hasMessageContaining("had a request before"));
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
                        .filter(Cors.from("https://app.example"))
                        .filter(RateLimit.perClient(1, Duration.ofDays(1)).under("/api"));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/failing").body()).isEqualTo("sorry, 418");
            assertThat(app.get("/none").body()).isEqualTo("sorry, 404");
            assertThat(
                            app.send(
                                            "OPTIONS",
                                            "/",
                                            "",
                                            "Origin",
                                            "https://evil.example",
                                            "Access-Control-Request-Method",
                                            "PUT")
                                    .body())
                    .isEqualTo("sorry, 403");
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
}
