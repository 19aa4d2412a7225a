package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Cookie;
import whirlwind.testing.LogCapture;

class XsrfTest {
    private static final ApplicationSettings SETTINGS =
            ApplicationSettings.DEFAULTS.withXsrfCookies(true);
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Shows its token, and answers every other method. */
    static class Form extends RequestHandler {
        @Override
        protected void get() {
            write(xsrfToken());
        }

        @Override
        protected void head() {}

        @Override
        protected void options() {}

        @Override
        protected void post() {
            write("done");
        }

        @Override
        protected void otherMethod(String method) {
            write("done");
        }
    }

    static class Exempt extends Form {
        @Override
        protected void checkXsrfCookie() {}
    }

    static class OfUser extends Form {
        @Override
        protected @Nullable Object getCurrentUser() {
            return getQueryArgument("user", null);
        }
    }

    @StreamRequestBody
    static class Upload extends RequestHandler {
        @Override
        protected void prepare() {
            receiveForm();
        }

        @Override
        protected void post() {
            write(getArgument("name") + " " + getQueryArgument("in"));
        }
    }

    static class Html extends RequestHandler {
        @Override
        protected void get() {
            write(xsrfFormHtml() + xsrfToken());
        }
    }

    private static ServedApplication serve(ApplicationSettings settings) {
        return ServedApplication.of(
                new Application(settings)
                        .route("/", Form::new)
                        .route("/exempt", Exempt::new)
                        .route("/user", OfUser::new)
                        .route("/html", Html::new)
                        .route("/upload", Upload::new)
                        .route("/error", () -> new ErrorHandler(417)));
    }

    private static ServedApplication serve() {
        return serve(SETTINGS);
    }

    private static String cookie(HttpResponse<String> page) {
        return page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }

    private static int post(ServedApplication app, String path, String body, String... headers)
            throws Exception {
        try (var log = LogCapture.of(RequestHandler.class)) {
            var all = new ArrayList<>(List.of(headers));
            all.addAll(List.of("Content-Type", FORM));
            int status = app.send("POST", path, body, all.toArray(String[]::new)).statusCode();
            assertThat(log.failures()).isEmpty();
            return status;
        }
    }

    @Test
    void theTokenOfAPageIsAcceptedWithItsCookie() throws Exception {
        try (var app = serve()) {
            var page = app.get("/");
            var token = page.body();
            var cookie = cookie(page);

            assertThat(post(app, "/", "_xsrf=" + token, "Cookie", cookie)).isEqualTo(200);
            assertThat(post(app, "/?_xsrf=" + token.replace("|", "%7C"), "", "Cookie", cookie))
                    .isEqualTo(200);
            assertThat(post(app, "/", "", "Cookie", cookie, "X-XSRFToken", token)).isEqualTo(200);
            assertThat(post(app, "/", "", "Cookie", cookie, "X-CSRFToken", token)).isEqualTo(200);
            assertThat(post(app, "/", "_xsrf=", "Cookie", cookie, "X-XSRFToken", token))
                    .isEqualTo(200);
        }
    }

    @Test
    void aFormThatIsReadWhileItComesBringsItsTokenBesideIt() throws Exception {
        try (var app = serve()) {
            var page = app.get("/");
            var form =
                    "--1234\r\nContent-Disposition: form-data; name=name\r\n\r\nAda\r\n--1234--\r\n";
            var type = "multipart/form-data; boundary=1234";
            assertThat(app.send("POST", "/upload?in=a", form, "Content-Type", type).statusCode())
                    .isEqualTo(403);
            for (var query : List.of("", "&_xsrf=" + page.body().replace("|", "%7C"))) {
                var headers =
                        new ArrayList<>(List.of("Content-Type", type, "Cookie", cookie(page)));
                if (query.isEmpty()) {
                    headers.addAll(List.of("X-XSRFToken", page.body()));
                }
                var response =
                        app.send(
                                "POST",
                                "/upload?in=a" + query,
                                form,
                                headers.toArray(String[]::new));
                assertThat(response.body()).isEqualTo("Ada a");
            }
        }
    }

    @Test
    void theMissingMalformedAndForeignAreRefused() throws Exception {
        try (var app = serve()) {
            var page = app.get("/");
            var token = page.body();
            var cookie = cookie(page);
            var other = app.get("/");

            assertThat(post(app, "/", "")).isEqualTo(403);
            assertThat(post(app, "/", "", "Cookie", cookie)).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=" + token)).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=" + token, "Cookie", cookie(other))).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=2|zz|zz|zz", "Cookie", cookie)).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=2|", "Cookie", "_xsrf=2|")).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=3|a", "Cookie", "_xsrf=3|a")).isEqualTo(403);
            assertThat(post(app, "/", "_xsrf=", "Cookie", "_xsrf=")).isEqualTo(403);
        }
    }

    @Test
    void refusalsSayWhyToTheLogAlone() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = serve()) {
            assertThat(app.send("POST", "/", "").body())
                    .isEqualTo(
                            "<html><title>403: Forbidden</title><body>403: Forbidden</body></html>");
            app.send("POST", "/", "", "X-XSRFToken", "2|no", "Cookie", "_xsrf=aa");
            app.send("POST", "/", "", "X-XSRFToken", "bb", "Cookie", "_xsrf=aa");
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 403 POST / (127.0.0.1): no XSRF token: neither an argument _xsrf"
                                    + " (a form gets it by xsrfFormHtml) nor a header X-XSRFToken",
                            "WARN 403 POST / (127.0.0.1): the XSRF token of the request is"
                                    + " malformed",
                            "WARN 403 POST / (127.0.0.1): the XSRF token of the request is not"
                                    + " that of its cookie _xsrf");
        }
    }

    @StreamRequestBody
    static class UploadOfForm extends Form {
        @Override
        protected void prepare() {
            receiveForm();
        }
    }

    @Test
    void whoseBodyIsStreamedIsToldWhereTheTokenGoes() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(SETTINGS, UploadOfForm::new)) {
            var form =
                    "--b\r\nContent-Disposition: form-data; name=\"_xsrf\"\r\n\r\naa\r\n--b--\r\n";
            String[] headers = {
                "Content-Type", "multipart/form-data; boundary=b", "Cookie", "_xsrf=aa"
            };
            assertThat(app.send("POST", "/", form, headers).statusCode()).isEqualTo(403);
            assertThat(app.send("POST", "/?_xsrf=aa", form, headers).statusCode()).isEqualTo(200);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("in the query of the form's action");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aa", "abc", "not hexadecimal at all", "ABCD"})
    void anyOldTokenIsAcceptedIfItEqualsItsCookie(String token) throws Exception {
        try (var app = serve()) {
            assertThat(post(app, "/", "", "Cookie", "_xsrf=" + token, "X-XSRFToken", token))
                    .isEqualTo(200);
        }
    }

    @Test
    void readingMethodsNeedNoToken() throws Exception {
        try (var app = serve()) {
            for (var method : List.of("GET", "HEAD", "OPTIONS")) {
                assertThat(app.send(method, "/", "").statusCode()).isEqualTo(200);
            }
            for (var method : List.of("PUT", "PATCH", "DELETE", "PURGE")) {
                assertThat(app.send(method, "/", "").statusCode()).isEqualTo(403);
            }
        }
    }

    @Test
    void withoutTheSettingNothingIsChecked() throws Exception {
        try (var app = serve(ApplicationSettings.DEFAULTS)) {
            assertThat(post(app, "/", "")).isEqualTo(200);
        }
    }

    @Test
    void everyPageHasAnotherTextOfTheSameToken() throws Exception {
        try (var app = serve()) {
            var first = app.get("/");
            var second = app.get("/", "Cookie", cookie(first));

            assertThat(first.body()).matches("2\\|[0-9a-f]{8}\\|[0-9a-f]{32}\\|\\d{10}");
            assertThat(second.body()).isNotEqualTo(first.body()).startsWith("2|");
            assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(post(app, "/", "_xsrf=" + second.body(), "Cookie", cookie(first)))
                    .isEqualTo(200);
            assertThat(post(app, "/", "_xsrf=" + first.body(), "Cookie", "_xsrf=" + second.body()))
                    .isEqualTo(200);
        }
    }

    @Test
    void version1HasOneTextForAllPages() throws Exception {
        try (var app = serve(SETTINGS.withXsrfCookieVersion(1))) {
            var first = app.get("/");
            assertThat(first.body()).matches("[0-9a-f]{32}");
            assertThat(app.get("/", "Cookie", cookie(first)).body()).isEqualTo(first.body());
            assertThat(post(app, "/", "_xsrf=" + first.body(), "Cookie", cookie(first)))
                    .isEqualTo(200);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SETTINGS.withXsrfCookieVersion(3))
                .withMessage("xsrfCookieVersion: 3 (1 or 2)");
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1"})
    void eachVersionAcceptsTheOther(int page, int check) throws Exception {
        try (var issuer = serve(SETTINGS.withXsrfCookieVersion(page));
                var checker = serve(SETTINGS.withXsrfCookieVersion(check))) {
            var first = issuer.get("/");
            var second = checker.get("/", "Cookie", cookie(first));
            for (var token : List.of(first.body(), second.body())) {
                assertThat(post(checker, "/", "_xsrf=" + token, "Cookie", cookie(first)))
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void theCookieLastsAsLongAsItsUserIsLikelyTo() throws Exception {
        try (var app = serve()) {
            assertThat(app.get("/user").headers().firstValue("Set-Cookie").orElseThrow())
                    .endsWith("; Path=/")
                    .doesNotContain("Max-Age");
            assertThat(app.get("/user?user=ada").headers().firstValue("Set-Cookie").orElseThrow())
                    .endsWith("; Max-Age=2592000; Path=/");
            assertThat(app.get("/user").headers().firstValue("Set-Cookie").orElseThrow())
                    .doesNotContain("Max-Age");
        }
    }

    @Test
    void nameAndAttributesOfTheCookieAreSettings() throws Exception {
        var model = Cookie.of("__Host-xsrf", "").withHttpOnly(true).withMaxAge(Duration.ofDays(2));
        try (var app = serve(SETTINGS.withXsrfCookie(model))) {
            var page = app.get("/user?user=ada");
            assertThat(page.headers().firstValue("Set-Cookie").orElseThrow())
                    .startsWith("__Host-xsrf=2|")
                    .endsWith("; HttpOnly; Max-Age=172800; Path=/; Secure");
            var token = page.body();
            assertThat(post(app, "/", "_xsrf=" + token, "Cookie", cookie(page))).isEqualTo(200);
            assertThat(post(app, "/", "_xsrf=" + token, "Cookie", "_xsrf=" + token)).isEqualTo(403);
        }
    }

    @Test
    void formsHaveTheTokenInAHiddenField() throws Exception {
        try (var app = serve()) {
            var page = app.get("/html");
            var token = page.body().substring(page.body().indexOf('>') + 1);
            assertThat(page.body())
                    .isEqualTo(
                            "<input type=\"hidden\" name=\"_xsrf\" value=\"%s\"/>%s"
                                    .formatted(token, token));
            assertThat(post(app, "/", "_xsrf=" + token, "Cookie", cookie(page))).isEqualTo(200);
        }
    }

    @Test
    void handlersMayBeExempt() throws Exception {
        try (var app = serve()) {
            assertThat(post(app, "/exempt", "")).isEqualTo(200);
            assertThat(post(app, "/error", "")).isEqualTo(417);
            assertThat(post(app, "/no-such-page", "")).isEqualTo(404);
        }
    }

    // ---- the parser ----

    @Property
    void noTextBreaksTheParser(
            @ForAll @NumericChars @Chars({'|', '2', 'a', 'f', '\u00e9', ' '}) String text) {
        for (var guess : List.of(text, "2|" + text, "2|0123abcd|" + text)) {
            var token = XsrfToken.parse(guess, 7);
            if (token != null) {
                for (int version = 1; version <= 2; version++) {
                    var again = XsrfToken.parse(token.text(version), 7);
                    assertThat(again).isNotNull();
                    assertThat(again.matches(token)).isTrue();
                }
            }
        }
    }
}
