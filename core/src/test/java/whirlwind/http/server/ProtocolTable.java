package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import whirlwind.http.Headers;

/**
 * Tables of what a client sends and what has to come back. Each row says what is special about it,
 * the bytes, the answers, and whether the connection serves the request that stands behind them.
 */
final class ProtocolTable {
    /** Heads without their end, to which a row adds fields and a body. */
    static final String GET = "GET /a HTTP/1.1\r\nHost: h\r\n";

    static final String POST = "POST /a HTTP/1.1\r\nHost: h\r\n";
    static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    /** What is answered to them when they are whole. */
    static final String GOT = "200 GET http://h/a";

    static final String POSTED = "200 POST http://h/a";

    private static final String MARKER = "GET /marker HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String MARKED = "200 GET http://h/marker";

    /**
     * @param what is special about the bytes
     * @param sent Latin-1
     * @param answers status and, if it matters, the body, which tells what the handler saw
     * @param stays whether the request behind is answered; else the connection ends
     */
    record Row(String what, String sent, List<String> answers, boolean stays) {
        @Override
        public String toString() {
            return what;
        }
    }

    private ProtocolTable() {}

    /** The connection goes on. */
    static Row stays(String what, String sent, String... answers) {
        return new Row(what, sent, List.of(answers), true);
    }

    /** The connection ends after the last answer, which says so. */
    static Row closes(String what, String sent, String... answers) {
        return new Row(what, sent, List.of(answers), false);
    }

    /** Tells what it was asked: the method, the URL, the body, the cookies and the trailers. */
    static void echo(HttpExchange exchange) {
        var request = exchange.request();
        var text = new StringBuilder(request.method()).append(' ').append(request.fullUrl());
        if (request.body().length > 0) {
            text.append(' ').append(new String(request.body(), ISO_8859_1));
        }
        request.cookies().forEach((name, value) -> text.append(" [" + name + "=" + value + "]"));
        request.trailers().forEach((name, value) -> text.append(" +" + name + "=" + value));
        exchange.respond(200, new Headers(), text.toString().getBytes(ISO_8859_1));
    }

    static void check(Row row, TestServer server) throws Exception {
        try (var client = server.connect()) {
            client.send(row.sent + MARKER);
            boolean body = !row.sent.startsWith("HEAD");
            RawClient.Response last = null;
            for (var answer : row.answers) {
                last = client.readResponse(body);
                assertThat(last.status() + " " + last.body().strip())
                        .as(row.sent)
                        .startsWith(answer);
            }
            if (row.stays) {
                var marked = client.readResponse();
                assertThat(marked.status() + " " + marked.body()).isEqualTo(MARKED);
            } else {
                assertThat(client.readToEnd()).as("more answers").isEmpty();
                boolean implied = row.sent.contains("HTTP/1.0") && last.status() < 400;
                assertThat(last.header("Connection")).isEqualTo(implied ? null : "close");
            }
        }
    }
}
