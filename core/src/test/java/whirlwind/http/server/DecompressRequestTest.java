package whirlwind.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class DecompressRequestTest {
    private static final HttpServerOptions ON =
            HttpServerOptions.DEFAULTS.withDecompressRequest(true);

    /** Tells the body's length and sum, and what became of the coding. */
    private record Sum(boolean streams) implements HttpHandler {
        @Override
        public void handle(HttpExchange exchange) {
            if (exchange.request().path().equals("/small")) {
                exchange.limitBody(1000);
            }
            long length = 0;
            long sum = 0;
            for (byte[] piece; (piece = Async.await(exchange.read())) != null; ) {
                length += piece.length;
                for (byte b : piece) {
                    sum += b;
                }
            }
            var headers = exchange.request().headers();
            var text =
                    length
                            + " "
                            + sum
                            + " "
                            + headers.get("Content-Encoding")
                            + " "
                            + headers.get("X-Consumed-Content-Encoding");
            exchange.respond(200, new Headers(), text.getBytes(ISO_8859_1));
        }

        @Override
        public boolean streamsBody(HttpServerRequest head) {
            return streams;
        }
    }

    private interface Compressor {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] compressed(String coding, byte[] body) throws IOException {
        Compressor compressor =
                switch (coding.toLowerCase(java.util.Locale.ROOT)) {
                    case "gzip", "x-gzip" -> GZIPOutputStream::new;
                    case "deflate" -> DeflaterOutputStream::new;
                    case "raw" -> out -> new DeflaterOutputStream(out, new Deflater(6, true));
                    default -> throw new IllegalArgumentException(coding);
                };
        var out = new ByteArrayOutputStream();
        try (var to = compressor.over(out)) {
            to.write(body);
        }
        return out.toByteArray();
    }

    private static byte[] ones(int length) {
        var body = new byte[length];
        Arrays.fill(body, (byte) 1);
        return body;
    }

    private static void post(RawClient client, String path, String coding, byte[] body) {
        client.send(
                "POST %s HTTP/1.1\r\nHost: h\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, coding, body.length));
        client.send(body);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip, true",
        "gzip, gzip, false",
        "GZip, gzip, true",
        "x-gzip, gzip, false",
        "deflate, deflate, true",
        "deflate, raw, false",
    })
    void aCompressedBodyComesAsItWasBefore(String coding, String compressor, boolean streams)
            throws Exception {
        try (var server = TestServer.start(new Sum(streams), ON);
                var client = server.connect()) {
            for (int length : new int[] {0, 1, 3_000_000}) {
                post(client, "/", coding, compressed(compressor, ones(length)));
                assertThat(client.readResponse().body())
                        .isEqualTo(length + " " + length + " null " + coding);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void brotliIsUndoneWhereTheLibraryIs(boolean streams) throws Exception {
        Brotli4jLoader.ensureAvailability();
        try (var server = TestServer.start(new Sum(streams), ON);
                var client = server.connect()) {
            post(client, "/", "br", Encoder.compress(ones(300_000)));
            assertThat(client.readResponse().body()).isEqualTo("300000 300000 null br");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLimitCountsWhatComesOut(boolean streams) throws Exception {
        try (var logs = LogCapture.of(ServerConnection.class);
                var serverLogs = LogCapture.of(HttpServer.class);
                var server = TestServer.start(new Sum(streams), ON.withMaxBodySize(100_000));
                var bomb = server.connect();
                var fine = server.connect()) {
            post(fine, "/", "gzip", compressed("gzip", ones(100_000)));
            assertThat(fine.readResponse().status()).isEqualTo(200);
            var body = compressed("gzip", ones(100_000_000));
            assertThat(body).hasSizeLessThan(100_000);
            post(bomb, "/", "gzip", body);
            assertThat(bomb.readResponse().status()).isEqualTo(413);
            assertThat(logs.lines().size() + serverLogs.lines().size()).isEqualTo(1);
        }
    }

    @Test
    void aHandlersLimitCountsWhatComesOutToo() throws Exception {
        try (var logs = LogCapture.of(HttpServer.class);
                var server = TestServer.start(new Sum(true), ON);
                var client = server.connect()) {
            post(client, "/small", "gzip", compressed("gzip", ones(1001)));
            assertThat(client.readResponse().status()).isEqualTo(413);
            assertThat(logs.lines()).singleElement().asString().contains("longer than 1000 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "garbage, true",
        "garbage, false",
        "half, true",
        "half, false",
        "more, true",
        "more, false"
    })
    void aBrokenBodyIsMalformed(String how, boolean streams) throws Exception {
        var good = compressed("gzip", ones(50_000));
        var body =
                switch (how) {
                    case "garbage" -> "this is no gzip at all".getBytes(ISO_8859_1);
                    case "half" -> Arrays.copyOf(good, good.length / 2);
                    default -> Arrays.copyOf(good, good.length + 100_000);
                };
        try (var logs = LogCapture.of(ServerConnection.class);
                var serverLogs = LogCapture.of(HttpServer.class);
                var server = TestServer.start(new Sum(streams), ON);
                var client = server.connect()) {
            post(client, "/", "gzip", body);
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(logs.failures()).isEmpty();
            assertThat(serverLogs.failures()).isEmpty();
        }
    }

    @Test
    void otherCodingsAreTheHandlersBusiness() throws Exception {
        try (var server = TestServer.start(new Sum(false), ON);
                var client = server.connect()) {
            for (var coding : new String[] {"identity", "zstd", "gzip, br"}) {
                post(client, "/", coding, ones(3));
                assertThat(client.readResponse().body()).isEqualTo("3 3 " + coding + " null");
            }
        }
    }

    @Test
    void nothingIsUndoneUnlessItIsAskedFor() throws Exception {
        var body = compressed("gzip", ones(1000));
        try (var server = TestServer.start(new Sum(false));
                var client = server.connect()) {
            post(client, "/", "gzip", body);
            assertThat(client.readResponse().body())
                    .startsWith(body.length + " ")
                    .endsWith(" gzip null");
        }
    }

    private static void form(HttpExchange exchange) {
        var text = exchange.request().bodyArguments().toString();
        exchange.respond(200, new Headers(), text.getBytes(ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({"true, 200", "false, 415"})
    void aCompressedFormIsReadOnlyIfItIsAskedFor(boolean on, int status) throws Exception {
        try (var logs = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(
                                DecompressRequestTest::form,
                                HttpServerOptions.DEFAULTS.withDecompressRequest(on));
                var client = server.connect()) {
            var coded = compressed("gzip", "foo=bar".getBytes(ISO_8859_1));
            var fields = "gzip\r\nContent-Type: application/x-www-form-urlencoded";
            post(client, "/", fields, coded);
            var response = client.readResponse();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.body()).isEqualTo(on ? "{foo=[bar]}" : "");
            assertThat(logs.lines()).hasSize(on ? 0 : 1);
        }
    }
}
