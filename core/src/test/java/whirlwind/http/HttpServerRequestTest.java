package whirlwind.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerRequestTest {
    @ParameterizedTest
    @CsvSource({
        "/, /, ''",
        "/a?, /a, ''",
        "/a?b=c?d, /a, b=c?d",
        "//doubleslash?x, //doubleslash, x",
        "/%41/../b, /%41/../b, ''",
    })
    void theTargetIsCutAtItsFirstQuestionMarkAndNotTouched(String uri, String path, String query) {
        var request = get(uri);

        assertThat(request.uri()).isEqualTo(uri);
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.query()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "http://Other:81/a?b=c, /a?b=c, Other:81",
        "http://other, /, other",
        "http://other?b, /?b, other",
        "http://[::1]/, /, [::1]",
    })
    void ofATargetThatIsAUrlTheHostCounts(String target, String uri, String host) {
        var request = get(target);

        assertThat(request.startLine().target()).isEqualTo(target);
        assertThat(request.uri()).isEqualTo(uri);
        assertThat(request.host()).isEqualTo(host);
        assertThat(request.fullUrl()).isEqualTo("http://" + host + uri);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, *, 400",
        "GET, a/b, 400",
        "GET, ?a, 400",
        "GET, /a#b, 400",
        "GET, /\u00e9, 400",
        "GET, http://, 400",
        "GET, http://u@h/, 400",
        "GET, ftp://h/, 400",
        "GET, https://h/, 421",
        "CONNECT, h:80, 501",
    })
    void otherTargetsAreRefused(String method, String target, int status) {
        var line = new RequestStartLine(method, target, HttpVersion.HTTP_1_1);

        assertThatThrownBy(() -> new HttpServerRequest(line, Headers.of("Host", "h")))
                .isInstanceOfSatisfying(
                        HttpInputException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void optionsMayAskAboutTheServerAsAWhole() {
        var line = new RequestStartLine("OPTIONS", "*", HttpVersion.HTTP_1_1);

        assertThat(new HttpServerRequest(line, Headers.of("Host", "h")).path()).isEqualTo("*");
    }

    @Test
    void aProxyMayReportAnotherHost() {
        var request = get("/a").withHost("public.example:444");

        assertThat(request.host()).isEqualTo("public.example:444");
        assertThat(request.hostName()).isEqualTo("public.example");
        assertThatThrownBy(() -> request.withHost("a/b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("host: \"a/b\"");
    }

    @Test
    void trailersAreKeptApartFromHeaders() {
        var request = get("/").withTrailers(Headers.of("X", "1"));

        assertThat(request.trailers().get("X")).isEqualTo("1");
        assertThat(request.headers().contains("X")).isFalse();
        assertThat(request.withBody(new byte[1]).trailers().get("X")).isEqualTo("1");
        assertThat(get("/").trailers().isEmpty()).isTrue();
    }

    @Test
    void aMinimalRequestHasSensibleValues() {
        var request = get("/");

        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(request.body()).isEmpty();
        assertThat(request.protocol()).isEqualTo("http");
        assertThat(request.remoteIp()).isEqualTo("0.0.0.0");
        assertThat(request.arguments()).isEmpty();
        assertThat(request.files()).isEmpty();
        assertThat(request.cookies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM, example.com",
        "example.com:8080, example.com",
        "example.com:, example.com",
        "[::1]:80, [::1]",
        "[::1], [::1]",
        "%41.b, %41.b",
    })
    void theHostNameIsLowerCaseWithoutPort(String host, String hostName) {
        assertThat(request("/", Headers.of("Host", host)).hostName()).isEqualTo(hostName);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b", "a,b", "a/b", "a@b", "a%4", "a\u00e9", "a\"b", "a<b", "", "a:b", "::1"
            })
    void malformedHostsAreRefused(String host) {
        assertThatThrownBy(() -> request("/", Headers.of("Host", host)))
                .isInstanceOf(HttpInputException.class);
    }

    @Test
    void twoHostsAreRefused() {
        assertThatThrownBy(() -> request("/", Headers.of("Host", "a", "Host", "a")))
                .isInstanceOf(HttpInputException.class);
    }

    @Test
    void onlyOldClientsMayLeaveTheHostOut() {
        var line = new RequestStartLine("GET", "/", HttpVersion.HTTP_1_0);

        assertThat(new HttpServerRequest(line, new Headers()).host()).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> request("/", new Headers()))
                .isInstanceOf(HttpInputException.class)
                .hasMessage("Host header is missing");
    }

    @Test
    void theFullUrlHasProtocolHostAndTarget() {
        assertThat(get("/a?b").fullUrl()).isEqualTo("http://example.com:8888/a?b");
    }

    @Test
    void argumentsOfQueryAndBodyComeInThatOrder() {
        var headers = Headers.of("Host", "a", "Content-Type", "application/x-www-form-urlencoded");
        var request = request("/?foo=bar&x=1", headers).withBody("foo=hello&y=2".getBytes(UTF_8));

        assertThat(request.arguments())
                .isEqualTo(
                        Map.of(
                                "foo",
                                List.of("bar", "hello"),
                                "x",
                                List.of("1"),
                                "y",
                                List.of("2")));
        assertThat(request.queryArguments())
                .isEqualTo(Map.of("foo", List.of("bar"), "x", List.of("1")));
        assertThat(request.bodyArguments())
                .isEqualTo(Map.of("foo", List.of("hello"), "y", List.of("2")));
        assertThat(request.arguments()).isSameAs(request.arguments()).isUnmodifiable();
    }

    @Test
    void argumentsThatAreNotUtf8AreReportedWhenTheyAreAskedFor() {
        var request = get("/?a=%E9");

        assertThatThrownBy(request::arguments)
                .isInstanceOfSatisfying(
                        HttpInputException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessage("argument \"a=%E9\" is malformed UTF-8: 0xE9 at byte 0");
    }

    @Test
    void cookiesOfSeveralFieldsAreOneJarWithoutIllegalNames() {
        var request =
                request(
                        "/",
                        Headers.of(
                                "Host",
                                "a",
                                "Cookie",
                                "a=1; /=exception; b=\"2\"",
                                "Cookie",
                                "c=3; lone"));

        assertThat(request.cookies())
                .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
    }

    @Test
    void itsTextShowsNoHeadersAndNoBody() {
        var request =
                request("/", Headers.of("Host", "a", "Authorization", "canary"))
                        .withBody("canary".getBytes(UTF_8));

        assertThat(request)
                .hasToString(
                        "HttpServerRequest[GET / HTTP/1.1, host=a, protocol=http, remoteIp=0.0.0.0]");
    }

    private static HttpServerRequest get(String uri) {
        return request(uri, Headers.of("Host", "example.com:8888"));
    }

    private static HttpServerRequest request(String uri, Headers headers) {
        return new HttpServerRequest(
                new RequestStartLine("GET", uri, HttpVersion.HTTP_1_1), headers);
    }
}
