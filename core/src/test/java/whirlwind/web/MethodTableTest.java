package whirlwind.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import whirlwind.testing.LogCapture;

/** What an application makes of methods and targets that its handlers don't know. */
class MethodTableTest {
    static class OnlyGet extends RequestHandler {
        @Override
        protected void get() {
            write("got");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, 200 OK, ''",
        "GET http://h/, 200 OK, ''",
        "GET /missing, 404 Not Found, ''",
        "DELETE /, 405 Method Not Allowed, 'Allow: GET'",
        "OPTIONS /, 405 Method Not Allowed, 'Allow: GET'",
        "TRACE /, 405 Method Not Allowed, 'Allow: GET'",
        "get /, 405 Method Not Allowed, 'Allow: GET'",
        "BREW /, 405 Method Not Allowed, 'Allow: GET'",
        "OPTIONS *, 204 No Content, 'Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'",
        "CONNECT h:80, 501 Not Implemented, ''",
    })
    void aMethodIsAnsweredAsTheTableSays(String request, String status, String field)
            throws Exception {
        try (var app = ServedApplication.of(new Application().route("/", OnlyGet::new));
                var socket = new Socket("127.0.0.1", app.port())) {
            var head = request + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 " + status + "\r\n");
            assertThat(answer.substring(0, answer.indexOf("\r\n\r\n"))).contains(field);
        }
    }

    static class WithParameter extends RequestHandler {
        protected void get(String id) {
            write(id);
        }
    }

    @Test
    void aVerbWithParametersIsWarnedOf() throws Exception {
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(WithParameter::new)) {
            assertThat(app.get("/").statusCode()).isEqualTo(405);
            assertThat(app.get("/").statusCode()).isEqualTo(405);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("get(java.lang.String) is never called", "getPathArgument");
        }
    }
}
