package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Cookie;
import whirlwind.http.HttpDate;
import whirlwind.loop.Async;

/** The status, headers and cookies of a response, and until when they can change. */
class HandlerHeadTest {
    @Test
    void statusReasonAndHeadersAreTheHandlers() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(202, "Taken");
                            h.setHeader("X-One", "1");
                            h.addHeader("X-Two", "a");
                            h.addHeader("X-Two", "b");
                            h.setHeader("X-Gone", "x");
                            h.clearHeader("X-Gone");
                        }))) {
            assertThat(app.rawGet("/"))
                    .startsWith("HTTP/1.1 202 Taken\r\n")
                    .contains("X-One: 1\r\n", "X-Two: a\r\n", "X-Two: b\r\n")
                    .doesNotContain("X-Gone");
        }
    }

    @Test
    void everyResponseHasTheDefaultsEvenAnErrorPage() throws Exception {
        class Guarded extends RequestHandler {
            @Override
            protected void setDefaultHeaders() {
                setHeader("X-Frame-Options", "DENY");
            }

            @Override
            protected void get() {
                setHeader("X-Lost", "by the error");
                throw new HttpError(403);
            }
        }

        try (var app = ServedApplication.of(Guarded::new)) {
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
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(201, "Made");
                            h.setHeader("X-A", "1");
                            h.write("lost");
                            h.clear();
                            h.write("kept");
                        }))) {
            assertThat(app.rawGet("/"))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .doesNotContain("X-A")
                    .endsWith("\r\n\r\nkept");
        }
    }

    @Test
    void headersAreTextNumbersOrDates() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
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
                        }))) {
            var headers = app.get("/").headers();
            assertThat(headers.firstValue("X-Text")).contains("a b");
            assertThat(headers.firstValue("X-Empty")).contains("");
            assertThat(headers.firstValue("X-Number")).contains("42");
            assertThat(headers.firstValue("X-Date")).contains("Thu, 01 Jan 1970 00:00:00 GMT");
            assertThat(headers.allValues("X-Many")).containsExactly("1", "2");
            assertThat(headers.firstValue("X-Gone")).isEmpty();
        }
    }

    @Test
    void aHeaderCannotSmuggleAnother() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.setHeader("X-A", "1\r\nX-B: 2")))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.headers().firstValue("X-B")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\0b", "a\u001fb", "a\u007fb"})
    void aHeaderWithControlCharactersIsRefused(String text) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> h.setHeader("X-A", text));
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> h.setHeader(text, "a"));
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> h.addHeader(text, "a"));
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> h.setCookie(Cookie.of(text, "a")));
                            h.write("refused");
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-B: 1", "a\nb"})
    void aReasonCannotSplitTheResponse(String reason) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(200, reason);
                            h.write("sent");
                        }))) {
            assertThat(app.rawGet("/")).startsWith("HTTP/1.1 500 ").doesNotContain("X-B");
        }
    }

    @Test
    void aHeadThatCannotBeSentBecomesAnErrorPage() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setHeader("Transfer-Encoding", "chunked");
                            h.write("sent");
                        }))) {
            assertThat(app.rawGet("/")).startsWith("HTTP/1.1 500 ").doesNotContain("sent");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 99, 100, 600})
    void aStatusThatIsNoneIsRefused(int status) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h ->
                                assertThatIllegalArgumentException()
                                        .isThrownBy(() -> h.setStatus(status))
                                        .withMessage("status: " + status + " (200 to 599)")))) {
            assertThat(app.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void cookiesAreSetAndRead() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setCookie(Cookie.of("seen", "yes"));
                            h.write(String.valueOf(h.getCookie("name")));
                        }))) {
            var response = app.get("/", "Cookie", "name=Ada");
            assertThat(response.body()).isEqualTo("Ada");
            assertThat(response.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(c -> assertThat(c).startsWith("seen=yes"));
        }
    }

    @Test
    void redirectsSendTheClientElsewhere() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.redirect("/there", 303)))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(303);
            assertThat(response.headers().firstValue("Location")).contains("/there");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectHasOneOfItsStatuses(int status) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            assertThatIllegalArgumentException()
                                    .isThrownBy(() -> h.redirect("/x", 200));
                            h.redirect("/x?a=%20", status);
                        }))) {
            assertThat(app.rawGet("/"))
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\r\nLocation: /x?a=%20\r\n");
        }
    }

    @Test
    void aRedirectLeadsToPathsInAnyScript() throws Exception {
        var application =
                new Application()
                        .route("/", onGet(h -> h.redirect("/wörld/世界")))
                        .route("/{a}/{b}", onGet(h -> h.write(h.request().path())));
        try (var app = ServedApplication.of(application)) {
            var location = app.get("/").headers().firstValue("Location").orElseThrow();
            assertThat(location).isEqualTo("/w%C3%B6rld/%E4%B8%96%E7%95%8C");
            assertThat(app.get(location).body()).isEqualTo(location);
        }
    }

    @Test
    void noContentHasNoLengthAndNoType() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.setStatus(204)))) {
            assertThat(app.rawGet("/"))
                    .startsWith("HTTP/1.1 204 ")
                    .doesNotContain("Content-Length", "Content-Type", "Transfer-Encoding");
        }
    }

    @Test
    void notModifiedDoesNotDescribeABody() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(304);
                            h.setHeader("Content-Language", "en_US");
                        }))) {
            assertThat(app.rawGet("/"))
                    .startsWith("HTTP/1.1 304 ")
                    .doesNotContain("Content-L", "Content-Type", "Transfer-Encoding");
        }
    }

    @Test
    void afterTheHeadIsOutItCannotBeChanged() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            Async.await(h.flush());
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> h.setStatus(201))
                                    .withMessage(
                                            "can't set the status: the headers have been sent");
                            assertThatIllegalStateException().isThrownBy(() -> h.redirect("/"));
                            assertThatIllegalStateException().isThrownBy(h::clear);
                            h.write("sent");
                            Async.await(h.flush());
                            Async.await(h.flush());
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("sent");
        }
    }

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
}
