package whirlwind.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.web.Verbs.onGet;

import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

/** Request handlers that take the bare connection. */
class DetachedHandlerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void aHandlerMayAnswerInItsOwnWords() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                onGet(h -> {
                                    h.setHeader("X-Lost", "headers are HTTP's");
                                    try (var stream = h.detach()) {
                                        assertThat(h.isFinished()).isTrue();
                                        var reply = "HTTP/1.0 200 OK\r\n\r\nbare";
                                        Async.await(stream.write(reply.getBytes(ISO_8859_1)));
                                    }
                                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.raw(REQUEST)).isEqualTo("HTTP/1.0 200 OK\r\n\r\nbare");
        }
    }

    @Test
    void whatFailsAfterwardsIsLoggedAndAddsNothing() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                onGet(h -> {
                                    try (var stream = h.detach()) {
                                        Async.await(stream.write("bare".getBytes(ISO_8859_1)));
                                        throw new IllegalStateException("a bug");
                                    }
                                }));
        try (var log = LogCapture.of(RequestHandler.class);
                var app = ServedApplication.of(application)) {
            assertThat(app.raw(REQUEST)).isEqualTo("bare");
            app.onLoop(() -> true); // the handler's turn is over by then
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Uncaught exception GET /");
        }
    }

    @Test
    void whatHasBeenSentIsInTheWay() throws Exception {
        var application =
                new Application()
                        .route(
                                "/",
                                onGet(h -> {
                                    h.write("first");
                                    Async.await(h.flush());
                                    try {
                                        h.detach();
                                    } catch (IllegalStateException e) {
                                        h.write(", then: " + e.getMessage());
                                    }
                                }));
        try (var app = ServedApplication.of(application)) {
            assertThat(app.get("/").body()).startsWith("first, then: ").contains("detach");
        }
    }
}
