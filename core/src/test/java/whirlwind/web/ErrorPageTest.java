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

class ErrorPageTest {
    private static ServedApplication serve(ApplicationSettings settings, Verbs verbs) {
        return ServedApplication.of(new Application(settings).route("/", verbs));
    }

    private static ServedApplication serve(Verbs verbs) {
        return serve(ApplicationSettings.DEFAULTS, verbs);
    }

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
        try (var app = serve(FAILING)) {
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
        try (var app = serve(FAILING)) {
            var response = app.get("/", "Accept", accept);
            assertThat(response.body())
                    .isEqualTo(
                            "<html><title>500: Internal Server Error</title>"
                                    + "<body>500: Internal Server Error</body></html>");
        }
    }

    @Test
    void whoSendsJsonAndSaysNothingElseGetsJson() throws Exception {
        try (var app =
                serve(
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
                serve(
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
        try (var app = serve(DEBUG, FAILING)) {
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
        try (var app = serve(DEBUG, FAILING)) {
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
        try (var app = serve(DEBUG.withServeTraceback(false), FAILING)) {
            assertThat(app.get("/", "Accept", "text/html").body()).doesNotContain("secret");
        }
    }

    @Test
    void anHttpErrorIsNoFailureToShow() throws Exception {
        try (var app =
                serve(
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
    void finishMayHaveALastWord() throws Exception {
        try (var app =
                serve(
                        onGet(h -> {
                            h.setStatus(401);
                            throw new Finish("who are you?");
                        }))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("who are you?");
        }
    }

    @Test
    void sendErrorEndsTheRequestWithAPage() throws Exception {
        try (var app = serve(onGet(h -> h.sendError(410)))) {
            assertThat(app.get("/").statusCode()).isEqualTo(410);
            assertThat(app.get("/").body()).contains("410: Gone");
        }
        try (var app = serve(onGet(h -> h.sendError(304)))) {
            assertThat(app.get("/").statusCode()).isEqualTo(304);
            assertThat(app.get("/").body()).isEmpty();
        }
    }

    @Test
    void anErrorPageThatFailsHalfwayBreaksTheConnection() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
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
                                        });
        try (var app = ServedApplication.of(application)) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains("part of a page")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void anErrorAfterTheEndIsOnlyLogged() throws Exception {
        try (var app =
                serve(
                        onGet(h -> {
                            h.finish("done");
                            throw new IllegalStateException("too late to matter");
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("done");
        }
    }

    @Test
    void anUnknownVerbIsRefusedBeforePrepare() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void prepare() {
                                                finish("prepared");
                                            }
                                        });
        try (var app = ServedApplication.of(application)) {
            assertThat(app.send("BREW", "/", "").statusCode()).isEqualTo(405);
            assertThat(app.get("/").body()).isEqualTo("prepared");
        }
    }
}
