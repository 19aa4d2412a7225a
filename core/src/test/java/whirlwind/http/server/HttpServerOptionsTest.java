package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.FormLimits;
import whirlwind.http.Headers;
import whirlwind.loop.IOLoop;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;
import whirlwind.testing.OptionsContract;

/** What is wrong about several of them together is said at the start. */
class HttpServerOptionsTest extends OptionsContract<HttpServerOptions> {
    private static final HttpServerOptions DEFAULTS = HttpServerOptions.DEFAULTS;
    private static final Duration TOO_LONG = Duration.ofMillis(Long.MAX_VALUE);

    @TempDir static Path folder;

    HttpServerOptionsTest() {
        super(DEFAULTS);
    }

    @Override
    protected Stream<Wrong<HttpServerOptions>> wrong() {
        var tooLong = "9223372036854775.807 s (at most 36500 days)";
        return Stream.of(
                new Wrong<>(
                        "withMaxHeaderSize",
                        o -> o.withMaxHeaderSize(0),
                        "maxHeaderSize: 0 (at least 1)"),
                new Wrong<>(
                        "withMaxStartLine",
                        o -> o.withMaxStartLine(-1),
                        "maxStartLine: -1 (at least 1)"),
                new Wrong<>(
                        "withMaxBodySize",
                        o -> o.withMaxBodySize(0),
                        "maxBodySize: 0 (at least 1)"),
                new Wrong<>(
                        "withHeaderTimeout",
                        o -> o.withHeaderTimeout(Duration.ZERO),
                        "headerTimeout: 0 s (more than 0)"),
                new Wrong<>(
                        "withHeaderTimeout",
                        o -> o.withHeaderTimeout(TOO_LONG),
                        "headerTimeout: " + tooLong),
                new Wrong<>(
                        "withBodyTimeout",
                        o -> o.withBodyTimeout(Duration.ofSeconds(-1)),
                        "bodyTimeout: -1 s (more than 0)"),
                new Wrong<>(
                        "withIdleTimeout",
                        o -> o.withIdleTimeout(TOO_LONG),
                        "idleTimeout: " + tooLong),
                new Wrong<>(
                        "withMaxConnections",
                        o -> o.withMaxConnections(0),
                        "maxConnections: 0 (at least 1)"),
                new Wrong<>(
                        "withMaxConcurrentStreams",
                        o -> o.withMaxConcurrentStreams(0),
                        "maxConcurrentStreams: 0 (at least 1)"),
                new Wrong<>(
                        "withWriteHighWater",
                        o -> o.withWriteHighWater(0),
                        "writeHighWater: 0 (at least 1)"),
                new Wrong<>(
                        "withMaxWriteBuffer",
                        o -> o.withMaxWriteBuffer(0),
                        "maxWriteBuffer: 0 (at least 1)"),
                new Wrong<>(
                        "withMemoryQuota",
                        o -> o.withMemoryQuota(0),
                        "memoryQuota: 0 (at least 1)"),
                new Wrong<>(
                        "withProtocol",
                        o -> o.withProtocol("ftp"),
                        "protocol: 'ftp' (expected http or https)"),
                new Wrong<>("withBacklog", o -> o.withBacklog(0), "backlog: 0 (at least 1)"),
                new Wrong<>(
                        "withTrustedProxies",
                        o -> o.withTrustedProxies("10.0.0.0/33"),
                        "trusted proxy: '10.0.0.0/33' (an address, or a network such as"
                                + " 10.0.0.0/8)"),
                new Wrong<>(
                        "withServerHeader",
                        o -> o.withServerHeader("a\r\nb"),
                        "value of header Server has forbidden characters: U+000D at 1 (Latin-1"
                                + " without controls, blanks inside only)"),
                new Wrong<>(
                        "withFormLimits",
                        o -> o.withFormLimits(new FormLimits(true, 0, 1, 1, 1)),
                        "maxParts: 0 (at least 1)"));
    }

    /** What is wrong about certificates: HttpsServerTest. */
    @Override
    protected boolean canBeWrong(Class<?> type) {
        return type != boolean.class && type != TlsServerOptions.class;
    }

    @Test
    void optionsThatContradictOneAnotherAreRefusedAtTheStart() {
        refused(
                DEFAULTS.withMaxWriteBuffer(1000),
                "writeHighWater: 65536 (at most maxWriteBuffer, 1000)");
        refused(
                DEFAULTS.withProxyProtocol(true),
                "proxyProtocol: whose? (name the proxies with withTrustedProxies)");
        refused(DEFAULTS.withHttp3(true), "http3: there is no HTTP/3 without tls");
    }

    private static void refused(HttpServerOptions options, String sentence) {
        try (var loop = new IOLoop()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HttpServer(HttpServerOptionsTest::answer, options))
                    .withMessage(sentence);
        }
    }

    private static void answer(HttpExchange exchange) {
        exchange.respond(200, new Headers(), "fine".getBytes(UTF_8));
    }

    @Test
    void theLargestAndTheSmallestCanBeServedWith() throws Exception {
        var longest = Duration.ofDays(36_500);
        int most = Integer.MAX_VALUE;
        var large =
                DEFAULTS.withMaxHeaderSize(most)
                        .withMaxStartLine(most)
                        .withMaxBodySize(most)
                        .withHeaderTimeout(longest)
                        .withBodyTimeout(longest)
                        .withIdleTimeout(longest)
                        .withMaxConnections(most)
                        .withMaxConcurrentStreams(most)
                        .withWriteHighWater(most)
                        .withMaxWriteBuffer(most)
                        .withMemoryQuota(Long.MAX_VALUE)
                        .withBacklog(most);
        var small =
                DEFAULTS.withMaxBodySize(1)
                        .withMaxConnections(1)
                        .withMaxConcurrentStreams(1)
                        .withWriteHighWater(1)
                        .withMemoryQuota(1)
                        .withBacklog(1);
        for (var options : new HttpServerOptions[] {large, small}) {
            try (var server = TestServer.start(HttpServerOptionsTest::answer, options)) {
                try (var client = server.connect()) {
                    assertThat(client.get("/").readResponse().body()).isEqualTo("fine");
                }
                try (var client = Http2Client.connect(server.port())) {
                    assertThat(client.response(client.get("/")).body()).isEqualTo("fine");
                }
            }
        }
    }

    @Test
    void theDefaultsAreTornadosWhereItHasAny() {
        assertThat(DEFAULTS.maxHeaderSize()).isEqualTo(65_536);
        assertThat(DEFAULTS.maxBodySize()).isEqualTo(104_857_600);
        assertThat(DEFAULTS.idleTimeout()).isEqualTo(Duration.ofSeconds(3600));
        assertThat(DEFAULTS.bodyTimeout()).isNull();
        assertThat(DEFAULTS.keepAlive()).isTrue();
        assertThat(DEFAULTS.decompressRequest()).isFalse();
        assertThat(DEFAULTS.trustedProxies()).isEmpty();
        assertThat(DEFAULTS.protocol()).isNull();
        assertThat(DEFAULTS.formLimits().multipart()).isTrue();
        assertThat(DEFAULTS.formLimits().maxParts()).isEqualTo(100);
        assertThat(DEFAULTS.formLimits().maxPartHeaderBytes()).isEqualTo(10_240);
    }

    @Test
    void http3WithoutItsModuleIsRefused() throws Exception {
        var identity = new TestCertificates(folder).identity("localhost");
        var options = DEFAULTS.withTls(TlsServerOptions.of(identity)).withHttp3(true);
        try (var loop = new IOLoop()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> new HttpServer(HttpServerOptionsTest::answer, options))
                    .withMessage("http3: HTTP/3 needs whirlwind-http3 among the dependencies");
        }
    }
}
