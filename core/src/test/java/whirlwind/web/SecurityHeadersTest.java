package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static whirlwind.web.FilteredPages.header;
import static whirlwind.web.FilteredPages.request;
import static whirlwind.web.FilteredPages.serve;

import java.util.List;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;

class SecurityHeadersTest {
    @Test
    void everyResponseHasTheSecurityHeaders() throws Exception {
        try (var app = serve(SecurityHeaders.DEFAULTS)) {
            for (var path : List.of("/", "/failing", "/none")) {
                var response = app.get(path);
                assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
                assertThat(header(response, "Referrer-Policy"))
                        .isEqualTo("strict-origin-when-cross-origin");
                assertThat(header(response, "Content-Security-Policy"))
                        .contains("default-src 'self'", "frame-ancestors 'self'");
                assertThat(header(response, "X-Gone")).isNull();
            }
        }
    }

    @Test
    void aHandlersOwnHeaderWins() throws Exception {
        try (var app = serve(SecurityHeaders.DEFAULTS)) {
            assertThat(app.get("/own").headers().allValues("Content-Security-Policy"))
                    .containsExactly("default-src *");
        }
    }

    @Test
    void securityHeadersAreChangedOneByOne() throws Exception {
        var headers =
                SecurityHeaders.DEFAULTS
                        .with("content-security-policy", "default-src 'none'")
                        .with("Permissions-Policy", "geolocation=()")
                        .without("referrer-policy");
        try (var app = serve(headers)) {
            var response = app.get("/");
            assertThat(response.headers().allValues("Content-Security-Policy"))
                    .containsExactly("default-src 'none'");
            assertThat(header(response, "Permissions-Policy")).isEqualTo("geolocation=()");
            assertThat(header(response, "Referrer-Policy")).isNull();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> headers.with("X-A", "b\r\nc"));
    }

    @Test
    void browsersAreKeptToTlsIfTheyCameByIt() {
        for (var protocol : List.of("http", "https")) {
            var headers = new Headers();
            SecurityHeaders.DEFAULTS.complete(request("192.0.2.1", protocol), 200, headers);
            assertThat(headers.get("Strict-Transport-Security"))
                    .isEqualTo(protocol.equals("https") ? "max-age=31536000" : null);
        }
    }
}
