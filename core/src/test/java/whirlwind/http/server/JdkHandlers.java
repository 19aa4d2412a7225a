package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import whirlwind.http.jdk.JdkHandler;

/** Serves handlers of the JDK, and talks to them. */
final class JdkHandlers {
    static final int MEBIBYTE = 1 << 20;

    private JdkHandlers() {}

    static TestServer serve(com.sun.net.httpserver.HttpHandler handler) {
        return TestServer.start(new JdkHandler(handler));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static void answer(com.sun.net.httpserver.HttpExchange exchange, String text)
            throws IOException {
        exchange.sendResponseHeaders(200, bytes(text).length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes(text));
        }
    }

    static RawClient post(RawClient client, String body) {
        return client.send(
                "POST /a HTTP/1.1\r\nHost: test\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
    }
}
