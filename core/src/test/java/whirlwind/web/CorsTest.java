package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.FilteredPages.header;
import static whirlwind.web.FilteredPages.serve;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose scripts may see a response: the Fetch standard's CORS protocol. */
class CorsTest {
    private static final String OURS = "https://app.example";

    private static HttpResponse<String> preflight(ServedApplication app, String origin)
            throws Exception {
        return app.send(
                "OPTIONS",
                "/",
                "",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "PUT",
                "Access-Control-Request-Headers",
                "content-type");
    }

    @Test
    void browsersThatAskAreToldWhatTheyMaySend() throws Exception {
        var cors =
                Cors.from(OURS, "http://localhost:3000")
                        .withCredentials(true)
                        .withMethods("GET", "PUT")
                        .withHeaders("Content-Type", "X-XSRFToken")
                        .withExposedHeaders("X-Total")
                        .withMaxAge(Duration.ofHours(1));
        try (var app = serve(cors)) {
            for (var origin : List.of(OURS, "http://localhost:3000")) {
                var response = preflight(app, origin);
                assertThat(response.statusCode()).isEqualTo(204);
                assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(origin);
                assertThat(header(response, "Access-Control-Allow-Methods")).isEqualTo("GET, PUT");
                assertThat(header(response, "Access-Control-Allow-Headers"))
                        .isEqualTo("Content-Type, X-XSRFToken");
                assertThat(header(response, "Access-Control-Allow-Credentials")).isEqualTo("true");
                assertThat(header(response, "Access-Control-Max-Age")).isEqualTo("3600");
                assertThat(header(response, "Vary")).isEqualTo("Origin");
            }
        }
    }

    @Test
    void otherSitesAreToldNothing() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            for (var origin :
                    List.of("https://app.example.evil.org", "http://app.example", "null")) {
                var refused = preflight(app, origin);
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(header(refused, "Access-Control-Allow-Origin")).isNull();
                var response = app.get("/", "Origin", origin);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(header(response, "Access-Control-Allow-Origin")).isNull();
                assertThat(header(response, "Vary")).isEqualTo("Origin");
            }
        }
    }

    @Test
    void responsesSayWhoseScriptsMaySeeThem() throws Exception {
        try (var app = serve(Cors.from(OURS).withExposedHeaders("X-Total", "X-Page"))) {
            for (var path : List.of("/", "/failing", "/none")) {
                var response = app.get(path, "Origin", OURS);
                assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(OURS);
                assertThat(header(response, "Access-Control-Expose-Headers"))
                        .isEqualTo("X-Total, X-Page");
                assertThat(header(response, "Access-Control-Allow-Credentials")).isNull();
                assertThat(header(response, "Vary"))
                        .isEqualTo(path.equals("/") ? "Origin" : "Accept, Origin");
            }
            var without = app.get("/");
            assertThat(header(without, "Access-Control-Allow-Origin")).isNull();
            assertThat(header(without, "Vary")).isEqualTo("Origin");
        }
    }

    @Test
    void varyKeepsWhatTheHandlerSaid() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            assertThat(app.get("/varying", "Origin", OURS).headers().allValues("Vary"))
                    .containsExactly("Accept, Accept-Language, Origin");
            assertThat(app.get("/varying?origin=1").headers().allValues("Vary"))
                    .containsExactly("Accept", "Accept-Language", "origin");
            var own = app.get("/own", "Origin", OURS);
            assertThat(header(own, "Access-Control-Allow-Origin")).isEqualTo("https://own.example");
            assertThat(header(own, "Vary")).isEqualTo("Accept");
        }
    }

    @Test
    void whatIsForAllSitesVariesForNone() throws Exception {
        try (var app = serve(Cors.fromAnywhere())) {
            var response = app.get("/", "Origin", "https://any.example");
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(response, "Vary")).isNull();
            assertThat(header(preflight(app, "null"), "Access-Control-Allow-Origin"))
                    .isEqualTo("*");
        }
    }

    /** A cache may give the answer to one that asked without an origin to one that has one. */
    @Test
    void whatIsForAllSitesIsSoForWhoNamesNone() throws Exception {
        try (var app = serve(Cors.fromAnywhere().withExposedHeaders("X-Total"))) {
            var response = app.get("/");
            assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(response, "Access-Control-Expose-Headers")).isEqualTo("X-Total");
        }
    }

    @Test
    void anOptionsRequestThatAsksNothingGoesToItsHandler() throws Exception {
        try (var app = serve(Cors.from(OURS))) {
            assertThat(app.send("OPTIONS", "/", "", "Origin", OURS).statusCode()).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "null", "app.example", "https://app.example/", "HTTPS://A.example"})
    void whatIsNoOriginIsRefused(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.from(origin))
                .withMessageContaining("such as https://app.example.com");
    }

    @Test
    void corsThatCannotBeMeantIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.fromAnywhere().withCredentials(true));
        assertThatIllegalArgumentException().isThrownBy(Cors::from);
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.from(OURS).withHeaders("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> Cors.from(OURS).withMethods("*"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cors.from(OURS).withMaxAge(Duration.ofSeconds(-1)));
    }
}
