package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.loop.Async;
import whirlwind.testing.Eventually;
import whirlwind.web.files.StaticFileHandler;

class CompressionTest {
    private static final String LONG = "All work and no play makes Jack a dull boy. ".repeat(50);

    private static ServedApplication serve(Verbs.Body get) {
        return ServedApplication.of(
                ApplicationSettings.DEFAULTS.withCompressResponse(true), onGet(get));
    }

    private static HttpResponse<byte[]> get(ServedApplication app, String... headers)
            throws Exception {
        return app.client()
                .send(
                        HttpRequest.newBuilder(app.uri("/")).headers(headers).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String text(HttpResponse<byte[]> response) throws IOException {
        var raw = new ByteArrayInputStream(response.body());
        var coding = response.headers().firstValue("Content-Encoding").orElse("");
        try (InputStream in =
                switch (coding) {
                    case "gzip" -> new GZIPInputStream(raw);
                    case "br" -> new BrotliInputStream(raw);
                    case "zstd" -> new ZstdInputStream(raw);
                    default -> raw;
                }) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd"})
    void textIsCompressedAsTheClientWants(String coding) throws Exception {
        try (var app = serve(h -> h.write(LONG))) {
            var response = get(app, "Accept-Encoding", coding);
            assertThat(response.headers().firstValue("Content-Encoding")).contains(coding);
            assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
            assertThat(response.headers().firstValueAsLong("Content-Length"))
                    .hasValue(response.body().length);
            assertThat(response.body()).hasSizeLessThan(LONG.length() / 5);
            assertThat(text(response)).isEqualTo(LONG);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd"}) // brotli4j's stream reads ahead
    void whatIsFlushedCanBeReadBeforeTheRestIsThere(String coding) throws Exception {
        var goOn = new java.util.concurrent.CompletableFuture<String>();
        try (var app =
                serve(h -> {
                    h.write("first ");
                    Async.await(h.flush());
                    Async.await(goOn);
                    h.write("second");
                })) {
            var response =
                    app.client()
                            .send(
                                    HttpRequest.newBuilder(app.uri("/"))
                                            .header("Accept-Encoding", coding)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body();
                    var in =
                            coding.equals("gzip")
                                    ? new GZIPInputStream(body)
                                    : new ZstdInputStream(body)) {
                assertThat(new String(in.readNBytes(6), UTF_8)).isEqualTo("first ");
                goOn.complete("");
                assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("second");
            }
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip;q=0", "identity", "*;q=0"})
    void aCodingThatTheClientRefusesIsNotUsed(String accepted) throws Exception {
        try (var app = serve(h -> h.write(LONG))) {
            var response = get(app, "Accept-Encoding", accepted);
            assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(response.headers().firstValue("Vary")).contains("Accept-Encoding");
            assertThat(text(response)).isEqualTo(LONG);
        }
    }

    @Test
    void aWholeBodyBelow1024BytesIsLeftAlone() throws Exception {
        try (var app = serve(h -> h.write("x".repeat(1023)))) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                    .isEmpty();
        }
        try (var app = serve(h -> h.write("x".repeat(1024)))) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                    .contains("gzip");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text/css, true",
        "application/json; charset=UTF-8, true",
        "application/javascript, true",
        "application/xhtml+xml, true",
        "application/atom+xml, true",
        "image/svg+xml, true",
        "application/problem+json, true",
        "application/x-javascript, true",
        "application/xml, true",
        "application/wasm, true",
        "TEXT/PLAIN, true",
        "image/png, false",
        "video/mp4, false",
        "application/zip, false",
        "application/octet-stream, false"
    })
    void onlyWhatIsTextIsCompressed(String type, boolean compressed) throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("Content-Type", type);
                    h.write(LONG);
                })) {
            var headers = get(app, "Accept-Encoding", "gzip").headers();
            assertThat(headers.firstValue("Content-Encoding").isPresent()).isEqualTo(compressed);
        }
    }

    @Test
    void aPartOfAFileIsLeftAlone() throws Exception {
        try (var app =
                serve(h -> {
                    h.setStatus(206);
                    h.setHeader("Content-Range", "bytes 0-2199/9999");
                    h.write(LONG);
                })) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                    .isEmpty();
        }
    }

    @Test
    void whatIsEncodedAlreadyOrMustNotBeChangedIsLeftAlone() throws Exception {
        try (var app =
                serve(h -> {
                    h.setHeader("Content-Encoding", "x-own");
                    h.write(LONG);
                })) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().allValues("Content-Encoding"))
                    .containsExactly("x-own");
        }
        try (var app =
                serve(h -> {
                    h.setHeader("Cache-Control", "no-transform");
                    h.write(LONG);
                })) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                    .isEmpty();
        }
    }

    @Test
    void theHeadOfAFileSaysWhatTheFileDoes(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("short.txt"), "short");
        Files.writeString(folder.resolve("long.txt"), LONG);
        var application =
                new Application(ApplicationSettings.DEFAULTS.withCompressResponse(true))
                        .route("/{path:*}", StaticFileHandler.in(folder));
        try (var app = ServedApplication.of(application)) {
            for (var path : List.of("/short.txt", "/long.txt")) {
                var head = app.send("HEAD", path, "", "Accept-Encoding", "gzip").headers();
                var got = app.get(path, "Accept-Encoding", "gzip").headers();
                for (var field : List.of("Content-Encoding", "Etag", "Vary", "Accept-Ranges")) {
                    assertThat(head.allValues(field)).as(path).isEqualTo(got.allValues(field));
                }
            }
        }
    }

    @Test
    void varyIsAddedToWhatItSays() throws Exception {
        try (var app =
                serve(h -> {
                    h.addHeader("Vary", "Cookie");
                    h.addHeader("Vary", "Origin");
                    h.write(LONG);
                })) {
            assertThat(get(app, "Accept-Encoding", "gzip").headers().allValues("Vary"))
                    .allSatisfy(vary ->
                            assertThat(vary).contains("Cookie", "Origin", "Accept-Encoding"));
        }
    }

    @Test
    void theTagOfACompressedBodyIsWeakAndKnownAgain() throws Exception {
        try (var app = serve(h -> h.write(LONG))) {
            var plain = get(app, "Accept-Encoding", "identity").headers().firstValue("Etag");
            var tag = get(app, "Accept-Encoding", "gzip").headers().firstValue("Etag");
            assertThat(tag).contains("W/" + plain.orElseThrow());
            var again = get(app, "Accept-Encoding", "gzip", "If-None-Match", tag.orElseThrow());
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.headers().firstValue("Etag")).isEqualTo(tag);
            assertThat(again.headers().firstValue("Vary")).contains("Accept-Encoding");
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void aFileIsCompressedOnItsWay(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("a.txt"), LONG.repeat(100));
        try (var app =
                serve(h -> {
                    h.setHeader("Content-Type", "text/plain");
                    h.setHeader("Content-Length", Files.size(file));
                    try (var channel = FileChannel.open(file)) {
                        Async.await(h.writeFile(channel, 0, channel.size()));
                    }
                })) {
            var response = get(app, "Accept-Encoding", "gzip");
            assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
            assertThat(text(response)).isEqualTo(LONG.repeat(100));
        }
    }

    @Test
    void transformsOfAHeadThatCannotBeSentAreEndedToo() throws Exception {
        var made = new AtomicInteger();
        var ended = new AtomicInteger();
        class Counted implements OutputTransform {
            @Override
            public byte[] transformFirstPiece(
                    int status, whirlwind.http.Headers headers, byte[] piece, boolean finishing) {
                return piece;
            }

            @Override
            public void end() {
                ended.incrementAndGet();
            }
        }
        var application =
                new Application()
                        .addTransform(_ -> {
                            made.incrementAndGet();
                            return new Counted();
                        })
                        .route("/", onGet(h -> h.setHeader("Transfer-Encoding", "chunked")));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
            Eventually.holds(() -> app.onLoop(ended::get) == 2); // with that of the error page
            assertThat(made).hasValue(2);
        }
    }

    @Test
    void transformsSeeHeadAndBodyInTheirOrder() throws Exception {
        record Wrap(String word) implements OutputTransform {
            @Override
            public byte[] transformFirstPiece(
                    int status, whirlwind.http.Headers headers, byte[] piece, boolean finishing) {
                headers.add("X-Seen", word + " " + status + " " + finishing);
                return transformPiece(piece, finishing);
            }

            @Override
            public byte[] transformPiece(byte[] piece, boolean finishing) {
                return (word + "(" + new String(piece, UTF_8) + ")").getBytes(UTF_8);
            }
        }
        var application =
                new Application()
                        .addTransform(_ -> new Wrap("a"))
                        .addTransform(_ -> null)
                        .addTransform(_ -> new Wrap("b"))
                        .route(
                                "/",
                                onGet(h -> {
                                    h.write("1");
                                    Async.await(h.flush());
                                    h.write("2");
                                }));
        try (var app = ServedApplication.of(application)) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("b(a(1))b(a(2))");
            assertThat(response.headers().allValues("X-Seen"))
                    .containsExactly("a 200 false", "b 200 false");
            assertThat(app.get("/missing").body()).startsWith("b(a(<html>");
        }
    }
}
