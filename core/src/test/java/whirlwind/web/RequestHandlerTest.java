package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import whirlwind.http.Cookie;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class RequestHandlerTest {
    /** A handler whose GET is a lambda. */
    interface Get {
        void run(RequestHandler handler) throws Exception;
    }

    private static Supplier<RequestHandler> get(Get body) {
        return () ->
                new RequestHandler() {
                    @Override
                    protected void get() throws Exception {
                        body.run(this);
                    }
                };
    }

    private static ServedApplication serve(Get body) {
        return ServedApplication.of(new Application().route("/", get(body)));
    }

    record Person(String name, int age) {}

    // ---- output ----

    static class Headed extends RequestHandler {
        @Override
        protected void get() {
            write("page");
        }

        @Override
        protected void head() {
            if (request().query().equals("written")) {
                write("page");
            }
        }
    }

    /** RFC 9110 section 8.6: what it says is what GET would say, or nothing. */
    @Test
    void headDoesNotDescribeABodyThatWasNotWritten() throws Exception {
        try (var app = ServedApplication.of(new Application("/", Headed::new))) {
            var head = app.send("HEAD", "/", "").headers();
            assertThat(head.firstValue("Content-Length")).isEmpty();
            assertThat(head.firstValue("Etag")).isEmpty();
            var written = app.send("HEAD", "/?written", "").headers();
            assertThat(written.firstValue("Content-Length")).contains("4");
            assertThat(written.firstValue("Etag"))
                    .isEqualTo(app.get("/").headers().firstValue("Etag"));
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
    void whatIsWrittenIsTheBodyAndItsLengthIsKnown() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("Hello, ");
                    h.write("wörld");
                })) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("Hello, wörld");
            assertThat(response.headers().firstValue("Content-Length")).contains("13");
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("text/html; charset=UTF-8");
            assertThat(response.headers().firstValue("Date")).isPresent();
        }
    }

    @Test
    void recordsAreWrittenAsJson() throws Exception {
        try (var app = serve(h -> h.writeJson(new Person("Ada", 36)))) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("{\"name\":\"Ada\",\"age\":36}");
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("application/json; charset=UTF-8");
        }
    }

    @Test
    void flushedPiecesAreSentInChunksWithoutLengthOrEtag() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("one ");
                    Async.await(h.flush());
                    h.write("two");
                })) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("one two");
            assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
            assertThat(response.headers().firstValue("Etag")).isEmpty();
        }
    }

    @Test
    void statusReasonAndHeadersAreTheHandlers() throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(202, "Taken");
                    h.setHeader("X-One", "1");
                    h.addHeader("X-Two", "a");
                    h.addHeader("X-Two", "b");
                    h.setHeader("X-Gone", "x");
                    h.clearHeader("X-Gone");
                })) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 202 Taken\r\n")
                    .contains("X-One: 1\r\n", "X-Two: a\r\n", "X-Two: b\r\n")
                    .doesNotContain("X-Gone");
        }
    }

    @Test
    void aHeaderCannotSmuggleAnother() throws Exception {
        try (var app = serve(h -> h.setHeader("X-A", "1\r\nX-B: 2"))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.headers().firstValue("X-B")).isEmpty();
        }
    }

    @Test
    void cookiesAreSetAndRead() throws Exception {
        try (var app =
                serve(h -> {
                    h.setCookie(Cookie.of("seen", "yes"));
                    h.write(String.valueOf(h.getCookie("name")));
                })) {
            var response = app.get("/", "Cookie", "name=Ada");
            assertThat(response.body()).isEqualTo("Ada");
            assertThat(response.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(c -> assertThat(c).startsWith("seen=yes"));
        }
    }

    @Test
    void redirectsSendTheClientElsewhere() throws Exception {
        try (var app = serve(h -> h.redirect("/there", 303))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(303);
            assertThat(response.headers().firstValue("Location")).contains("/there");
        }
    }

    @Test
    void aResponseThatTheClientHasIsAnsweredWith304() throws Exception {
        try (var app = serve(h -> h.write("same"))) {
            var etag = app.get("/").headers().firstValue("Etag").orElseThrow();
            var again = app.get("/", "If-None-Match", etag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void noContentHasNoLengthAndNoType() throws Exception {
        try (var app = serve(h -> h.setStatus(204))) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 204 ")
                    .doesNotContain("Content-Length", "Content-Type", "Transfer-Encoding");
        }
    }

    // ---- input ----

    @Test
    void argumentsComeFromQueryAndBodyAndTheBodyWins() throws Exception {
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void post() {
                                                writeJson(
                                                        Map.of(
                                                                "merged", getArgument("a"),
                                                                "all", getArguments("a"),
                                                                "query", getQueryArgument("a"),
                                                                "body", getBodyArgument("a"),
                                                                "fallback",
                                                                        String.valueOf(
                                                                                getArgument(
                                                                                        "none",
                                                                                        "dflt"))));
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            var response =
                    served.send(
                            "POST",
                            "/?a=q+1",
                            "a=%20b%01b ",
                            "Content-Type",
                            "application/x-www-form-urlencoded");
            assertThat(response.body())
                    .contains("\"merged\":\"b b\"")
                    .contains("\"all\":[\"q 1\",\"b b\"]")
                    .contains("\"query\":\"q 1\"")
                    .contains("\"fallback\":\"dflt\"");
        }
    }

    @Test
    void aMissingArgumentIsTheClientsFault() throws Exception {
        try (var app = serve(h -> h.getArgument("who"))) {
            assertThat(app.get("/").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void anArgumentThatIsNotUtf8IsTheClientsFault() throws Exception {
        try (var app = serve(h -> h.getArgument("who"))) {
            assertThat(app.get("/?who=%ff").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void jsonBodiesBecomeRecordsOr400() throws Exception {
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void put() {
                                                write(body(Person.class).name());
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.send("PUT", "/", "{\"name\":\"Ada\",\"age\":36}").body())
                    .isEqualTo("Ada");
            assertThat(served.send("PUT", "/", "{\"name\":").statusCode()).isEqualTo(400);
        }
    }

    @Test
    void pathArgumentsAreDecoded() throws Exception {
        var app =
                new Application()
                        .route("/user/{id}", get(h -> h.write(h.getPathArgument("id"))), "user")
                        .route("/link", get(h -> h.write(h.reverseUrl("user", "a b/c"))));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/user/a%20b%2Fc").body()).isEqualTo("a b/c");
            assertThat(served.get("/link").body()).startsWith("/user/a%20b");
        }
    }

    // ---- errors ----

    @Test
    void whatNoRouteMatchesIsNotFound() throws Exception {
        try (var app = serve(h -> {})) {
            assertThat(app.get("/elsewhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aVerbThatAHandlerLacksIs405AndTheOthersAreNamed() throws Exception {
        try (var app = serve(h -> {})) {
            var response = app.send("POST", "/", "");
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow")).contains("GET");
            assertThat(app.send("BREW", "/", "").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void anUncaughtExceptionIs500AndTellsTheClientNothing() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("half of a page");
                    throw new IllegalStateException("secret");
                })) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body())
                    .isEqualTo(
                            "<html><title>500: Internal Server Error</title>"
                                    + "<body>500: Internal Server Error</body></html>");
        }
    }

    @Test
    void theStackTraceIsShownOnlyWhereTheSettingSaysSo() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withServeTraceback(true))
                        .route(
                                "/",
                                get(h -> {
                                    throw new IllegalStateException("what went wrong");
                                }));
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").body()).contains("IllegalStateException: what went wrong");
        }
    }

    @Test
    void anErrorAfterTheFirstBytesBreaksTheConnectionSoThatNobodyTakesAPartForTheWhole()
            throws Exception {
        try (var app =
                serve(h -> {
                    h.write("part");
                    Async.await(h.flush());
                    Async.moment(); // now it is on its way
                    throw new IllegalStateException("too late for an error page");
                })) {
            assertThat(app.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains("part")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void aHandlerWritesItsOwnErrorPages() throws Exception {
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                throw new HttpError(
                                                        418, "for the log", "Short and stout");
                                            }

                                            @Override
                                            protected void writeError(
                                                    int status, Throwable failure) {
                                                write(
                                                        "custom "
                                                                + status
                                                                + " "
                                                                + (failure instanceof HttpError));
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 418 Short and stout\r\n")
                    .endsWith("custom 418 true");
        }
    }

    @Test
    void aFailingErrorPageLeavesAnEmptyOne() throws Exception {
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                throw new HttpError(403);
                                            }

                                            @Override
                                            protected void writeError(
                                                    int status, Throwable failure) {
                                                throw new IllegalStateException(
                                                        "writing the error page fails too");
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            var response = served.get("/");
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void finishEndsARequestFromAnywhereWithoutAnError() throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(401);
                    h.write("who are you?");
                    throw new Finish();
                })) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.body()).isEqualTo("who are you?");
        }
    }

    // ---- life ----

    @Test
    void prepareVerbAndOnFinishRunInThisOrderAndMayAllWait() throws Exception {
        var order = new CompletableFuture<List<String>>();
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            private final List<String> calls =
                                                    new java.util.ArrayList<>();

                                            @Override
                                            protected void prepare() {
                                                Async.sleep(Duration.ofMillis(1));
                                                calls.add("prepare");
                                            }

                                            @Override
                                            protected void get() {
                                                Async.moment();
                                                calls.add("get");
                                            }

                                            @Override
                                            protected void onFinish() {
                                                Async.moment();
                                                calls.add("onFinish " + isFinished());
                                                order.complete(calls);
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").statusCode()).isEqualTo(200);
            assertThat(order.get()).containsExactly("prepare", "get", "onFinish true");
        }
    }

    @Test
    void finishingInPrepareSkipsTheVerb() throws Exception {
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void prepare() {
                                                finish("from prepare");
                                            }

                                            @Override
                                            protected void get() {
                                                throw new AssertionError("must not run");
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").body()).isEqualTo("from prepare");
        }
    }

    @Test
    void aHandlerIsCancelledWhenItsClientGoesAway() throws Exception {
        var waiting = new CountDownLatch(1);
        var gone = new CompletableFuture<String>();
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void get() {
                                                waiting.countDown();
                                                Async.await(new CompletableFuture<>());
                                            }

                                            @Override
                                            protected void onConnectionClose() {
                                                gone.complete("told");
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            try (var socket = new java.net.Socket("127.0.0.1", served.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                waiting.await();
            }
            assertThat(gone.get()).isEqualTo("told");
            assertThat(served.onLoop(() -> served.loop().tasks().size())).isEqualTo(1);
        }
    }

    @Test
    void aHandlerThatOutlivesItsClientGoesOn() throws Exception {
        var waiting = new CountDownLatch(1);
        var goOn = new CompletableFuture<String>();
        var ended = new CompletableFuture<String>();
        var app =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected boolean outlivesClient() {
                                                return true;
                                            }

                                            @Override
                                            protected void get() {
                                                waiting.countDown();
                                                ended.complete(Async.await(goOn));
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            try (var socket = new java.net.Socket("127.0.0.1", served.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                waiting.await();
            }
            goOn.complete("done");
            assertThat(ended.get()).isEqualTo("done");
        }
    }

    @Test
    void requestsOfOneLoopWaitTogether() throws Exception {
        var both = new java.util.concurrent.atomic.AtomicInteger();
        var met = new CompletableFuture<String>();
        try (var app =
                serve(h -> {
                    if (both.incrementAndGet() == 2) {
                        met.complete("met");
                    }
                    h.write(Async.await(met));
                })) {
            var first =
                    app.client()
                            .sendAsync(
                                    java.net.http.HttpRequest.newBuilder(app.uri("/")).build(),
                                    java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(app.get("/").body()).isEqualTo("met");
            assertThat(first.get().body()).isEqualTo("met");
        }
    }
}
