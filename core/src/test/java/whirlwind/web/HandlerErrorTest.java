package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.Verbs.onGet;

import ch.qos.logback.classic.Level;
import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** How a request ends that fails: what its client is told, and what the log. */
class HandlerErrorTest {
    @Test
    void anUncaughtExceptionIs500AndTellsTheClientNothing() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.write("half of a page");
                            throw new IllegalStateException("secret");
                        }))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body())
                    .isEqualTo(
                            "<html><title>500: Internal Server Error</title>"
                                    + "<body>500: Internal Server Error</body></html>");
        }
    }

    @Test
    void anErrorAfterTheFirstBytesBreaksTheConnectionSoThatNobodyTakesAPartForTheWhole()
            throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.write("part");
                            Async.await(h.flush());
                            Async.moment(); // now it is on its way
                            throw new IllegalStateException("too late for an error page");
                        }))) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains("part")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void anErrorAfterTheEndIsOnlyLogged() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.finish("done");
                            throw new IllegalStateException("too late to matter");
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("done");
        }
    }

    static class Unmakeable extends RequestHandler {
        Unmakeable() {
            throw new IllegalStateException("no database");
        }
    }

    @Test
    void aHandlerThatCannotBeMadeIsAnErrorPageWhateverTheVerb() throws Exception {
        var settings = ApplicationSettings.DEFAULTS.withServeTraceback(true);
        var application = new Application(settings).route("/", Unmakeable::new);
        try (var app = ServedApplication.of(application);
                var log = LogCapture.of(RequestHandler.class)) {
            for (var method : List.of("GET", "POST")) {
                var response = app.send(method, "/", "body");
                assertThat(response.statusCode()).as(method).isEqualTo(500);
                assertThat(response.body()).contains("no database");
            }
            assertThat(log.failures()).hasSize(2);
        }
    }

    @Test
    void aMessageForTheLogIsAWarningAndAFailureAnErrorWithItsStack() throws Exception {
        var application =
                new Application(ApplicationSettings.DEFAULTS.withLogFunction(LogFunction.NONE))
                        .route(
                                "/warn",
                                onGet(h -> {
                                    throw new HttpError(400, "100% wrong");
                                }))
                        .route(
                                "/silent",
                                onGet(h -> {
                                    throw new HttpError(400);
                                }))
                        .route(
                                "/fail",
                                onGet(h -> {
                                    throw new IllegalStateException("why");
                                }));
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(application)) {
            app.get("/warn");
            app.get("/silent");
            app.get("/fail");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 400 GET /warn (127.0.0.1): 100% wrong",
                            "ERROR Uncaught exception GET /fail (127.0.0.1)");
            assertThat(log.failures()).hasSize(1);
        }
    }

    @Test
    void nobodyForgesLinesOfTheLogByWhatAMessageQuotes() throws Exception {
        var application =
                new Application(ApplicationSettings.DEFAULTS.withLogFunction(LogFunction.NONE))
                        .route(
                                "/",
                                onGet(h -> {
                                    throw new HttpError(404, "no story " + h.getArgument("id"));
                                }));
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(application)) {
            app.get("/?id=7%0AERROR+all+is+lost");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 404 GET /?id=7%0AERROR+all+is+lost (127.0.0.1):"
                                    + " no story 7\\nERROR all is lost");
        }
    }

    @Test
    void aLogThatFailsDoesNotKeepTheClientWaiting() throws Exception {
        class Unloggable extends RequestHandler {
            @Override
            protected void get() {
                throw new IllegalStateException("the failure");
            }

            @Override
            protected void logException(Throwable failure) {
                throw new IllegalStateException("the log's");
            }
        }

        try (var log = LogCapture.of(RequestHandler.class.getName(), Level.ERROR);
                var app = ServedApplication.of(Unloggable::new)) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .extracting(Throwable::getMessage)
                    .containsExactly("the log's", "the failure");
        }
    }

    @Test
    void anErrorTellsItsStatusReasonAndMessage() {
        assertThat(new HttpError(404)).hasToString("HTTP 404: Not Found");
        assertThat(new HttpError(404, "no 50%", "Gone fishing"))
                .hasToString("HTTP 404: Gone fishing (no 50%)");
        assertThat(new MissingArgumentException("who").argument()).isEqualTo("who");
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpError(200));
    }

    @Test
    void finishEndsARequestFromAnywhereWithoutAnError() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(401);
                            h.write("who are you?");
                            throw new Finish();
                        }))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("who are you?");
        }
    }

    @Test
    void finishMayHaveALastWord() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(401);
                            throw new Finish("who are you?");
                        }))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("who are you?");
        }
    }
}
