package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;

import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.HttpDate;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;

/** What a handler can say, and when it is too late for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandlerResponseTest {
    private static ServedApplication serve(Verbs.Body get) {
        return ServedApplication.of(new Application().route("/", onGet(get)));
    }

    private static String raw(ServedApplication app) throws Exception {
        return app.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    // ---- status and headers ----

    @Test
    void everyResponseHasTheDefaultsEvenAnErrorPage() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected void setDefaultHeaders() {
                                                setHeader("X-Frame-Options", "DENY");
                                            }

                                            @Override
                                            protected void get() {
                                                setHeader("X-Lost", "by the error");
                                                throw new HttpError(403);
                                            }
                                        });
        try (var app = ServedApplication.of(application)) {
            var headers = app.get("/").headers();
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
            assertThat(headers.firstValue("X-Lost")).isEmpty();
            assertThat(headers.firstValue("Content-Type")).contains("text/html; charset=UTF-8");
            var date = HttpDate.parse(headers.firstValue("Date").orElseThrow());
            assertThat(Duration.between(date, Instant.now())).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void clearForgetsWhatWasSaid() throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(201);
                    h.setHeader("X-A", "1");
                    h.write("lost");
                    h.clear();
                    h.write("kept");
                })) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("kept");
            assertThat(response.headers().firstValue("X-A")).isEmpty();
        }
    }

    @Test
    void headersAreTextNumbersOrDates() throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("X-Text", "a b");
                    h.setHeader("X-Empty", "");
                    h.setHeader("X-Number", 42);
                    h.setHeader("X-Date", Instant.EPOCH);
                    h.addHeader("X-Many", "1");
                    h.addHeader("X-Many", "2");
                    h.addHeader("X-Gone", "1");
                    h.addHeader("X-Gone", "2");
                    h.clearHeader("X-Gone");
                    h.clearHeader("X-Never");
                })) {
            var headers = app.get("/").headers();
            assertThat(headers.firstValue("X-Text")).contains("a b");
            assertThat(headers.firstValue("X-Empty")).contains("");
            assertThat(headers.firstValue("X-Number")).contains("42");
            assertThat(headers.firstValue("X-Date")).contains("Thu, 01 Jan 1970 00:00:00 GMT");
            assertThat(headers.allValues("X-Many")).containsExactly("1", "2");
            assertThat(headers.firstValue("X-Gone")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\0b", "a\u001fb", "a\u007fb"})
    void aHeaderWithControlCharactersIsRefused(String text) throws Exception {
        try (var app =
                serve(h -> {
                    assertThatIllegalArgumentException().isThrownBy(() -> h.setHeader("X-A", text));
                    assertThatIllegalArgumentException().isThrownBy(() -> h.setHeader(text, "a"));
                    assertThatIllegalArgumentException().isThrownBy(() -> h.addHeader(text, "a"));
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> h.setCookie(whirlwind.http.Cookie.of(text, "a")));
                    h.write("refused");
                })) {
            assertThat(app.get("/").body()).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-B: 1", "a\nb"})
    void aReasonCannotSplitTheResponse(String reason) throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(200, reason);
                    h.write("sent");
                })) {
            assertThat(raw(app)).startsWith("HTTP/1.1 500 ").doesNotContain("X-B");
        }
    }

    @Test
    void aHeadThatCannotBeSentBecomesAnErrorPage() throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("Transfer-Encoding", "chunked");
                    h.write("sent");
                })) {
            assertThat(raw(app)).startsWith("HTTP/1.1 500 ").doesNotContain("sent");
        }
    }

    @Test
    void anErrorPageEscapesItsReason() throws Exception {
        try (var app =
                serve(h -> {
                    throw new HttpError(400, null, "<script>");
                })) {
            assertThat(app.get("/", "Accept", "text/html").body())
                    .contains("400: &lt;script&gt;")
                    .doesNotContain("<script>");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 100, 600})
    void aStatusThatIsNoneIsRefused(int status) throws Exception {
        try (var app =
                serve(h ->
                        assertThatIllegalArgumentException()
                                .isThrownBy(() -> h.setStatus(status))
                                .withMessage("status: " + status + " (200 to 599)"))) {
            assertThat(app.get("/").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectHasOneOfItsStatuses(int status) throws Exception {
        try (var app =
                serve(h -> {
                    assertThatIllegalArgumentException().isThrownBy(() -> h.redirect("/x", 200));
                    h.redirect("/wörld", status);
                })) {
            assertThat(raw(app)).startsWith("HTTP/1.1 " + status + " ").contains("Location: /w");
        }
    }

    // ---- body ----

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aBodyWhereNoneMayBeIsAFailure(int status) throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(status);
                    h.write("something");
                })) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void notModifiedDoesNotDescribeABody() throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(304);
                    h.setHeader("Content-Language", "en_US");
                })) {
            assertThat(raw(app))
                    .startsWith("HTTP/1.1 304 ")
                    .doesNotContain("Content-L", "Content-Type", "Transfer-Encoding");
        }
    }

    @Test
    void afterTheEndNothingMoreCanBeSaid() throws Exception {
        try (var app =
                serve(h -> {
                    var taken = h.finish("all");
                    assertThat(taken).isCompleted();
                    assertThat(h.isFinished()).isTrue();
                    assertThatIllegalStateException()
                            .isThrownBy(() -> h.write("more"))
                            .withMessage("can't write: the response is finished");
                    assertThatIllegalStateException().isThrownBy(h::flush);
                    assertThatIllegalStateException().isThrownBy(h::finish);
                    assertThatIllegalStateException().isThrownBy(() -> h.setHeader("A", "b"));
                })) {
            assertThat(app.get("/").body()).isEqualTo("all");
        }
    }

    @Test
    void afterTheHeadIsOutItCannotBeChanged() throws Exception {
        try (var app =
                serve(h -> {
                    Async.await(h.flush());
                    assertThatIllegalStateException()
                            .isThrownBy(() -> h.setStatus(201))
                            .withMessage("can't set the status: the headers have been sent");
                    assertThatIllegalStateException().isThrownBy(() -> h.redirect("/"));
                    assertThatIllegalStateException().isThrownBy(h::clear);
                    h.write("sent");
                    Async.await(h.flush());
                    Async.await(h.flush());
                })) {
            assertThat(app.get("/").body()).isEqualTo("sent");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void aWrongContentLengthBreaksTheConnection(int length) throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("Content-Length", length);
                    h.write("12345");
                })) {
            assertThat(raw(app)).doesNotContain("12345");
        }
    }

    @Test
    void aStreamedResponseToAnOldClientEndsWithTheConnection() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("one ");
                    Async.await(h.flush());
                    h.write("two");
                })) {
            assertThat(app.raw("GET / HTTP/1.0\r\n\r\n"))
                    .endsWith("\r\n\r\none two")
                    .doesNotContain("Transfer-Encoding", "Content-Length");
        }
    }

    @Test
    void aSlowReaderHoldsUpWhoWaitsForFlush() throws Exception {
        int pieces = 64; // of 1 MiB: more than the kernel keeps for anybody
        var heldUp = new CompletableFuture<Integer>();
        try (var app =
                serve(h -> {
                    for (int i = 0; i < pieces; i++) {
                        h.write(new byte[1 << 20]);
                        var taken = h.flush();
                        try {
                            Async.await(
                                    Async.withTimeout(Duration.ofMillis(100), Async.shield(taken)));
                        } catch (AsyncTimeoutException e) {
                            heldUp.complete(i);
                            Async.await(taken);
                        }
                    }
                })) {
            try (var socket = new Socket("127.0.0.1", app.port())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                assertThat(heldUp.get()).isLessThan(pieces - 1);
                assertThat(socket.getInputStream().readAllBytes()).hasSizeGreaterThan(pieces << 20);
            }
        }
    }

    // ---- tags ----

    @ParameterizedTest
    @CsvSource({
        "'*', 304",
        "'\"a\"', 304",
        "'W/\"a\"', 304",
        "'\"b\", \"a\"', 304",
        "'\"b\", W/\"a\" ,\"c\"', 304",
        "'\"b\"', 200",
        "'W/\"b\"', 200",
        "'\"a', 200",
        "'a', 200"
    })
    void theClientsTagsAreComparedWeakly(String known, int status) throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected String computeEtag(byte[] body) {
                                                return "\"a\"";
                                            }

                                            @Override
                                            protected void get() {
                                                write("body");
                                            }
                                        });
        try (var app = ServedApplication.of(application)) {
            var response = app.get("/", "If-None-Match", known);
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("Etag")).contains("\"a\"");
        }
    }

    @Test
    void aTagOfTheHandlersOwnSavesItTheWork() throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("Etag", "\"v7\"");
                    if (h.checkEtagHeader()) {
                        h.setStatus(304);
                        return;
                    }
                    h.write("much work");
                })) {
            assertThat(app.get("/").body()).isEqualTo("much work");
            assertThat(app.get("/", "If-None-Match", "\"v7\"").statusCode()).isEqualTo(304);
        }
    }

    @Test
    void whatIsWrittenSoFarCanBeTaggedBeforeItIsFlushed() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("one ");
                    h.write("two");
                    h.setEtagHeader();
                    Async.await(h.flush());
                    h.write(" three");
                })) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("one two three");
            assertThat(response.headers().firstValue("Etag"))
                    .contains("\"" + sha1("one two") + "\"");
        }
    }

    private static String sha1(String text) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(
                        java.security.MessageDigest.getInstance("SHA-1")
                                .digest(text.getBytes(UTF_8)));
    }
}
