package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.http.server.ProtocolTable.GET;
import static whirlwind.http.server.ProtocolTable.GOT;
import static whirlwind.http.server.ProtocolTable.POST;
import static whirlwind.http.server.ProtocolTable.POSTED;
import static whirlwind.http.server.ProtocolTable.closes;
import static whirlwind.http.server.ProtocolTable.stays;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** Request lines and fields, RFC 9110 and RFC 9112 sections 2, 3 and 5. */
class RequestHeadTableTest {
    private static TestServer server;
    private static LogCapture logs;

    @BeforeAll
    static void start() {
        logs = LogCapture.of(ServerConnection.class);
        server = TestServer.start(ProtocolTable::echo);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        logs.close();
    }

    static Stream<ProtocolTable.Row> requestLines() {
        var host = "Host: h\r\n\r\n";
        return Stream.of(
                stays("the usual", GET + "\r\n", GOT),
                stays("a query", "GET /a?b=c&d HTTP/1.1\r\n" + host, "200 GET http://h/a?b=c&d"),
                stays("8000 bytes", "GET /" + "a".repeat(8000) + " HTTP/1.1\r\n" + host, "200"),
                stays("a later minor version", "GET /a HTTP/1.2\r\n" + host, GOT),
                stays("a method in lower case", "get /a HTTP/1.1\r\n" + host, "200 get "),
                stays("an unknown method", "FOO!~ /a HTTP/1.1\r\n" + host, "200 FOO!~ "),
                stays("a backslash", "GET /a\\b HTTP/1.1\r\n" + host, "200 GET http://h/a\\b"),
                stays("an escaped NUL", "GET /a%00 HTTP/1.1\r\n" + host, "200 GET http://h/a%00"),
                stays("an escaped line end", "GET /%0d%0aX:%20y HTTP/1.1\r\n" + host, "200"),
                stays("two slashes", "GET //a HTTP/1.1\r\n" + host, "200 GET http://h//a"),
                closes("nothing but a word", "nonsense\r\n\r\n", "400"),
                closes("HTTP/0.9", "GET /a\r\n\r\n", "400"),
                closes("no version", "GET /a \r\n\r\n", "400"),
                closes("no target", "GET HTTP/1.1\r\n" + host, "400"),
                closes("an empty target", "GET  HTTP/1.1\r\n" + host, "400"),
                closes("two spaces", "GET  /a HTTP/1.1\r\n" + host, "400"),
                closes("two spaces before the version", "GET /a  HTTP/1.1\r\n" + host, "400"),
                closes("a tab for a space", "GET\t/a HTTP/1.1\r\n" + host, "400"),
                closes("a tab before the version", "GET /a\tHTTP/1.1\r\n" + host, "400"),
                closes("a form feed for a space", "GET\f/a HTTP/1.1\r\n" + host, "400"),
                closes("a space at the end", "GET /a HTTP/1.1 \r\n" + host, "400"),
                closes("a space at the start", " GET /a HTTP/1.1\r\n" + host, "400"),
                closes("a NUL at the start", "\0GET /a HTTP/1.1\r\n" + host, "400"),
                closes("nothing but spaces", "   \r\n\r\n", "400"),
                closes("a space in the target", "GET /a b HTTP/1.1\r\n" + host, "400"),
                closes("a NUL in the target", "GET /a\0 HTTP/1.1\r\n" + host, "400"),
                closes(
                        "a control character in the target",
                        "GET /\u007f HTTP/1.1\r\n" + host,
                        "400"),
                closes("raw UTF-8 in the target", "GET /\u00c3\u00a9 HTTP/1.1\r\n" + host, "400"),
                closes("overlong UTF-8", "GET /\u00c0\u00af HTTP/1.1\r\n" + host, "400"),
                closes("a fragment", "GET /a#b HTTP/1.1\r\n" + host, "400"),
                closes("a comma in the method", "GET, /a HTTP/1.1\r\n" + host, "400"),
                closes("a line before it", "Extra lineGET /a HTTP/1.1\r\n" + host, "400"),
                closes("a bare CR for its end", "GET /a HTTP/1.1\r" + host, "400"),
                closes("a version in lower case", "GET /a http/1.1\r\n" + host, "400"),
                closes("a version without minor", "GET /a HTTP/1\r\n" + host, "400"),
                closes("a version with zeros", "GET /a HTTP/01.01\r\n" + host, "400"),
                closes("a version with a space", "GET /a HTTP/ 1.1\r\n" + host, "400"),
                closes("a version of two digits", "GET /a HTTP/1.32\r\n" + host, "400"),
                closes("a version with CRs", "GET /a HTTP/\r\r1.1\r\n" + host, "400"),
                closes("a LF for a space", "GET /a\nHTTP/1.1\r\n" + host, "400"),
                closes("quotes in the method", "G=\"(e),[T]\" /a HTTP/1.1\r\n" + host, "400"),
                closes("an exclamation mark for a path", "GET ! HTTP/1.1\r\n" + host, "400"),
                closes("a version of letters", "GET /a HTTP/1.x\r\n" + host, "400"),
                closes("another protocol", "GET /a RTSP/1.1\r\n" + host, "400"),
                closes("version 9.9", "GET /a HTTP/9.9\r\n" + host, "505"),
                closes("a target that is too long", "GET /" + "a".repeat(100_000), "414"),
                closes("a method that is too long", "G".repeat(100_000) + " / HTTP/1.1", "414"),
                closes("binary", "\u0080\u0091\u00ff\u0000\u0001\u0002", "400"),
                closes("TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc", "400"));
    }

    static Stream<ProtocolTable.Row> targets() {
        return Stream.of(
                stays(
                        "a URL, whose host counts",
                        "GET http://other:81/a?b HTTP/1.1\r\nHost: h\r\n\r\n",
                        "200 GET http://other:81/a?b"),
                stays(
                        "a URL without a path",
                        "GET http://other?b HTTP/1.1\r\nHost: h\r\n\r\n",
                        "200 GET http://other/?b"),
                stays(
                        "a URL with an address",
                        "GET HTTP://[::1]:8/ HTTP/1.1\r\nHost: h\r\n\r\n",
                        "200 GET http://[::1]:8/"),
                stays(
                        "the server as a whole",
                        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
                        "200 OPTIONS http://h*"),
                closes(
                        "a URL of https over http",
                        "GET https://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
                        "421"),
                closes("a URL without Host", "GET http://h/ HTTP/1.1\r\n\r\n", "400"),
                closes("a URL with a user", "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("a URL without a host", "GET http:///a HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("a URL of a file", "GET file:///a HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("a path without a slash", "GET a/b HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("a query alone", "GET ?a HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("an asterisk with GET", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", "400"),
                closes("CONNECT", "CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n", "501"),
                closes("CONNECT to a path", "CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n", "501"));
    }

    static Stream<ProtocolTable.Row> hosts() {
        var get = "GET /a HTTP/1.1\r\n";
        return Stream.of(
                stays("a name in odd case", get + "hOSt:\th\r\nempty:\r\n\r\n", GOT),
                stays("a port", get + "Host: h:81\r\n\r\n", "200 GET http://h:81/a"),
                stays("an address", get + "Host: [::1]:81\r\n\r\n", "200 GET http://[::1]:81/a"),
                closes("none", get + "\r\n", "400"),
                closes("none but a length", get + "Content-Length: 5\r\n\r\n", "400"),
                closes("an empty one", get + "Host:\r\n\r\n", "400"),
                closes("two", get + "Host: h\r\nHost: i\r\n\r\n", "400"),
                closes("two that are equal", get + "Host: h\r\nHost: h\r\n\r\n", "400"),
                closes("a list", get + "Host: h, i\r\n\r\n", "400"),
                closes("a user", get + "Host: u@h\r\n\r\n", "400"),
                closes("a path", get + "Host: h/a\r\n\r\n", "400"),
                closes("a space", get + "Host: h i\r\n\r\n", "400"),
                closes("a port of letters", get + "Host: h:a\r\n\r\n", "400"),
                closes("an address without brackets", get + "Host: ::1\r\n\r\n", "400"),
                closes("a bracket that stays open", get + "Host: [::1\r\n\r\n", "400"),
                closes("empty brackets", get + "Host: []\r\n\r\n", "400"),
                closes(
                        "none in HTTP/1.0",
                        "GET /a HTTP/1.0\r\n\r\n",
                        "200 GET http://127.0.0.1/a"));
    }

    static Stream<ProtocolTable.Row> fields() {
        return Stream.of(
                stays("an empty value", GET + "X:\r\nY: \r\n\r\n", GOT),
                stays("blanks around the value", GET + "Content-Length: \t 0 \t\r\n\r\n", GOT),
                stays("bytes beyond ASCII in a value", GET + "X: caf\u00e9\r\n\r\n", GOT),
                stays("an underscore in a name", GET + "Content_Length: 9\r\n\r\n", GOT),
                stays("a nonsensical Accept", GET + "Accept: application/x-nonsense\r\n\r\n", GOT),
                stays("a malformed Range", GET + "Range: bytes=abc-xyz\r\n\r\n", GOT),
                stays(
                        "a thousand ranges",
                        GET + "Range: bytes=" + "0-,".repeat(1000) + "\r\n\r\n",
                        GOT),
                stays(
                        "two content types",
                        GET + "Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
                        GOT),
                stays("bare LF for line ends", "GET /a HTTP/1.1\nHost: h\n\n", GOT),
                stays("LF and CRLF", "GET /a HTTP/1.1\r\nHost: h\nX: y\r\n\n", GOT),
                stays("empty lines before", "\r\n\r\n" + GET + "\r\n", GOT),
                stays("empty lines of LF before", "\n\n" + GET + "\r\n", GOT),
                closes("a space before the colon", GET + "X : y\r\n\r\n", "400"),
                closes("a tab before the colon", GET + "X\t: y\r\n\r\n", "400"),
                closes("a tab in a name", GET + "Content\tLength: 9\r\n\r\n", "400"),
                closes("brackets in a name", GET + "X[]: y\r\n\r\n", "400"),
                closes("a name beyond ASCII", GET + "X\u00c3\u00ab: y\r\n\r\n", "400"),
                closes("a NUL in a name", GET + "X\0: y\r\n\r\n", "400"),
                closes("no name", GET + ": y\r\n\r\n", "400"),
                closes("no colon", GET + "X\r\n\r\n", "400"),
                closes("a folded value", GET + "X: y\r\n z\r\n\r\n", "400"),
                closes("a value folded by a tab", GET + "X: y\r\n\tz\r\n\r\n", "400"),
                closes("a value that begins on the next line", GET + "X:\r\n y\r\n\r\n", "400"),
                closes(
                        "a blank line before the fields",
                        "GET /a HTTP/1.1\r\n \r\nHost: h\r\n\r\n",
                        "400"),
                closes(
                        "a field before which there is a space",
                        "GET /a HTTP/1.1\r\n Host: h\r\n\r\n",
                        "400"),
                closes("a bare CR in a value", GET + "X: y\rz\r\n\r\n", "400"),
                closes("a bare CR before the end", GET + "X: y\r\r\n\r\n", "400"),
                closes("a bare CR between fields", GET + "\rX: y\r\n\r\n", "400"),
                closes("a NUL in a value", GET + "X: y\0z\r\n\r\n", "400"),
                closes("a bell in a value", GET + "X: y\u0007\r\n\r\n", "400"),
                closes("a vertical tab in a value", GET + "X: y\u000bz\r\n\r\n", "400"),
                closes("a DEL in a value", GET + "X: y\u007f\r\n\r\n", "400"),
                closes("a value that is too long", GET + "X: " + "y".repeat(100_000), "431"),
                closes("a name that is too long", GET + "X".repeat(100_000), "431"),
                closes("too many fields", GET + "X: y\r\n".repeat(20_000), "431"));
    }

    static Stream<ProtocolTable.Row> cookies() {
        return Stream.of(
                stays("one", GET + "Cookie: a=1\r\n\r\n", GOT + " [a=1]"),
                stays("several", GET + "Cookie: a=1; b=2; c=3\r\n\r\n", GOT + " [a=1] [b=2] [c=3]"),
                stays(
                        "several fields",
                        GET + "Cookie: a=1\r\nCookie: b=2\r\n\r\n",
                        GOT + " [a=1] [b=2]"),
                stays("none at all", GET + "Cookie:\r\n\r\n", GOT),
                stays("an empty value", GET + "Cookie: a=\r\n\r\n", GOT + " [a=]"),
                stays(
                        "an equals sign in a value",
                        GET + "Cookie: a=x y; b=x=y\r\n\r\n",
                        GOT + " [a=x y] [b=x=y]"),
                stays("nonsense", GET + "Cookie: ===;;;\r\n\r\n", GOT),
                stays("a thousand", GET + "Cookie: " + "k=v; ".repeat(1000) + "z=1\r\n\r\n", GOT),
                closes("a NUL", GET + "Cookie: a=\0b\r\n\r\n", "400"),
                closes("control characters", GET + "Cookie: a=\u0001\u0002\u0003\r\n\r\n", "400"),
                closes("64 KiB", GET + "Cookie: a=" + "b".repeat(1 << 16) + "\r\n\r\n", "431"));
    }

    static Stream<ProtocolTable.Row> persistence() {
        var old = "GET /a HTTP/1.0\r\nHost: h\r\n";
        return Stream.of(
                stays("HTTP/1.1", GET + "\r\n", GOT),
                stays("keep-alive", GET + "Connection: keep-alive\r\n\r\n", GOT),
                stays("HTTP/1.0 that asks", old + "Connection: Keep-Alive\r\n\r\n", GOT),
                stays(
                        "several in order",
                        GET + "\r\n" + POST + "Content-Length: 1\r\n\r\nx",
                        GOT,
                        POSTED + " x"),
                stays("no body for HEAD", "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n", "200"),
                stays(
                        "an unknown upgrade",
                        GET + "Connection: upgrade\r\nUpgrade: x/1\r\n\r\n",
                        GOT),
                stays("an upgrade without Connection", GET + "Upgrade: websocket\r\n\r\n", GOT),
                closes("close", GET + "Connection: close\r\n\r\n", GOT),
                closes("close in a list", GET + "Connection: x, Close\r\n\r\n", GOT),
                closes(
                        "close in a second field",
                        GET + "Connection: x\r\nConnection: close\r\n\r\n",
                        GOT),
                closes(
                        "close beside keep-alive",
                        GET + "Connection: keep-alive, close\r\n\r\n",
                        GOT));
    }

    static Stream<ProtocolTable.Row> expectations() {
        var post = POST + "Content-Length: 2\r\n";
        return Stream.of(
                stays(
                        "one that is met",
                        post + "Expect: 100-continue\r\n\r\nhi",
                        "100",
                        POSTED + " hi"),
                stays(
                        "in another case",
                        post + "Expect: 100-CONTINUE\r\n\r\nhi",
                        "100",
                        POSTED + " hi"),
                stays("without a body", GET + "Expect: 100-continue\r\n\r\n", GOT),
                closes("an unknown one", post + "Expect: 200-ok\r\n\r\nhi", "417"),
                closes("two", post + "Expect: 100-continue, x\r\n\r\nhi", "417"));
    }

    @ParameterizedTest
    @MethodSource({
        "requestLines",
        "targets",
        "hosts",
        "fields",
        "cookies",
        "persistence",
        "expectations"
    })
    void aRequestIsAnsweredAndItsConnectionKeptAsTheTableSays(ProtocolTable.Row row)
            throws Exception {
        ProtocolTable.check(row, server);
    }

    static IntStream everyLength() {
        return IntStream.range(1, (GET + "\r\n").length());
    }

    @ParameterizedTest
    @MethodSource("everyLength")
    void aRequestThatIsNotWholeIsWaitedFor(int length) throws Exception {
        var request = GET + "\r\n";
        try (var client = server.connect()) {
            client.send(request.substring(0, length));
            server.run(Async::moment);
            client.send(request.substring(length));
            assertThat(client.readResponse().body()).isEqualTo("GET http://h/a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /a HTTP/1.0\r\n\r\n", "GET /a HTTP/1.0\r\nConnection: close\r\n\r\n"})
    void anOldClientsConnectionEndsWithItsAnswer(String request) throws Exception {
        try (var client = server.connect()) {
            client.send(request);
            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }
}
