package whirlwind.http.server;

import static whirlwind.http.server.ProtocolTable.CHUNKED;
import static whirlwind.http.server.ProtocolTable.GET;
import static whirlwind.http.server.ProtocolTable.GOT;
import static whirlwind.http.server.ProtocolTable.POST;
import static whirlwind.http.server.ProtocolTable.POSTED;
import static whirlwind.http.server.ProtocolTable.closes;
import static whirlwind.http.server.ProtocolTable.stays;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.testing.LogCapture;

/**
 * Where a request ends, RFC 9112 sections 6 and 7: what a smuggler would have two parties read in
 * two ways.
 */
class BodyFramingTableTest {
    private static final String LENGTH_5 = "Content-Length: 5\r\n";
    private static final String HELLO = POSTED + " hello";

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

    private static String length(String value) {
        return POST + "Content-Length:" + value + "\r\n\r\nhello";
    }

    static Stream<ProtocolTable.Row> lengths() {
        return Stream.of(
                stays("a body", length(" 5"), HELLO),
                stays("blanks around the number", length(" \t 5 "), HELLO),
                stays("no blank before it", length("5"), HELLO),
                stays("zeros before it", length(" 005"), HELLO),
                stays(
                        "zeros that make nothing octal",
                        POST + "Content-Length: 010\r\n\r\nhelloworld",
                        POSTED + " helloworld"),
                stays("the same twice", POST + LENGTH_5 + LENGTH_5 + "\r\nhello", HELLO),
                stays("the same in a list", length(" 5, 5,5"), HELLO),
                stays("zero", POST + "Content-Length: 0\r\n\r\n", POSTED),
                stays("zeros", POST + "Content-Length: 00\r\n\r\n", POSTED),
                stays("none", POST + "\r\n", POSTED),
                stays("a body of GET", GET + LENGTH_5 + "\r\nhello", GOT + " hello"),
                stays(
                        "a body of HEAD",
                        "HEAD /a HTTP/1.1\r\nHost: h\r\n" + LENGTH_5 + "\r\nhello",
                        "200"),
                stays(
                        "a body of OPTIONS",
                        "OPTIONS /a HTTP/1.1\r\nHost: h\r\n" + LENGTH_5 + "\r\nhello",
                        "200 OPTIONS http://h/a hello"),
                stays(
                        "a body of TRACE",
                        "TRACE /a HTTP/1.1\r\nHost: h\r\n" + LENGTH_5 + "\r\nhello",
                        "200 TRACE http://h/a hello"),
                stays(
                        "a request in a body",
                        POST + "Content-Length: 30\r\n\r\nGET /x HTTP/1.1\r\nHost: evil\r\n\r",
                        POSTED + " GET /x HTTP/1.1"),
                stays("a range", POST + "Range: bytes=0-1\r\n" + LENGTH_5 + "\r\nhello", HELLO),
                stays(
                        "a strange type",
                        POST + "Content-Type: x/y\r\n" + LENGTH_5 + "\r\nhello",
                        HELLO),
                stays("line ends behind the body", length(" 5") + "\r\n\r\n", HELLO),
                closes(
                        "a byte behind a body of none",
                        POST + "Content-Length: 0\r\n\r\n\u0001",
                        POSTED,
                        "400"),
                closes("two", POST + LENGTH_5 + "Content-Length: 10\r\n\r\nhelloworld", "400"),
                closes("two in a list", length(" 5, 10"), "400"),
                closes("a list with a gap", length(" 5,,5"), "400"),
                closes("nothing", length(""), "400"),
                closes("letters", length(" abc"), "400"),
                closes("letters behind it", length(" 5x"), "400"),
                closes("a plus", length(" +5"), "400"),
                closes("a minus", length(" -5"), "400"),
                closes("minus zero", length(" -0"), "400"),
                closes("a huge negative number", length(" -123456789123456789123456789"), "400"),
                closes("more than a long", length(" 99999999999999999999"), "400"),
                closes("2^64 + 5", length(" 18446744073709551621"), "400"),
                closes("hexadecimal", length(" 0x5"), "400"),
                closes("octal", length(" 0o5"), "400"),
                closes("an underscore", length(" 1_0"), "400"),
                closes("a space within", length(" 1 0"), "400"),
                closes("a fraction", length(" 5.0"), "400"),
                closes("a digit beyond ASCII", length(" \u00b2"), "400"),
                closes("a space before the colon", POST + "Content-Length : 5\r\n\r\nhello", "400"),
                closes(
                        "a good and a spaced one",
                        POST + LENGTH_5 + "Content-Length : 9\r\n\r\nhello",
                        "400"),
                closes("folded", POST + "Content-Length:\r\n 5\r\n\r\nhello", "400"),
                closes(
                        "in HTTP/1.0, two",
                        "POST / HTTP/1.0\r\n" + LENGTH_5 + "Content-Length: 6\r\n\r\nhello",
                        "400"),
                closes("more than is allowed", POST + "Content-Length: 999999999\r\n\r\n", "413"));
    }

    private static String coding(String fields) {
        return POST + fields + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    }

    static Stream<ProtocolTable.Row> codings() {
        return Stream.of(
                stays("chunked", coding("Transfer-Encoding: chunked"), HELLO),
                stays("in another case", coding("TRANSFER-encoding: ChunKed"), HELLO),
                stays("blanks around it", coding("Transfer-Encoding:\tchunked \t"), HELLO),
                stays(
                        "an underscore in the name",
                        POST + "Transfer_Encoding: chunked\r\n" + LENGTH_5 + "\r\nhello",
                        HELLO),
                closes(
                        "a length before it",
                        coding("Content-Length: 5\r\nTransfer-Encoding: chunked"),
                        "400"),
                closes(
                        "a length behind it",
                        coding("Transfer-Encoding: chunked\r\nContent-Length: 5"),
                        "400"),
                closes(
                        "a length in odd case",
                        coding("content-LengtH: 5\r\nTransFer-Encoding: chunked"),
                        "400"),
                closes(
                        "a malformed length",
                        coding("Content-Length: +5\r\nTransfer-Encoding: chunked"),
                        "400"),
                closes(
                        "an empty length",
                        coding("Content-Length:\r\nTransfer-Encoding: chunked"),
                        "400"),
                closes(
                        "a length that hides a request",
                        POST + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
                        "400"),
                closes(
                        "chunks that hide a request",
                        POST
                                + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n23\r\nGET /x HTTP/1.1\r\nHost: h\r\n\r\n0\r\n\r\n",
                        "400"),
                closes(
                        "twice",
                        coding("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
                        "400"),
                closes(
                        "chunked and identity",
                        coding("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
                        "400"),
                closes(
                        "identity and chunked",
                        coding("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
                        "400"),
                closes("chunked, chunked", coding("Transfer-Encoding: chunked, chunked"), "400"),
                closes("identity", coding("Transfer-Encoding: identity"), "400"),
                closes("xchunked", coding("Transfer-Encoding: xchunked"), "400"),
                closes("gzip alone", coding("Transfer-Encoding: gzip"), "400"),
                closes("gzip last", coding("Transfer-Encoding: chunked, gzip"), "400"),
                closes("gzip first", coding("Transfer-Encoding: gzip, chunked"), "501"),
                closes("nothing", coding("Transfer-Encoding:"), "400"),
                closes("a comma before", coding("Transfer-Encoding: , chunked"), "400"),
                closes("a comma behind", coding("Transfer-Encoding: chunked,"), "400"),
                closes("a parameter", coding("Transfer-Encoding: chunked;a=b"), "400"),
                closes("quotes", coding("Transfer-Encoding: \"chunked\""), "400"),
                closes("a vertical tab", coding("Transfer-Encoding: \u000bchunked"), "400"),
                closes("a form feed", coding("Transfer-Encoding: \fchunked"), "400"),
                closes("a NUL", coding("Transfer-Encoding: chunked\0"), "400"),
                closes("a NEL", coding("Transfer-Encoding: chunked\u0085"), "400"),
                closes("a NBSP", coding("Transfer-Encoding: \u00a0chunked"), "400"),
                closes("a bare CR", coding("Transfer-Encoding: \rchunked"), "400"),
                closes("a bare CR behind", coding("Transfer-Encoding: chunked\r"), "400"),
                closes("a space before the colon", coding("Transfer-Encoding : chunked"), "400"),
                closes("folded", coding("Transfer-Encoding:\r\n chunked"), "400"),
                closes("hidden in a fold", coding("X: y\r\n Transfer-Encoding: chunked"), "400"),
                closes("a name with a CR", coding("X: y\rTransfer-Encoding: chunked"), "400"),
                closes(
                        "in HTTP/1.0",
                        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "400"));
    }

    static Stream<ProtocolTable.Row> chunks() {
        return Stream.of(
                stays("one", CHUNKED + "5\r\nhello\r\n0\r\n\r\n", HELLO),
                stays("several", CHUNKED + "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", HELLO),
                stays(
                        "a line end in one",
                        CHUNKED + "7\r\nhel\r\nlo\r\n0\r\n\r\n",
                        POSTED + " hel\r\nlo"),
                stays("none", CHUNKED + "0\r\n\r\n", POSTED),
                stays(
                        "hexadecimal in both cases",
                        CHUNKED + "a\r\n0123456789\r\nB\r\nabcdefghijk\r\n0\r\n\r\n",
                        POSTED + " 0123456789abc"),
                stays("zeros before the size", CHUNKED + "0005\r\nhello\r\n000\r\n\r\n", HELLO),
                stays("an extension", CHUNKED + "5;a=b\r\nhello\r\n0;c\r\n\r\n", HELLO),
                stays(
                        "extensions with blanks",
                        CHUNKED + "5 ; a = b\t;c\r\nhello\r\n0\r\n\r\n",
                        HELLO),
                stays(
                        "a quoted extension",
                        CHUNKED + "5;a=\"b\\\";c\"\r\nhello\r\n0\r\n\r\n",
                        HELLO),
                closes("no size, twice", CHUNKED + "\r\n\r\n", "400"),
                closes("no size", CHUNKED + "\r\nhello\r\n0\r\n\r\n", "400"),
                closes("letters", CHUNKED + "xyz\r\nhello\r\n0\r\n\r\n", "400"),
                closes("a space before the size", CHUNKED + " 5\r\nhello\r\n0\r\n\r\n", "400"),
                closes("a space behind it", CHUNKED + "5 \r\nhello\r\n0\r\n\r\n", "400"),
                closes("a tab behind it", CHUNKED + "5\t\r\nhello\r\n0\r\n\r\n", "400"),
                closes("0x", CHUNKED + "0x5\r\nhello\r\n0\r\n\r\n", "400"),
                closes("a plus", CHUNKED + "+5\r\nhello\r\n0\r\n\r\n", "400"),
                closes("plus zero", CHUNKED + "+0\r\n\r\nX", "400"),
                closes("a minus", CHUNKED + "-1\r\nhello\r\n0\r\n\r\n", "400"),
                closes("an underscore", CHUNKED + "1_0\r\nhello world!!!!!\r\n0\r\n\r\n", "400"),
                closes("a comma", CHUNKED + "5,\r\nhello\r\n0\r\n\r\n", "400"),
                closes("a digit beyond ASCII", CHUNKED + "\u00b5\r\nhello\r\n0\r\n\r\n", "400"),
                closes(
                        "more than a long",
                        CHUNKED + "FFFFFFFFFFFFFFFF0\r\nhello\r\n0\r\n\r\n",
                        "400"),
                closes("2^64 + 5", CHUNKED + "10000000000000005\r\nhello\r\n0\r\n\r\n", "400"),
                closes("more data than that", CHUNKED + "5\r\nhello!!\r\n0\r\n\r\n", "400"),
                closes("less data", CHUNKED + "5\r\nhell\r\n0\r\n\r\n", "400"),
                closes("no line end behind the data", CHUNKED + "5\r\nhello0\r\n\r\n", "400"),
                closes("LF behind the data", CHUNKED + "5\r\nhello\n0\r\n\r\n", "400"),
                closes("CR behind the data", CHUNKED + "5\r\nhello\r0\r\n\r\n", "400"),
                closes("LF behind the size", CHUNKED + "5\nhello\r\n0\r\n\r\n", "400"),
                closes("CR behind the size", CHUNKED + "5\rhello\r\n0\r\n\r\n", "400"),
                closes("LF behind an extension", CHUNKED + "5;a\nhello\r\n0\r\n\r\n", "400"),
                closes("LF at the end", CHUNKED + "5\r\nhello\r\n0\r\n\n", "400"),
                closes("LF behind the last size", CHUNKED + "5\r\nhello\r\n0\n\r\n", "400"),
                closes("a semicolon alone", CHUNKED + "5;\r\nhello\r\n0\r\n\r\n", "400"),
                closes("two semicolons", CHUNKED + "5;;a\r\nhello\r\n0\r\n\r\n", "400"),
                closes("an extension of no token", CHUNKED + "5;a[=b\r\nhello\r\n0\r\n\r\n", "400"),
                closes(
                        "an extension without a value",
                        CHUNKED + "5;a=\r\nhello\r\n0\r\n\r\n",
                        "400"),
                closes("a quote that stays open", CHUNKED + "5;a=\"b\r\nhello\r\n0\r\n\r\n", "400"),
                closes("a quoted nothing", CHUNKED + "5;a=\"\\\r\nhello\r\n0\r\n\r\n", "400"),
                closes(
                        "a quoted nothing at the end of a long line",
                        CHUNKED + "5;a=\"" + "b".repeat(1017) + "\\\r\nhello\r\n0\r\n\r\n",
                        "400"),
                closes("a NUL in an extension", CHUNKED + "5;\0\r\nhello\r\n0\r\n\r\n", "400"),
                closes(
                        "a NUL in a quoted extension",
                        CHUNKED + "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n",
                        "400"),
                closes("a CR in an extension", CHUNKED + "5;a\rb\r\nhello\r\n0\r\n\r\n", "400"),
                closes(
                        "an extension of 64 KiB",
                        CHUNKED + "5;a=" + "b".repeat(1 << 16) + "\r\nhello",
                        "400"),
                closes(
                        "nearly nothing but extensions",
                        CHUNKED + ("1;a=" + "b".repeat(500) + "\r\nx\r\n").repeat(50),
                        "400"));
    }

    private static String trailer(String fields) {
        return CHUNKED + "5\r\nhello\r\n0\r\n" + fields + "\r\n\r\n";
    }

    static Stream<ProtocolTable.Row> trailers() {
        return Stream.of(
                stays("one", trailer("X-Checksum: abc"), HELLO + " +X-Checksum=abc"),
                stays("several", trailer("A: 1\r\nB:\r\nA: 2"), HELLO + " +A=1 +B= +A=2"),
                closes("Content-Length", trailer("Content-Length: 50"), "400"),
                closes("Transfer-Encoding", trailer("transfer-encoding: chunked"), "400"),
                closes("Host", trailer("Host: evil"), "400"),
                closes("Authorization", trailer("Authorization: Bearer x"), "400"),
                closes("Content-Type", trailer("Content-Type: text/evil"), "400"),
                closes("Cookie", trailer("Cookie: a=b"), "400"),
                closes("folded", trailer("A: 1\r\n 2"), "400"),
                closes("a space before the colon", trailer("A : 1"), "400"),
                closes("no colon", trailer("A"), "400"),
                closes("a NUL", trailer("A: \0"), "400"),
                closes("LF for a line end", trailer("A: 1\nB: 2"), "400"),
                closes("too many", trailer("A: 1\r\n".repeat(20_000)), "431"));
    }

    @ParameterizedTest
    @MethodSource({"lengths", "codings", "chunks", "trailers"})
    void aRequestEndsWhereTheTableSays(ProtocolTable.Row row) throws Exception {
        ProtocolTable.check(row, server);
    }
}
