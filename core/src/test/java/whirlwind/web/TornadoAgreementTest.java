package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real Tornado signs reads here, and what is signed here reads there. */
class TornadoAgreementTest {
    private static final long NOW = 1_700_000_000;
    private static final String SECRET = "It's a secret \u00e0 tous";
    private static final Map<Integer, String> ONE = Map.of(0, SECRET);
    private static final Map<Integer, String> MANY = Map.of(0, "zero", 1, "one", 12, "twelve");
    private static final List<byte[]> VALUES =
            List.of(
                    new byte[0],
                    new byte[] {0, -1, 127, -128, '|'},
                    "Grüße|1|2".getBytes(UTF_8),
                    "x".repeat(3000).getBytes(UTF_8));

    private static TornadoPeer tornado;

    @BeforeAll
    static void startTornado() throws Exception {
        tornado = TornadoPeer.start();
    }

    @AfterAll
    static void stopTornado() throws Exception {
        tornado.close();
    }

    private static SignedValues one() {
        return new SignedValues(SECRET).withClock(() -> Instant.ofEpochSecond(NOW));
    }

    private static SignedValues many(int keyVersion) {
        return new SignedValues(MANY, keyVersion).withClock(() -> Instant.ofEpochSecond(NOW));
    }

    private static String base64(byte[] value) {
        return "=" + Base64.getEncoder().encodeToString(value);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bothWriteTheSameText(int version) throws Exception {
        for (var value : VALUES) {
            assertThat(one().sign("user-id", value, version))
                    .isEqualTo(tornado.sign(ONE, 0, "user-id", value, version, NOW));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void eachReadsWhatTheOtherSigned(int version) throws Exception {
        for (var value : VALUES) {
            var theirs = tornado.sign(ONE, 0, "user", value, version, NOW - 1000);
            assertThat(one().read("user", theirs)).isEqualTo(value);
            assertThat(one().read("other", theirs)).isNull();

            var ours = one().sign("user", value, version);
            assertThat(tornado.read(ONE, "user", ours, NOW + 1000)).isEqualTo(base64(value));
            assertThat(tornado.read(ONE, "other", ours, NOW + 1000)).isEqualTo("absent");
        }
    }

    @Test
    void keyVersionsMeanTheSameToBoth() throws Exception {
        for (int keyVersion : MANY.keySet()) {
            for (var value : VALUES) {
                var theirs = tornado.sign(MANY, keyVersion, "user", value, 2, NOW);
                assertThat(theirs).isEqualTo(many(keyVersion).sign("user", value));
                assertThat(SignedValues.keyVersion(theirs)).hasValue(keyVersion);
                assertThat(many(1).read("user", theirs)).isEqualTo(value);
            }
        }
        var ours = many(12).sign("user", "Ada");
        assertThat(tornado.read(MANY, "user", ours, NOW)).isEqualTo(base64("Ada".getBytes(UTF_8)));
        assertThat(tornado.read(Map.of(0, "zero", 1, "one"), "user", ours, NOW))
                .isEqualTo("absent");
    }

    @Test
    void ageEndsAtTheSameSecondForBoth() throws Exception {
        long oldest = NOW - SignedValues.MAX_AGE.toSeconds();
        for (int version = 1; version <= 2; version++) {
            var old = tornado.sign(ONE, 0, "a", new byte[1], version, oldest);
            var older = tornado.sign(ONE, 0, "a", new byte[1], version, oldest - 1);

            assertThat(one().read("a", old)).isNotNull();
            assertThat(tornado.read(ONE, "a", old, NOW)).isNotEqualTo("absent");
            assertThat(one().read("a", older)).isNull();
            assertThat(tornado.read(ONE, "a", older, NOW)).isEqualTo("absent");
        }
    }

    // ---- XSRF tokens ----

    private static ServedApplication ours(int version) {
        var settings =
                ApplicationSettings.DEFAULTS.withXsrfCookies(true).withXsrfCookieVersion(version);
        return ServedApplication.of(new Application(settings).route("/form", XsrfTest.Form::new));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "2, 1", "2, 2"})
    void theXsrfTokenOfOneSatisfiesTheOther(int oursVersion, int theirsVersion) throws Exception {
        try (var app = ours(oursVersion)) {
            var ourForm = app.uri("/form");
            var theirForm = tornado.uri(theirsVersion, "/form");
            for (var issuer : List.of(ourForm, theirForm)) {
                var page = tornado.send(HttpRequest.newBuilder(issuer));
                var stranger = tornado.send(HttpRequest.newBuilder(issuer));
                for (var checker : List.of(ourForm, theirForm)) {
                    assertThat(post(checker, cookie(page), page.body())).isEqualTo(200);
                    assertThat(post(checker, cookie(page), stranger.body())).isEqualTo(403);

                    // A page of the other, for a browser that has the cookie already.
                    var second =
                            tornado.send(
                                    HttpRequest.newBuilder(checker).header("Cookie", cookie(page)));
                    assertThat(second.headers().firstValue("Set-Cookie")).isEmpty();
                    assertThat(post(issuer, cookie(page), second.body())).isEqualTo(200);
                }
            }
        }
    }

    private static int post(URI form, String cookie, String token) throws Exception {
        return tornado.send(
                        HttpRequest.newBuilder(form)
                                .header("Cookie", cookie)
                                .header("X-XSRFToken", token)
                                .POST(BodyPublishers.noBody()))
                .statusCode();
    }

    private static String cookie(HttpResponse<String> page) {
        return page.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
    }
}
