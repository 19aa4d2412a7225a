package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.net.channel.ProxyHeader;
import whirlwind.testing.LogCapture;

class TrustedProxyTest {
    private static final HttpServerOptions TRUSTING =
            HttpServerOptions.DEFAULTS.withTrustedProxies("127.0.0.1", "5.5.0.0/16", "fc00::/7");

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(TrustedProxyTest::tell, TRUSTING);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static void tell(HttpExchange exchange) {
        var request = exchange.request();
        var text = request.remoteIp() + " " + request.protocol() + " " + request.host();
        exchange.respond(200, new Headers(), text.getBytes(ISO_8859_1));
    }

    private static String get(String fields) {
        return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n";
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of("X-Forwarded-For: 4.4.4.4", "4.4.4.4"),
                Arguments.of("X-Forwarded-For: 127.0.0.1, 4.4.4.4", "4.4.4.4"),
                Arguments.of("X-Forwarded-For: 3.3.3.3, 4.4.4.4, 5.5.5.5", "4.4.4.4"),
                Arguments.of(
                        "X-Forwarded-For: 3.3.3.3\r\nX-Forwarded-For: 4.4.4.4,5.5.5.5", "4.4.4.4"),
                Arguments.of("X-Forwarded-For: 5.5.1.1, 5.5.2.2", "5.5.1.1"),
                Arguments.of("X-Forwarded-For: junk, 5.5.5.5", "5.5.5.5"),
                Arguments.of("X-Forwarded-For: 4.4.4.4, junk", "127.0.0.1"),
                Arguments.of("X-Forwarded-For: 4.4.4.4<br>", "127.0.0.1"),
                Arguments.of("X-Forwarded-For: www.google.com", "127.0.0.1"),
                Arguments.of("X-Forwarded-For: 4.4.4", "127.0.0.1"),
                Arguments.of("X-Forwarded-For:", "127.0.0.1"),
                Arguments.of("X-Forwarded-For: 4.4.4.4:1234", "4.4.4.4"),
                Arguments.of(
                        "X-Forwarded-For: 2620:0:1cfe:face:b00c::3", "2620:0:1cfe:face:b00c::3"),
                Arguments.of("X-Forwarded-For: [2001:db8::1]:80, fd00::1", "2001:db8::1"),
                Arguments.of("X-Real-Ip: 4.4.4.4", "4.4.4.4"),
                Arguments.of("X-Real-Ip: 4.4.4.4<script>", "127.0.0.1"),
                Arguments.of("X-Real-Ip: 4.4.4.4\r\nX-Forwarded-For: 3.3.3.3, 4.4.4.4", "4.4.4.4"),
                Arguments.of("X-Real-Ip: 6.6.6.6\r\nX-Forwarded-For: 4.4.4.4", "127.0.0.1"),
                Arguments.of("X-Real-Ip: junk\r\nX-Forwarded-For: 4.4.4.4", "127.0.0.1"),
                Arguments.of("Forwarded: for=4.4.4.4", "4.4.4.4"),
                Arguments.of(
                        "Forwarded: For=3.3.3.3, for=4.4.4.4;by=1.1.1.1, FOR=5.5.5.5", "4.4.4.4"),
                Arguments.of("Forwarded: for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
                Arguments.of("Forwarded: for=4.4.4.4, for=unknown", "127.0.0.1"),
                Arguments.of("Forwarded: for=4.4.4.4, for=_hidden", "127.0.0.1"),
                Arguments.of("Forwarded: for=4.4.4.4, proto=http", "127.0.0.1"),
                Arguments.of("Forwarded: for=\"4.4.4.4", "127.0.0.1"),
                Arguments.of("Forwarded: for=3.3.3.3;for=4.4.4.4", "127.0.0.1"),
                Arguments.of("Forwarded: for=4.4.4.4\r\nX-Forwarded-For: 6.6.6.6", "127.0.0.1"));
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void theClientIsTheLastAddressThatIsNoProxy(String fields, String ip) throws Exception {
        try (var client = server.connect()) {
            client.send(get(fields));
            assertThat(client.readResponse().body()).isEqualTo(ip + " http h");
        }
    }

    static Stream<Arguments> schemesAndHosts() {
        return Stream.of(
                Arguments.of("X-Forwarded-Proto: https", "https h"),
                Arguments.of("X-Forwarded-Proto: HTTPS", "https h"),
                Arguments.of("X-Forwarded-Proto: https , http", "http h"),
                Arguments.of("X-Forwarded-Proto: http, https", "https h"),
                Arguments.of("X-Forwarded-Proto: unknown", "http h"),
                Arguments.of("X-Scheme: https", "https h"),
                Arguments.of("X-Scheme: https\r\nX-Forwarded-Proto: http", "http h"),
                Arguments.of("X-Forwarded-Host: public:444", "http public:444"),
                Arguments.of("X-Forwarded-Host: other, public", "http public"),
                Arguments.of("X-Forwarded-Host: a/b", "http h"),
                Arguments.of("Forwarded: for=5.5.5.5;host=public;proto=https", "https public"),
                Arguments.of("Forwarded: for=5.5.5.5;host=\"public:1\"", "http public:1"));
    }

    @ParameterizedTest
    @MethodSource("schemesAndHosts")
    void schemeAndHostAreThoseOfTheProxy(String fields, String expected) throws Exception {
        try (var client = server.connect()) {
            client.send(get(fields));
            assertThat(client.readResponse().body()).endsWith(" " + expected);
        }
    }

    @Test
    void theNextRequestOfTheConnectionStartsAnew() throws Exception {
        try (var client = server.connect()) {
            client.send(get("X-Forwarded-For: 4.4.4.4\r\nX-Forwarded-Proto: https"));
            assertThat(client.readResponse().body()).isEqualTo("4.4.4.4 https h");
            client.send(get("X: y"));
            assertThat(client.readResponse().body()).isEqualTo("127.0.0.1 http h");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-For: 4.4.4.4",
                "X-Real-Ip: 4.4.4.4",
                "X-Forwarded-Proto: https",
                "X-Scheme: https",
                "X-Forwarded-Host: evil",
                "Forwarded: for=4.4.4.4;proto=https;host=evil",
            })
    void noHeaderOfAStrangerIsBelieved(String field) throws Exception {
        var options = HttpServerOptions.DEFAULTS.withTrustedProxies("10.0.0.0/8", "unix");
        try (var other = TestServer.start(TrustedProxyTest::tell, options);
                var client = other.connect()) {
            client.send(get(field));
            assertThat(client.readResponse().body()).isEqualTo("127.0.0.1 http h");
        }
    }

    @Test
    void aStrangersWordCountsForNothing() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withTrustedProxies("10.0.0.0/8");
        for (var untrusting : new HttpServerOptions[] {options, HttpServerOptions.DEFAULTS}) {
            try (var other = TestServer.start(TrustedProxyTest::tell, untrusting);
                    var client = other.connect()) {
                client.send(
                        get(
                                "X-Forwarded-For: 4.4.4.4\r\nX-Real-Ip: 4.4.4.4\r\n"
                                        + "X-Scheme: https\r\nX-Forwarded-Host: evil\r\n"
                                        + "Forwarded: for=4.4.4.4;proto=https;host=evil"));
                assertThat(client.readResponse().body()).isEqualTo("127.0.0.1 http h");
            }
        }
    }

    @Test
    void aProxyHeaderTellsWhoseConnectionItIs() throws Exception {
        try (var other =
                        TestServer.start(TrustedProxyTest::tell, TRUSTING.withProxyProtocol(true));
                var one = other.connect();
                var two = other.connect()) {
            one.send(
                    "PROXY TCP4 192.0.2.7 192.0.2.8 4321 80\r\n" + get("X-Forwarded-For: 4.4.4.4"));
            assertThat(one.readResponse().body()).isEqualTo("192.0.2.7 http h");
            assertThat(one.send(get("X: y")).readResponse().body()).isEqualTo("192.0.2.7 http h");
            two.send("\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c");
            two.send("\u00c0\0\2\7\u00c0\0\2\10\u0010\u00e1\0\120" + get("X: y"));
            assertThat(two.readResponse().body()).isEqualTo("192.0.2.7 http h");
            assertThat(other.call(other.server()::connectionCount)).isEqualTo(2);
        }
    }

    @Test
    void aTrustedProxyHasToBeginWithItsHeaderAndAStrangerMayNot() throws Exception {
        try (var logs = LogCapture.of(ProxyHeader.class);
                var others = LogCapture.of(ServerConnection.class);
                var trusting =
                        TestServer.start(TrustedProxyTest::tell, TRUSTING.withProxyProtocol(true));
                var wary =
                        TestServer.start(
                                TrustedProxyTest::tell,
                                HttpServerOptions.DEFAULTS
                                        .withTrustedProxies("10.0.0.0/8")
                                        .withProxyProtocol(true));
                var bare = trusting.connect();
                var stranger = wary.connect()) {
            bare.send(get("X: y"));
            assertThat(bare.isClosedByServer()).isTrue();
            trusting.await(() -> !logs.lines().isEmpty());
            assertThat(logs.lines()).singleElement().asString().contains("needs a PROXY header");
            stranger.send("PROXY TCP4 192.0.2.7 192.0.2.8 4321 80\r\n" + get("X: y"));
            assertThat(stranger.readResponse().status()).isEqualTo(400);
            assertThat(others.lines()).hasSize(1);
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> HttpServerOptions.DEFAULTS.withTrustedProxies("localhost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("trusted proxy: 'localhost'");
    }
}
