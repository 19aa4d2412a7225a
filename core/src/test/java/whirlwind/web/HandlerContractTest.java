package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;
import static whirlwind.web.Verbs.onPost;

import ch.qos.logback.classic.Level;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** What a handler may say and what not, one promise after the other. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandlerContractTest {
    private static ServedApplication serve(Verbs.Body get) {
        return ServedApplication.of(new Application().route("/", onGet(get)));
    }

    // ---- where it is ----

    @Test
    void aHandlerKnowsItsApplicationSettingsAndRequest() throws Exception {
        var settings = ApplicationSettings.DEFAULTS.withValue("colour", "green");
        var application = new Application(settings);
        application.route(
                "/{x}",
                onGet(h -> {
                    assertThat(h.application()).isSameAs(application);
                    assertThat(h.settings()).isSameAs(settings);
                    h.write(h.request().method() + " " + h.pathArguments());
                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/7").body()).isEqualTo("GET [7]");
        }
    }

    @Test
    void outsideOfARequestAHandlerHasNone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new ErrorHandler(404).request())
                .withMessageStartingWith("this handler has no request");
    }

    @Test
    void anotherThreadMayNotSend() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("x");
                    var elsewhere = new CompletableFuture<Throwable>();
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    h.flush();
                                } catch (IllegalStateException e) {
                                    elsewhere.complete(e);
                                }
                            });
                    h.write(Async.await(elsewhere).getMessage());
                })) {
            assertThat(app.get("/").body())
                    .contains("was called from Thread", "use IOLoop.addCallback");
        }
    }

    // ---- input ----

    @Test
    void allValuesOfOneNameComeByTheirPlace() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                onPost(h ->
                                        h.write(
                                                h.getQueryArguments("a")
                                                        + " "
                                                        + h.getBodyArguments("a")
                                                        + " "
                                                        + h.getArguments("a")
                                                        + " "
                                                        + h.getArguments("none")
                                                        + " "
                                                        + h.getArgument("empty"))));
        try (var app = ServedApplication.of(application)) {
            assertThat(
                            app.send(
                                            "POST",
                                            "/?a=1&a=2&empty=",
                                            "a=3",
                                            "Content-Type",
                                            "application/x-www-form-urlencoded")
                                    .body())
                    .isEqualTo("[1, 2] [3] [1, 2, 3] [] ");
        }
    }

    @Test
    void filesAndOtherBodiesAreThereAsTheyCame() throws Exception {
        var application =
                new Application()
                        .route("/raw", onPost(h -> h.write(h.request().body())))
                        .route(
                                "/file",
                                onPost(h -> {
                                    var file = h.request().files().get("f").getFirst();
                                    h.write(file.filename() + " " + new String(file.body(), UTF_8));
                                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.send("POST", "/raw", "%7B=&", "Content-Type", "text/x").body())
                    .isEqualTo("%7B=&");
            var form =
                    "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"å.txt\"\r\n\r\n"
                            + "ünï\r\n--b--\r\n";
            assertThat(
                            app.send(
                                            "POST",
                                            "/file",
                                            form,
                                            "Content-Type",
                                            "multipart/form-data; boundary=b")
                                    .body())
                    .isEqualTo("å.txt ünï");
        }
    }

    // ---- failures ----

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
    void aLogThatFailsDoesNotKeepTheClientWaiting() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                throw new IllegalStateException("the failure");
                                            }

                                            @Override
                                            protected void logException(Throwable failure) {
                                                throw new IllegalStateException("the log's");
                                            }
                                        });
        try (var log = LogCapture.of(RequestHandler.class.getName(), Level.ERROR);
                var app = ServedApplication.of(application)) {
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

    // ---- servers ----

    @Test
    void aServerThatIsStoppedListensNoMore() throws Exception {
        var application = new Application().route("/", onGet(h -> h.write("here")));
        try (var app = ServedApplication.of(application)) {
            int second =
                    app.onLoop(() -> {
                        var server = application.listen("127.0.0.1", 0);
                        int port = server.port();
                        server.stop();
                        return port;
                    });
            assertThat(second).isNotEqualTo(app.port());
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> new Socket("127.0.0.1", second).close())
                    .isInstanceOf(ConnectException.class);
            assertThat(app.get("/").body()).isEqualTo("here");
        }
    }

    @Test
    void debugSwitchesOnWhatIsNotSetByItself() {
        var debug = ApplicationSettings.DEFAULTS.withDebug(true);
        assertThat(debug.autoreload()).isTrue();
        assertThat(debug.serveTraceback()).isTrue();
        assertThat(debug.templateCache()).isFalse();
        assertThat(debug.staticHashCache()).isFalse();
        for (boolean set : List.of(true, false)) {
            for (var settings : List.of(debug, ApplicationSettings.DEFAULTS)) {
                assertThat(settings.withAutoreload(set).autoreload()).isEqualTo(set);
                assertThat(settings.withServeTraceback(set).serveTraceback()).isEqualTo(set);
                assertThat(settings.withTemplateCache(set).templateCache()).isEqualTo(set);
                assertThat(settings.withStaticHashCache(set).staticHashCache()).isEqualTo(set);
            }
        }
        assertThat(ApplicationSettings.DEFAULTS.autoreload()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.templateCache()).isTrue();
        assertThat(ApplicationSettings.DEFAULTS.staticHashCache()).isTrue();
    }

    @Test
    void settingsOnlyEverChangeInACopy() {
        var changed =
                ApplicationSettings.DEFAULTS
                        .withDebug(true)
                        .withCompressResponse(true)
                        .withTimeLimit(Duration.ofSeconds(1))
                        .withRequestIds(RequestId.Source.OWN)
                        .withValue("a", List.of());
        assertThat(changed.serveTraceback()).isTrue();
        assertThat(changed.withServeTraceback(false).serveTraceback()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.debug()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.serveTraceback()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.compressResponse()).isFalse();
        assertThat(ApplicationSettings.DEFAULTS.timeLimit()).isZero();
        assertThat(ApplicationSettings.DEFAULTS.values()).isEmpty();
    }
}
