package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import whirlwind.http.Cookie;
import whirlwind.http.Cookie.SameSite;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.testing.LogCapture;

/** Cookies of requests and responses, signed ones too. */
class CookiesTest {
    private static final ApplicationSettings WITH_SECRET =
            ApplicationSettings.DEFAULTS.withCookieSecret("a secret");

    private static ServedApplication serve(ApplicationSettings settings, Verbs.Body get) {
        return ServedApplication.of(settings, onGet(get));
    }

    private static List<String> cookies(ServedApplication app, String... headers) throws Exception {
        return app.get("/", headers).headers().allValues("Set-Cookie");
    }

    @Test
    void attributesAreSentAsTheyWereSet() throws Exception {
        try (var app =
                serve(
                        ApplicationSettings.DEFAULTS,
                        h -> {
                            h.setCookie(Cookie.of("plain", "b c".replace(' ', '+')));
                            h.setCookie(
                                    Cookie.of("all", "1")
                                            .withPath("/foo")
                                            .withDomain("example.com")
                                            .withExpires(Instant.parse("2027-01-02T03:04:05Z"))
                                            .withHttpOnly(true)
                                            .withSecure(true)
                                            .withSameSite(SameSite.NONE)
                                            .withPartitioned(true));
                            h.setCookie(Cookie.of("over", "1").withMaxAge(Duration.ZERO));
                            h.setCookie(Cookie.of("quoted", "a;b"));
                            h.setCookie(Cookie.of("__Host-id", "7"));
                        })) {
            assertThat(cookies(app))
                    .containsExactly(
                            "plain=b+c; Path=/",
                            "all=1; Domain=example.com; Expires=Sat, 02 Jan 2027 03:04:05 GMT;"
                                    + " HttpOnly; Partitioned; Path=/foo; SameSite=None; Secure",
                            "over=1; Max-Age=0; Path=/",
                            "quoted=\"a\\073b\"; Path=/",
                            "__Host-id=7; Path=/; Secure");
        }
    }

    @Test
    void theLastOfOneNameReplacesOthersWithAllTheirAttributes() throws Exception {
        try (var app =
                serve(
                        ApplicationSettings.DEFAULTS,
                        h -> {
                            h.setCookie(Cookie.of("a", "1").withHttpOnly(true).withSecure(true));
                            h.setCookie(Cookie.of("b", "1"));
                            h.setCookie(Cookie.of("a", "2"));
                            h.write(String.valueOf(h.getCookie("a")));
                        })) {
            var response = app.get("/", "Cookie", "a=0");
            assertThat(response.headers().allValues("Set-Cookie"))
                    .containsExactly("a=2; Path=/", "b=1; Path=/");
            assertThat(response.body()).isEqualTo("0");
        }
    }

    @Test
    void cookiesGoWithErrorPagesToo() throws Exception {
        try (var app =
                serve(
                        ApplicationSettings.DEFAULTS,
                        h -> {
                            h.setCookie(Cookie.of("a", "1"));
                            throw new HttpError(404);
                        })) {
            assertThat(cookies(app)).containsExactly("a=1; Path=/");
        }
    }

    @Test
    void cookiesGoWithTheFirstPieceAndNoneIsSetAfterIt() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app =
                        serve(
                                ApplicationSettings.DEFAULTS,
                                h -> {
                                    h.setCookie(Cookie.of("a", "1"));
                                    h.write("one");
                                    Async.await(h.flush());
                                    try {
                                        h.setCookie(Cookie.of("b", "1"));
                                    } catch (IllegalStateException e) {
                                        h.write(e.getMessage());
                                    }
                                })) {
            var response = app.get("/");
            assertThat(response.headers().allValues("Set-Cookie")).containsExactly("a=1; Path=/");
            assertThat(response.body())
                    .isEqualTo("onecan't set a cookie: the headers have been sent");
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void clearedCookiesAreLongOver() throws Exception {
        var model =
                Cookie.of("b", "")
                        .withPath("/x")
                        .withDomain("example.com")
                        .withMaxAge(Duration.ofDays(1))
                        .withSecure(true)
                        .withSameSite(SameSite.LAX);
        try (var app =
                serve(
                        ApplicationSettings.DEFAULTS,
                        h -> {
                            h.clearCookie("a");
                            h.clearCookie(model);
                        })) {
            assertThat(cookies(app))
                    .containsExactly(
                            "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
                            "b=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT;"
                                    + " Path=/x; SameSite=Lax; Secure");
        }
    }

    @Test
    void allCookiesThatCameAreCleared() throws Exception {
        try (var app = serve(ApplicationSettings.DEFAULTS, RequestHandler::clearAllCookies)) {
            assertThat(cookies(app, "Cookie", "a=1; __Host-b=2; /=x"))
                    .containsExactly(
                            "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
                            "__Host-b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure");
        }
    }

    // ---- signed ----

    @Test
    void signedCookiesAreReadBack() throws Exception {
        try (var app =
                serve(
                        WITH_SECRET,
                        h -> {
                            h.write(String.valueOf(h.getSignedCookie("user")));
                            h.setSignedCookie("user", "Ada Lovelace; Gräfin");
                        })) {
            var first = app.get("/");
            assertThat(first.body()).isEqualTo("null");
            var cookie = first.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie)
                    .matches("user=\"?2\\|1:0\\|10:\\d{10}\\|4:user\\|.*; Max-Age=2592000; Path=/");

            var pair = cookie.split("; ")[0];
            assertThat(app.get("/", "Cookie", pair).body()).isEqualTo("Ada Lovelace; Gräfin");
            assertThat(app.get("/", "Cookie", pair.replace("4:user", "4:root")).body())
                    .isEqualTo("null");
            assertThat(app.get("/", "Cookie", pair.substring(0, pair.length() - 1)).body())
                    .isEqualTo("null");
            assertThat(app.get("/", "Cookie", "user=Ada").body()).isEqualTo("null");
        }
    }

    @Test
    void aSignedCookieHasTheAttributesOfItsModel() throws Exception {
        try (var app =
                serve(
                        WITH_SECRET,
                        h -> h.setSignedCookie(Cookie.of("__Host-u", "").withHttpOnly(true), ""))) {
            assertThat(cookies(app))
                    .singleElement()
                    .asString()
                    .startsWith("__Host-u=2|")
                    .endsWith("; HttpOnly; Path=/; Secure");
        }
    }

    @Test
    void theHandlerSaysHowOldASignedCookieMayBe() throws Exception {
        try (var app =
                serve(
                        WITH_SECRET,
                        h -> {
                            h.write(String.valueOf(h.getSignedCookie("u", Duration.ofDays(1), 2)));
                            h.write(h.getSignedCookieKeyVersion("u").toString());
                        })) {
            var values = WITH_SECRET.signedValues();
            assertThat(values).isNotNull();
            var now = Instant.now();
            var fresh = values.withClock(() -> now.minus(Duration.ofHours(23))).sign("u", "x");
            var stale = values.withClock(() -> now.minus(Duration.ofHours(25))).sign("u", "x");
            var version1 = values.withClock(() -> now).sign("u", new byte[] {'x'}, 1);

            assertThat(app.get("/", "Cookie", "u=" + fresh).body()).isEqualTo("xOptionalInt[0]");
            assertThat(app.get("/", "Cookie", "u=" + stale).body()).isEqualTo("nullOptionalInt[0]");
            assertThat(app.get("/", "Cookie", "u=" + version1).body())
                    .isEqualTo("nullOptionalInt.empty");
            assertThat(app.get("/").body()).isEqualTo("nullOptionalInt.empty");
        }
    }

    @Test
    void keysRotate() throws Exception {
        var settings =
                ApplicationSettings.DEFAULTS.withCookieSecrets(Map.of(1, "old", 2, "new"), 2);
        try (var app =
                serve(
                        settings,
                        h -> {
                            var user = h.getSignedCookie("u");
                            if (user != null && h.getSignedCookieKeyVersion("u").getAsInt() != 2) {
                                h.setSignedCookie("u", user);
                            }
                            h.write(String.valueOf(user));
                        })) {
            var old = new SignedValues(Map.of(1, "old"), 1).withClock(Instant::now);
            var response = app.get("/", "Cookie", "u=" + old.sign("u", "Ada"));
            assertThat(response.body()).isEqualTo("Ada");
            assertThat(response.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(c -> assertThat(c).startsWith("u=2|1:2|"));
        }
    }

    @Test
    void signedValuesServeElsewhereToo() throws Exception {
        try (var app =
                serve(
                        WITH_SECRET,
                        h -> {
                            var signed = h.createSignedValue("link", "there");
                            h.write(h.signedValues().read("link", signed));
                        })) {
            assertThat(app.get("/").body()).isEqualTo("there");
        }
    }

    @Test
    void timeIsTheLoops() throws Exception {
        try (var app =
                serve(
                        WITH_SECRET,
                        h -> {
                            long now = IOLoop.current().time().getEpochSecond();
                            var signed = h.createSignedValue("a", "b");
                            long signedAt = Long.parseLong(signed.split("[|:]")[4]);
                            h.write("" + (signedAt - now <= 1 && signedAt >= now));
                        })) {
            assertThat(app.get("/").body()).isEqualTo("true");
        }
    }

    @Test
    void withoutASecretNothingIsSigned() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = serve(ApplicationSettings.DEFAULTS, h -> h.setSignedCookie("a", "b"))) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
            assertThat(log.failures())
                    .singleElement()
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE)
                    .hasMessageContaining("ApplicationSettings.withCookieSecret");
        }
    }
}
