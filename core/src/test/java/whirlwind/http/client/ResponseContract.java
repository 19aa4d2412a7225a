package whirlwind.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.HttpVersion;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.sync.Queue;

/** What comes back. */
public interface ResponseContract extends ClientContract {

    @Test
    default void aResponseHasCodeReasonHeadersBodyAndTimes() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            "Fine",
                                            Headers.of("X-A", "1", "X-A", "2"),
                                            ClientWorld.bytes("h\u00e9llo")));
            var response = w.fetch(w.get("/"));
            assertThat(response.version()).isEqualTo(HttpVersion.HTTP_1_1);
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.reason()).isEqualTo("Fine");
            assertThat(response.headers().getList("X-A")).containsExactly("1", "2");
            assertThat(response.text()).isEqualTo("h\u00e9llo");
            assertThat(response.effectiveUrl()).isEqualTo(w.site().url("/"));
            assertThat(response.error()).isNull();
            assertThat(response.toString()).contains("200");
            assertThat(response.requestTime())
                    .isBetween(java.time.Duration.ZERO, java.time.Duration.ofSeconds(30));
            assertThat(response.startTime()).isBeforeOrEqualTo(IOLoop.current().time());
            assertThat(response.timeInfo())
                    .containsKeys("queue", "connect", "starttransfer", "total");
        });
    }

    @Test
    default void aHeadHasALengthAndNoBody() {
        run(w -> {
            w.site().on("/", "7 bytes");
            for (int i = 0; i < 2; i++) { // the connection is in step afterwards
                var response = w.fetch(w.get("/").withMethod("HEAD"));
                assertThat(response.headers().get("Content-Length")).isEqualTo("7");
                assertThat(response.body()).isEmpty();
            }
        });
    }

    @Test
    default void aStatusOtherThan2xxIsAFailureWithTheResponse() {
        run(w -> {
            w.site().on("/", "");
            assertThat(w.failure(w.get("/missing")))
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(404);
                                assertThat(e).hasMessage("HTTP 404: Not Found");
                                assertThat(e.response().text()).isEqualTo("nothing here");
                                assertThat(e.response().error()).isSameAs(e);
                            });
            var response = w.fetch(w.get("/missing").withRaiseError(false));
            assertThat(response.code()).isEqualTo(404);
            assertThatThrownBy(response::rethrow).isInstanceOf(HttpStatusException.class);
        });
    }

    @Test
    default void aReasonOfTheServersOwnIsKept() {
        run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            400, "Custom reason", new Headers(), new byte[0]));
            assertThat(w.failure(w.get("/"))).hasMessage("HTTP 400: Custom reason");
        });
    }

    @Test
    default void latin1AndFoldedHeadersAreRead() {
        run(w -> {
            var server =
                    w.answering(
                            "HTTP/1.1 200 OK\r\nX-Name: b\u00e4r\r\nX-Folded: 1;\r\n\tmode=block\r\nContent-Length: 0\r\n\r\n");
            var headers = w.fetch(server.get()).headers();
            assertThat(headers.get("X-Name")).isEqualTo("b\u00e4r");
            assertThat(headers.get("X-Folded")).isEqualTo("1; mode=block");
        });
    }

    @Test
    default void aNotModifiedHasNoBodyWhateverItsLengthSays() {
        run(w -> {
            var server =
                    w.answeringAndHolding(
                            "HTTP/1.1 304 Not Modified\r\nContent-Length: 42\r\n\r\n");
            var response = w.fetch(server.get().withRaiseError(false));
            assertThat(response.code()).isEqualTo(304);
            assertThat(response.body()).isEmpty();
        });
    }

    @Test
    default void interimResponsesAreSkipped() {
        run(w -> {
            var server =
                    w.answering(
                            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            var response = w.fetch(server.get());
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.headers().contains("Link")).isFalse();
        });
    }

    @Test
    default void aBodyWithoutLengthEndsWithTheConnection() {
        run(w -> {
            assertThat(w.fetch(w.answering("HTTP/1.0 200 OK\r\n\r\nall of it").get()).text())
                    .isEqualTo("all of it");
            assertThat(w.fetch(w.answering("HTTP/1.1 200 OK\r\n\r\nall of it").get()).text())
                    .isEqualTo("all of it");
        });
    }

    @Test
    default void equalLengthsAndChunksInPiecesAreRead() {
        run(w -> {
            assertThat(
                            w.fetch(
                                            w.answering(
                                                            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok")
                                                    .get())
                                    .text())
                    .isEqualTo("ok");
            var chunked =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nas");
                        peer.write("df\r\n4;ext=1\r\nqwer\r\n0\r\nX-Trailer: 1\r\n\r\n");
                        peer.awaitClose();
                    });
            assertThat(w.fetch(chunked.get()).text()).isEqualTo("asdfqwer");
        });
    }

    @Test
    default void whatComesBehindTheBodyIsKeptApart() {
        run(w -> {
            var head = "HTTP/1.1 200 OK\r\nX-Sum: head\r\nTransfer-Encoding: chunked\r\n\r\n";
            var end = "2\r\nok\r\n0\r\nX-Sum: b\u00e4r\r\nX-Two: 1\r\nX-Two: 2\r\n\r\n";
            var server =
                    w.scripted(peer -> {
                        while (true) {
                            peer.readHead();
                            peer.write(head + end);
                        }
                    });
            var response = w.fetch(server.get());
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.trailers().get("X-Sum")).isEqualTo("b\u00e4r");
            assertThat(response.trailers().getList("X-Two")).containsExactly("1", "2");
            assertThat(response.headers().getList("X-Sum")).containsExactly("head");
            var chunks = new ArrayList<String>();
            var streamed =
                    w.fetch(
                            server.get()
                                    .withStreamingCallback(
                                            chunk -> chunks.add(new String(chunk, UTF_8))));
            assertThat(chunks).containsExactly("ok");
            assertThat(streamed.trailers().get("X-Sum")).isEqualTo("b\u00e4r");

            w.site().on("/", "hello");
            assertThat(w.fetch(w.get("/")).trailers().isEmpty()).isTrue();
        });
    }

    // ---- content codings ----

    @Test
    default void contentCodingsAreUndone() {
        run(w -> {
            var text = "compressible ".repeat(1000);
            coded(w, "/gzip", "gzip", gzip(text));
            coded(w, "/zlib", "deflate", deflate(text, false));
            coded(w, "/raw", "deflate", deflate(text, true));
            for (var path : new String[] {"/gzip", "/zlib", "/raw"}) {
                var response = w.fetch(w.get(path));
                assertThat(response.text()).isEqualTo(text);
                assertThat(response.headers().contains("Content-Encoding")).isFalse();
            }
        });
    }

    @Test
    default void compressedBodiesStayCompressedIfAsked() {
        run(w -> {
            coded(w, "/", "gzip", gzip("Hello"));
            var response =
                    w.fetch(
                            w.get("/")
                                    .withDecompressResponse(false)
                                    .withHeader("Accept-Encoding", "gzip"));
            assertThat(response.body()).isEqualTo(gzip("Hello"));
            assertThat(response.headers().get("Content-Encoding")).isEqualTo("gzip");
            assertThat(w.site().lastRequest().headers().getList("Accept-Encoding"))
                    .containsExactly("gzip");
            w.fetch(w.get("/").withDecompressResponse(false));
            assertThat(w.site().lastRequest().headers().contains("Accept-Encoding")).isFalse();
        });
    }

    @Test
    default void anUnknownCodingIsTheUsersToUndo() {
        run(w -> {
            coded(w, "/", "x-mine", ClientWorld.bytes("???"));
            var response = w.fetch(w.get("/"));
            assertThat(response.text()).isEqualTo("???");
            assertThat(response.headers().get("Content-Encoding")).isEqualTo("x-mine");
        });
    }

    @Test
    default void garbageBehindCompressedDataDoesNotHangTheFetch() {
        run(w -> {
            var data = gzip("Hello");
            var longer = Arrays.copyOf(data, data.length + 1);
            coded(w, "/", "gzip", longer);
            var ended = new CompletableFuture<String>();
            w.client().fetch(w.get("/"), response -> ended.complete(response.text()));
            assertThat(Async.await(ended)).isIn("Hello", "");
        });
    }

    @Test
    default void compressedDataThatIsCutOffOrBrokenIsAnError() {
        run(w -> {
            var data = gzip("Hello, World! ".repeat(100));
            coded(w, "/cut", "gzip", Arrays.copyOf(data, data.length - 12));
            coded(w, "/bad", "gzip", ClientWorld.bytes("this is no gzip data"));
            for (var path : new String[] {"/cut", "/bad"}) {
                assertThat(w.failure(w.get(path)))
                        .isInstanceOf(HttpClientException.class)
                        .isNotInstanceOf(HttpStatusException.class)
                        .hasMessageContaining(w.site().url(path));
            }
        });
    }

    @Test
    default void whatExpandsIsLimitedByWhatItExpandsTo() {
        run(w -> {
            coded(w, "/", "gzip", gzip("\0".repeat(4 << 20)));
            assertThat(w.failure(w.get("/").withMaxBodySize(1 << 20)))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining("at most 1048576");
            assertThat(w.fetch(w.get("/").withMaxBodySize(4 << 20)).body()).hasSize(4 << 20);
        });
    }

    private static void coded(ClientWorld w, String path, String coding, byte[] data)
            throws Exception {
        w.site()
                .on(
                        path,
                        exchange ->
                                exchange.respond(
                                        200, Headers.of("Content-Encoding", coding), data));
    }

    static byte[] gzip(String text) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(ClientWorld.bytes(text));
        }
        return out.toByteArray();
    }

    private static byte[] deflate(String text, boolean raw) {
        try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw)) {
            deflater.setInput(ClientWorld.bytes(text));
            deflater.finish();
            var out = new byte[text.length() + 100];
            return Arrays.copyOf(out, deflater.deflate(out));
        }
    }

    // ---- styles ----

    @Test
    default void aCallbackGetsTheResponseOrTheError() {
        run(w -> {
            w.site().on("/", "hello");
            var bodies = new ArrayList<String>();
            w.client().fetch(w.site().url("/"), response -> bodies.add(response.text()));
            w.client()
                    .fetch(
                            w.site().url("/missing"),
                            response -> bodies.add(String.valueOf(response.error())));
            w.client()
                    .fetch(
                            "nonsense",
                            response -> bodies.add(response.code() + " " + response.error()));
            assertThat(bodies).isEmpty(); // never before fetch returns
            w.await(() -> bodies.size() == 3);
            assertThat(bodies).contains("hello");
            assertThat(bodies).anyMatch(text -> text.contains("HTTP 404: Not Found"));
            assertThat(bodies)
                    .anyMatch(text -> text.startsWith("599 ") && text.contains("nonsense"));
        });
    }

    @Test
    default void aFutureCanBeMappedAndAQueueFilled() {
        run(w -> {
            w.site().on("/", "hello");
            var future = w.client().fetch(w.site().url("/")).thenApply(HttpResponse::text);
            assertThat(Async.await(future)).isEqualTo("hello");

            var queue = new Queue<String>();
            for (int i = 0; i < 3; i++) {
                Async.spawn(() -> {
                    queue.put(Async.await(w.client().fetch(w.site().url("/"))).text());
                });
            }
            for (int i = 0; i < 3; i++) {
                assertThat(queue.get()).isEqualTo("hello");
            }
        });
    }
}
