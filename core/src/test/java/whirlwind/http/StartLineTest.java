package whirlwind.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

@OneEngine
class StartLineTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /foo HTTP/1.1",
                "OPTIONS * HTTP/1.0",
                "X-y!z http://a/?q#\u00e9 HTTP/1.1"
            })
    void requestLinesReadBack(String line) {
        assertThat(RequestStartLine.parse(line)).hasToString(line);
    }

    @ParameterizedTest
    @CsvSource({
        "'GET /', 400",
        "'GET / http/1.1', 400",
        "'GET  / HTTP/1.1', 400",
        "'GET / HTTP/1.1 ', 400",
        "' GET / HTTP/1.1', 400",
        "'G,ET / HTTP/1.1', 400",
        "'GET / HTTP/1', 400",
        "'GET / HTTP/1.11', 400",
        "'GET / HTTP/x.1', 400",
        "'GET  HTTP/1.1', 400",
        "'GET /a b HTTP/1.1', 400",
        "'', 400",
        "'GET / HTTP/2.0', 505",
        "'GET / HTTP/0.9', 505",
    })
    void malformedRequestLinesAreThePeersFault(String line, int status) {
        assertThatThrownBy(() -> RequestStartLine.parse(line))
                .isInstanceOfSatisfying(
                        HttpInputException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void laterMinorVersionsAreTheHighestThatWeKnow() {
        assertThat(HttpVersion.parse("HTTP/1.7")).isEqualTo(HttpVersion.HTTP_1_1);
    }

    @ParameterizedTest
    @CsvSource({
        "'GE T', /",
        "'', /",
        "'GET\r\n', /",
        "GET, ''",
        "GET, '/ HTTP/1.1'",
        "GET, '/\r\nX: y'",
        "GET, /\u0100",
        "GET, '/\t'"
    })
    void aRequestLineOfOurOwnCannotSplitTheMessage(String method, String target) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RequestStartLine(method, target, HttpVersion.HTTP_1_1));
        assertThatThrownBy(() -> RequestStartLine.received(method, target, HttpVersion.HTTP_1_1))
                .isInstanceOf(HttpInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.0 404 Not found, sorry", "HTTP/1.1 599 "})
    void statusLinesReadBack(String line) {
        assertThat(ResponseStartLine.parse(line)).hasToString(line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200",
                "HTTP/1.1 20 OK",
                "HTTP/1.1 2000 OK",
                "HTTP/1.1 abc OK",
                "HTTP/2.0 200 OK",
                "HTTP/1.1 099 x",
                "HTTP/1.1  200 OK",
                "HTTP/1.1 200 a\u0000b",
                ""
            })
    void malformedStatusLinesAreThePeersFault(String line) {
        assertThatThrownBy(() -> ResponseStartLine.parse(line))
                .isInstanceOf(HttpInputException.class);
    }

    @Test
    void aStatusLineOfOurOwnCannotSplitTheMessage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponseStartLine(HttpVersion.HTTP_1_1, 200, "OK\r\nX: y"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResponseStartLine(HttpVersion.HTTP_1_1, 99, "OK"));
    }

    @ParameterizedTest
    @CsvSource({
        "200, OK",
        "100, Continue",
        "304, Not Modified",
        "404, Not Found",
        "431, Request Header Fields Too Large",
        "511, Network Authentication Required",
        "682, Unknown",
        "299, Unknown",
        "0, Unknown",
        "-1, Unknown"
    })
    void codesHaveReasons(int code, String reason) {
        assertThat(HttpStatus.reason(code)).isEqualTo(reason);
    }

    @Test
    void theStandardReasonIsAtHand() {
        assertThat(ResponseStartLine.of(404)).hasToString("HTTP/1.1 404 Not Found");
    }

    @ParameterizedTest
    @CsvSource({
        "100, true",
        "199, true",
        "200, false",
        "204, true",
        "205, false",
        "304, true",
        "404, false"
    })
    void someStatusesHaveNoBody(int code, boolean noBody) {
        assertThat(HttpStatus.hasNoBody(code)).isEqualTo(noBody);
    }
}
