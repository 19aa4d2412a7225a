package whirlwind.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;

class TimeLimitTest {
    private static final ApplicationSettings SHORT =
            ApplicationSettings.DEFAULTS.withTimeLimit(Duration.ofMillis(20));

    /** A handler that waits for ever, or until it is cancelled. */
    private static class Waiting extends RequestHandler {
        static final CompletableFuture<?> NEVER = new CompletableFuture<>();

        @Override
        protected void get() throws Exception {
            Async.await(Async.shield(NEVER));
        }
    }

    @Test
    void aHandlerThatTakesTooLongIsCancelledAndAnsweredWith503() throws Exception {
        var ended = new CompletableFuture<Boolean>();
        var app =
                new Application(SHORT)
                        .route(
                                "/",
                                () ->
                                        new Waiting() {
                                            @Override
                                            protected void get() throws Exception {
                                                try {
                                                    super.get();
                                                } finally {
                                                    ended.complete(true);
                                                }
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            var response = served.get("/");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("503: Service Unavailable");
            assertThat(ended.get()).isTrue();
            assertThat(served.onLoop(() -> served.loop().tasks().size())).isEqualTo(1);
        }
    }

    @Test
    void aPartThatWasSentIsCutOff() throws Exception {
        var time = Duration.ofSeconds(1); // enough for the part, on a busy machine too
        var app =
                new Application(ApplicationSettings.DEFAULTS.withTimeLimit(time))
                        .route(
                                "/",
                                () ->
                                        new Waiting() {
                                            @Override
                                            protected void get() throws Exception {
                                                write("part");
                                                Async.await(flush());
                                                super.get();
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .contains("part")
                    .doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void aHandlerChoosesItsOwnLimit() throws Exception {
        var app =
                new Application(SHORT)
                        .route(
                                "/patient",
                                () ->
                                        new RequestHandler() {
                                            @Override
                                            protected Duration timeLimit() {
                                                return Duration.ZERO;
                                            }

                                            @Override
                                            protected void get() {
                                                Async.sleep(Duration.ofMillis(60));
                                                write("done");
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/patient").body()).isEqualTo("done");
        }
        var strict =
                new Application()
                        .route(
                                "/strict",
                                () ->
                                        new Waiting() {
                                            @Override
                                            protected Duration timeLimit() {
                                                return Duration.ofMillis(20);
                                            }
                                        });
        try (var served = ServedApplication.of(strict)) {
            assertThat(served.get("/strict").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aTimeoutOfTheHandlersOwnIsAFailureAsAnyOther() throws Exception {
        var app =
                new Application(ApplicationSettings.DEFAULTS.withTimeLimit(Duration.ofMinutes(1)))
                        .route(
                                "/",
                                () ->
                                        new Waiting() {
                                            @Override
                                            protected void get() throws Exception {
                                                Async.withTimeout(Duration.ofMillis(5), super::get);
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void theErrorPageMayWaitWhenTheTimeIsOver() throws Exception {
        var app =
                new Application(SHORT)
                        .route(
                                "/",
                                () ->
                                        new Waiting() {
                                            @Override
                                            protected void writeError(int status, Throwable why) {
                                                Async.sleep(Duration.ofMillis(1));
                                                write("sorry, " + status);
                                            }
                                        });
        try (var served = ServedApplication.of(app)) {
            assertThat(served.get("/").body()).isEqualTo("sorry, 503");
        }
    }
}
