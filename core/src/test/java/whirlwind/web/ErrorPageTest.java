package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPost;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.escape.Json;
import whirlwind.loop.Async;
import whirlwind.web.InvalidInputException.Problem;

/**
 * What the client of a failed request sees: HTML, problem details or a page of the application's.
 */
class ErrorPageTest {
    private static final Verbs FAILING =
            onGet(h -> {
                throw new IllegalStateException("the <secret> plan", new RuntimeException("root"));
            });

    private static final ApplicationSettings DEBUG = ApplicationSettings.DEFAULTS.withDebug(true);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/problem+json",
                "application/json, text/plain, */*",
                "text/html;q=0.5, application/json"
            })
    void whoAsksForJsonGetsProblemDetails(String accept) throws Exception {
        try (var app = ServedApplication.of(FAILING)) {
            var response = app.get("/", "Accept", accept);
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("application/problem+json");
            assertThat(Json.decode(response.body()))
                    .isEqualTo(
                            Json.decode(
                                    """
                                    {"type": "about:blank", "title": "Internal Server Error", "status": 500}
                                    """));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "application/json;q=0.5, text/html",
                "application/json;q=0",
                "*/*"
            })
    void whoAsksForAnythingElseGetsHtml(String accept) throws Exception {
        try (var app = ServedApplication.of(FAILING)) {
            var response = app.get("/", "Accept", accept);
            assertThat(response.body())
                    .isEqualTo(
                            "<html><title>500: Internal Server Error</title>"
                                    + "<body>500: Internal Server Error</body></html>");
        }
    }

    @Test
    void whoKeepsAnErrorPageIsToldThatOthersWantAnother() throws Exception {
        try (var app = ServedApplication.of(FAILING)) {
            assertThat(app.get("/none", "Accept", "text/html").headers().allValues("Vary"))
                    .containsExactly("Accept");
        }
    }

    @Test
    void whoSendsJsonAndSaysNothingElseGetsJson() throws Exception {
        try (var app =
                ServedApplication.of(
                        onPost(h -> {
                            throw new HttpError(409, "only for the log");
                        }))) {
            var response = app.send("POST", "/", "{}", "Content-Type", "application/json");
            assertThat(response.body())
                    .contains("\"title\":\"Conflict\"")
                    .doesNotContain("only for the log");
        }
    }

    @Test
    void problemsOfFieldsAreListedInEitherForm() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            throw new InvalidInputException(
                                    List.of(new Problem("a<b", "is <odd>")));
                        }))) {
            var json = app.get("/", "Accept", "application/json");
            assertThat(json.statusCode()).isEqualTo(422);
            assertThat(Json.decode(json.body()).get("errors").get(0).get("field").asString())
                    .isEqualTo("a<b");
            assertThat(app.get("/", "Accept", "text/html").body())
                    .contains("<b>a&lt;b</b> is &lt;odd&gt;");
        }
    }

    @Test
    void developersSeeTheStackAndTheRequestButNoSecrets() throws Exception {
        try (var app = ServedApplication.of(DEBUG, FAILING)) {
            var page = app.get("/?x=1", "Accept", "text/html", "Cookie", "session=abc123").body();
            assertThat(page)
                    .contains("java.lang.IllegalStateException", "the &lt;secret&gt; plan", "root")
                    .contains("<li class=own>whirlwind.web.ErrorPageTest.")
                    .contains("/?x=1")
                    .doesNotContain("abc123", "<secret>");
        }
    }

    @Test
    void developersWithoutABrowserSeeTheStackAsText() throws Exception {
        try (var app = ServedApplication.of(DEBUG, FAILING)) {
            var text = app.get("/");
            assertThat(text.headers().firstValue("Content-Type"))
                    .contains("text/plain; charset=UTF-8");
            assertThat(text.body()).startsWith("java.lang.IllegalStateException: the <secret>");
            var json = Json.decode(app.get("/", "Accept", "application/json").body());
            assertThat(json.get("detail").asString()).contains("the <secret> plan");
            assertThat(json.get("trace").get(0).asString()).contains("IllegalStateException");
        }
    }

    @Test
    void debugShowsNothingWhereTracesAreSwitchedOff() throws Exception {
        try (var app = ServedApplication.of(DEBUG.withServeTraceback(false), FAILING)) {
            assertThat(app.get("/", "Accept", "text/html").body()).doesNotContain("secret");
        }
    }

    @Test
    void anHttpErrorIsNoFailureToShow() throws Exception {
        try (var app =
                ServedApplication.of(
                        DEBUG,
                        onGet(h -> {
                            throw new HttpError(403, "for the log");
                        }))) {
            assertThat(app.get("/", "Accept", "text/html").body())
                    .contains("403: Forbidden")
                    .doesNotContain("for the log");
        }
    }

    @Test
    void sendErrorEndsTheRequestWithAPage() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.sendError(410)))) {
            assertThat(app.get("/").statusCode()).isEqualTo(410);
            assertThat(app.get("/").body()).contains("410: Gone");
        }
        try (var app = ServedApplication.of(onGet(h -> h.sendError(304)))) {
            assertThat(app.get("/").statusCode()).isEqualTo(304);
            assertThat(app.get("/").body()).isEmpty();
        }
    }

    @Test
    void anErrorPageThatFailsHalfwayBreaksTheConnection() throws Exception {
        class Halfway extends RequestHandler {
            @Override
            protected void get() {
                throw new HttpError(500);
            }

            @Override
            protected void writeError(int status, Throwable why) {
                write("part of a page");
                Async.await(flush());
                Async.moment();
                throw new IllegalStateException("no more");
            }
        }

        try (var app = ServedApplication.of(Halfway::new)) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains("part of a page")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void theStackTraceIsShownOnlyWhereTheSettingSaysSo() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withServeTraceback(true))
                        .route(
                                "/",
                                onGet(h -> {
                                    throw new IllegalStateException("what went wrong");
                                }));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").body()).contains("IllegalStateException: what went wrong");
        }
    }

    @Test
    void anErrorPageEscapesItsReason() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            throw new HttpError(400, null, "<script>");
                        }))) {
            assertThat(app.get("/", "Accept", "text/html").body())
                    .contains("400: &lt;script&gt;")
                    .doesNotContain("<script>");
        }
    }

    @Test
    void aHandlerWritesItsOwnErrorPages() throws Exception {
        class Teapot extends RequestHandler {
            @Override
            protected void get() {
                throw new HttpError(418, "for the log", "Short and stout");
            }

            @Override
            protected void writeError(int status, Throwable failure) {
                write("custom " + status + " " + (failure instanceof HttpError));
            }
        }

        try (var served = ServedApplication.of(Teapot::new)) {
            assertThat(served.rawGet("/"))
                    .startsWith("HTTP/1.1 418 Short and stout\r\n")
                    .endsWith("custom 418 true");
        }
    }

    @Test
    void aFailingErrorPageLeavesAnEmptyOne() throws Exception {
        class Unlucky extends RequestHandler {
            @Override
            protected void get() {
                throw new HttpError(403);
            }

            @Override
            protected void writeError(int status, Throwable failure) {
                throw new IllegalStateException("writing the error page fails too");
            }
        }

        try (var served = ServedApplication.of(Unlucky::new)) {
            var response = served.get("/");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).isEmpty();
        }
    }
}
