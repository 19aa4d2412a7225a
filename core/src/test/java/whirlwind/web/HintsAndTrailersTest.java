package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static whirlwind.web.Verbs.onGet;

import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.Headers;
import whirlwind.loop.Async;

/** What a handler sends before its response, and behind it. */
class HintsAndTrailersTest {
    private static ServedApplication serve(Verbs.Body get) {
        return ServedApplication.of(new Application().route("/", onGet(get)));
    }

    private static String raw(ServedApplication app) throws Exception {
        return app.raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }

    @Test
    void earlyHintsGoOutWhileThePageIsBeingMade() throws Exception {
        var goOn = new CompletableFuture<String>();
        try (var app =
                        serve(h -> {
                            h.inform(103, Headers.of("Link", "</a.css>; rel=preload; as=style"));
                            Async.await(goOn);
                            h.write("page");
                        });
                var socket = new Socket("127.0.0.1", app.port())) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                                    .getBytes(UTF_8));
            var hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n";
            assertThat(new String(socket.getInputStream().readNBytes(hints.length()), UTF_8))
                    .isEqualTo(hints);
            goOn.complete("");
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("\r\n\r\npage");
        }
    }

    @Test
    void hintsBehindTheHeadOrOfNoInterimStatusAreAMistake() throws Exception {
        try (var app =
                serve(h -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> h.inform(200, new Headers()))
                            .withMessage("status: 200 (expected 102 to 199)");
                    Async.await(h.flush());
                    assertThatIllegalStateException()
                            .isThrownBy(() -> h.inform(103, new Headers()))
                            .withMessage("can't inform: the headers have been sent");
                    h.write("fine");
                })) {
            assertThat(raw(app)).contains("fine");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trailersComeBehindTheBody(boolean flushed) throws Exception {
        try (var app =
                serve(h -> {
                    h.write("hello");
                    if (flushed) {
                        Async.await(h.flush());
                    }
                    h.addTrailer("X-Sum", "6");
                    h.addTrailer("X-Sum", "7");
                })) {
            assertThat(raw(app))
                    .contains("Transfer-Encoding: chunked\r\n")
                    .doesNotContain("Content-Length")
                    .endsWith("\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 6\r\nX-Sum: 7\r\n\r\n");
            assertThat(app.raw("GET / HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\nhello");
            assertThat(app.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void aLargeBodyHasTrailersTooAndAnErrorPageHasNone() throws Exception {
        var large = "x".repeat(100_000);
        try (var app =
                serve(h -> {
                    h.addTrailer("X-Done", "yes");
                    h.write(large);
                    if (h.getQueryArgument("fail", null) != null) {
                        throw new HttpError(409);
                    }
                })) {
            assertThat(raw(app)).endsWith("xxx\r\n0\r\nX-Done: yes\r\n\r\n");
            assertThat(app.get("/").body()).isEqualTo(large);
            assertThat(app.raw("GET /?fail= HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .contains("Content-Length: ")
                    .doesNotContain("X-Done");
        }
    }

    @Test
    void aResponseThatTheClientHasNeedsNoTrailers() throws Exception {
        try (var app =
                serve(h -> {
                    h.write("hello");
                    h.addTrailer("X-Sum", "6");
                })) {
            var tag = app.get("/").headers().firstValue("Etag").orElseThrow();
            assertThat(app.get("/", "If-None-Match", tag).statusCode()).isEqualTo(304);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "content-type", "Set-Cookie", "Trailer", "a b"})
    void whatBelongsIntoTheHeadOrIsNoNameIsNoTrailer(String name) throws Exception {
        try (var app =
                serve(h -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> h.addTrailer(name, "1"))
                            .withMessageContaining(name);
                    h.write("fine");
                })) {
            assertThat(app.get("/").body()).isEqualTo("fine");
        }
    }
}
