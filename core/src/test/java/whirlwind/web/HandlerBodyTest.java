package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;

import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.loop.Async;
import whirlwind.loop.AsyncTimeoutException;

/** What handlers write, and what becomes of it on its way to the client. */
class HandlerBodyTest {
    record Person(String name, int age) {}

    @Test
    void whatIsWrittenIsTheBodyAndItsLengthIsKnown() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.write("Hello, ");
                            h.write("wörld");
                        }))) {
            var response = app.get("/");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("Hello, wörld");
            assertThat(response.headers().firstValue("Content-Length")).contains("13");
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("text/html; charset=UTF-8");
            assertThat(response.headers().firstValue("Date")).isPresent();
        }
    }

    @Test
    void recordsAreWrittenAsJson() throws Exception {
        try (var app = ServedApplication.of(onGet(h -> h.writeJson(new Person("Ada", 36))))) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("{\"name\":\"Ada\",\"age\":36}");
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("application/json; charset=UTF-8");
        }
    }

    private static void writeInPieces(RequestHandler handler) {
        handler.write("one ");
        Async.await(handler.flush());
        handler.write("two");
    }

    @Test
    void flushedPiecesAreSentInChunksWithoutLengthOrEtag() throws Exception {
        try (var app = ServedApplication.of(onGet(HandlerBodyTest::writeInPieces))) {
            var response = app.get("/");
            assertThat(response.body()).isEqualTo("one two");
            assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
            assertThat(response.headers().firstValue("Content-Length")).isEmpty();
            assertThat(response.headers().firstValue("Etag")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aBodyWhereNoneMayBeIsAFailure(int status) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setStatus(status);
                            h.write("something");
                        }))) {
            assertThat(app.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void afterTheEndNothingMoreCanBeSaid() throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            var taken = h.finish("all");
                            assertThat(taken).isCompleted();
                            assertThat(h.isFinished()).isTrue();
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> h.write("more"))
                                    .withMessageStartingWith(
                                            "can't write: the response is finished");
                            assertThatIllegalStateException().isThrownBy(h::flush);
                            assertThatIllegalStateException().isThrownBy(h::finish);
                            assertThatIllegalStateException()
                                    .isThrownBy(() -> h.setHeader("A", "b"));
                        }))) {
            assertThat(app.get("/").body()).isEqualTo("all");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void aWrongContentLengthBreaksTheConnection(int length) throws Exception {
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            h.setHeader("Content-Length", length);
                            h.write("12345");
                        }))) {
            assertThat(app.rawGet("/")).doesNotContain("12345");
        }
    }

    @Test
    void aStreamedResponseToAnOldClientEndsWithTheConnection() throws Exception {
        try (var app = ServedApplication.of(onGet(HandlerBodyTest::writeInPieces))) {
            assertThat(app.raw("GET / HTTP/1.0\r\n\r\n"))
                    .endsWith("\r\n\r\none two")
                    .doesNotContain("Transfer-Encoding", "Content-Length");
        }
    }

    @Test
    void aSlowReaderHoldsUpWhoWaitsForFlush() throws Exception {
        int pieces = 64; // of 1 MiB: more than the kernel keeps for anybody
        var heldUp = new CompletableFuture<Integer>();
        try (var app =
                ServedApplication.of(
                        onGet(h -> {
                            for (int i = 0; i < pieces; i++) {
                                h.write(new byte[1 << 20]);
                                var taken = h.flush();
                                try {
                                    Async.await(
                                            Async.withTimeout(
                                                    Duration.ofMillis(100), Async.shield(taken)));
                                } catch (AsyncTimeoutException e) {
                                    heldUp.complete(i);
                                    Async.await(taken);
                                }
                            }
                        }))) {
            try (var socket = new Socket("127.0.0.1", app.port())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\nHost: x\r\n\r\n".getBytes(UTF_8));
                assertThat(heldUp.get()).isLessThan(pieces - 1);
                assertThat(socket.getInputStream().readAllBytes()).hasSizeGreaterThan(pieces << 20);
            }
        }
    }
}
