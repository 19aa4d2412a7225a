package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.net.tls.TestCertificates;
import whirlwind.net.tls.TlsServerOptions;

/** Clients that others have written: curl, nghttp and h2load. */
@Timeout(120)
class Http2PeersTest {
    @TempDir private Path folder;

    private Path authority;
    private HttpServerOptions options;

    private static final HttpHandler ECHO =
            exchange -> {
                var request = exchange.request();
                var body =
                        request.body().length > 0
                                ? request.body()
                                : "Hello, World!".getBytes(StandardCharsets.UTF_8);
                exchange.respond(200, Headers.of("Content-Type", "text/plain"), body);
            };

    @BeforeEach
    void makeCertificate() throws Exception {
        var certificates = new TestCertificates(folder);
        authority = certificates.authority();
        options =
                HttpServerOptions.DEFAULTS.withTls(
                        TlsServerOptions.of(certificates.identity("localhost")));
    }

    /** What a program prints; without it the test fails, for nobody should believe it passed. */
    private String run(String debianPackage, String... command) throws Exception {
        boolean there =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, command[0])));
        if (!there) {
            Assertions.fail(
                    "This test needs the program %s: install it (Debian's package is %s)."
                            .formatted(command[0], debianPackage));
        }
        var output = folder.resolve("output").toFile();
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output)
                        .start();
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readString(output.toPath());
    }

    @Test
    void curlFetchesByPriorKnowledge() throws Exception {
        try (var server = TestServer.start(ECHO)) {
            assertThat(
                            run(
                                    "curl",
                                    "curl",
                                    "-sS",
                                    "--http2-prior-knowledge",
                                    "-w",
                                    " %{http_version} %{response_code}",
                                    "http://127.0.0.1:" + server.port() + "/"))
                    .isEqualTo("Hello, World! 2 200");
        }
    }

    @Test
    void curlGetsEarlyHintsAndTrailersAndIsBelievedAsAProxy() throws Exception {
        HttpHandler handler =
                exchange -> {
                    exchange.inform(103, Headers.of("Link", "</style.css>; rel=preload"));
                    exchange.start(200, null, new Headers());
                    exchange.write(exchange.request().remoteIp().getBytes(StandardCharsets.UTF_8));
                    exchange.finish(Headers.of("X-Sum", "6"));
                };
        var trusting = HttpServerOptions.DEFAULTS.withTrustedProxies("127.0.0.1");
        try (var server = TestServer.start(handler, trusting)) {
            assertThat(
                            run(
                                    "curl",
                                    "curl",
                                    "-sSi",
                                    "--http2-prior-knowledge",
                                    "-H",
                                    "X-Forwarded-For: 192.0.2.7",
                                    "http://127.0.0.1:" + server.port() + "/"))
                    .startsWith("HTTP/2 103 \r\nlink: </style.css>; rel=preload\r\n\r\nHTTP/2 200 ")
                    .contains("\r\n\r\n192.0.2.7")
                    .contains("x-sum: 6");
        }
    }

    @Test
    void curlAgreesOnHttp2AndSendsLargeBodies() throws Exception {
        var body = Files.writeString(folder.resolve("body"), "0123456789".repeat(500_000));
        var back = folder.resolve("back");
        try (var server = TestServer.start(ECHO, options)) {
            assertThat(
                            run(
                                    "curl",
                                    "curl",
                                    "-sS",
                                    "--http2",
                                    "--cacert",
                                    authority.toString(),
                                    "-T",
                                    body.toString(),
                                    "-o",
                                    back.toString(),
                                    "-w",
                                    "%{http_version} %{response_code}",
                                    "https://localhost:" + server.port() + "/"))
                    .isEqualTo("2 200");
        }
        assertThat(back).hasSameBinaryContentAs(body);
    }

    @Test
    void nghttpPostsOverSeveralStreams() throws Exception {
        var body = Files.writeString(folder.resolve("body"), "0123456789");
        try (var server = TestServer.start(ECHO)) {
            var url = "http://127.0.0.1:" + server.port() + "/";
            assertThat(
                            run(
                                    "nghttp2-client",
                                    "nghttp",
                                    "--data=" + body,
                                    "--multiply=20",
                                    "--no-dep",
                                    url))
                    .isEqualTo("0123456789".repeat(20));
        }
    }

    @Test
    void h2loadLosesNothingInManyRequestsSideBySide() throws Exception {
        try (var server = TestServer.start(ECHO, options)) {
            var report =
                    run(
                            "nghttp2-client",
                            "h2load",
                            "--requests=5000",
                            "--clients=10",
                            "--max-concurrent-streams=50",
                            "https://127.0.0.1:" + server.port() + "/");
            assertThat(report)
                    .contains("5000 succeeded, 0 failed, 0 errored, 0 timeout")
                    .contains("5000 2xx");
        }
    }
}
