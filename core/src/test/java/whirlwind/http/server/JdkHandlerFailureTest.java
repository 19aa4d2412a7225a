package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.http.server.JdkHandlers.MEBIBYTE;
import static whirlwind.http.server.JdkHandlers.answer;
import static whirlwind.http.server.JdkHandlers.bytes;
import static whirlwind.http.server.JdkHandlers.post;
import static whirlwind.http.server.JdkHandlers.serve;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.jdk.JdkHandler;
import whirlwind.testing.LogCapture;

/** What becomes of an exchange when a handler of the JDK's, its client or its executor fails. */
class JdkHandlerFailureTest {
    @Test
    void theLimitsOfTheServerHold() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withMaxBodySize(10);
        try (var server =
                        TestServer.start(
                                new JdkHandler(exchange -> {
                                    exchange.getRequestBody().readAllBytes();
                                    answer(exchange, "read");
                                }),
                                options);
                var honest = server.connect();
                var chunked = server.connect()) {
            assertThat(post(honest, "x".repeat(11)).readResponse().status()).isEqualTo(413);
            chunked.send(
                    "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "6\r\nabcdef\r\n6\r\nabcdef\r\n");
            assertThat(chunked.readResponse().status()).isEqualTo(413);
        }
    }

    @Test
    void aFailureBeforeTheHeadersIsAnsweredWith500AndLogged() throws Exception {
        try (var log = LogCapture.of(HttpServer.class);
                var server =
                        serve(exchange -> {
                            throw new IOException("what went wrong");
                        });
                var client = server.connect()) {
            var response = client.get("/").readResponse();
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.body()).doesNotContain("wrong");
            assertThat(log.failures())
                    .singleElement()
                    .satisfies(failure ->
                            assertThat(failure).hasStackTraceContaining("what went wrong"));
        }
    }

    @Test
    void aFailureAfterTheHeadersDropsTheConnection() throws Exception {
        try (var log = LogCapture.of(HttpServer.class);
                var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write(bytes("part"));
                            exchange.getResponseBody().flush();
                            throw new IllegalStateException("too late");
                        });
                var client = server.connect().get("/")) {
            assertThatThrownBy(client::readResponse).isInstanceOf(EOFException.class);
            server.await(() -> !log.failures().isEmpty());
            assertThat(log.failures().getFirst()).hasMessage("too late");
        }
    }

    @Test
    void aHandlerThatSendsNoHeadersIsAnError() throws Exception {
        try (var log = LogCapture.of(HttpServer.class);
                var server = serve(exchange -> {});
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().status()).isEqualTo(500);
            assertThat(log.failures().getFirst())
                    .hasMessage("the handler has returned without sending headers");
        }
    }

    @Test
    void aHandlerThatClosesWithoutHeadersDropsTheConnection() throws Exception {
        try (var server = serve(com.sun.net.httpserver.HttpExchange::close);
                var client = server.connect().get("/")) {
            assertThat(client.read()).isEqualTo(-1);
        }
    }

    @Test
    void lengthsAreKept() throws Exception {
        var failures = new ArrayList<String>();
        try (var log = LogCapture.of(HttpServer.class);
                var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, 4);
                            try {
                                exchange.sendResponseHeaders(200, 5);
                            } catch (IOException e) {
                                failures.add(e.getMessage());
                            }
                            var body = exchange.getResponseBody();
                            if (exchange.getRequestURI().getPath().equals("/more")) {
                                body.write(bytes("four"));
                                body.write('!');
                                body.flush();
                            } else {
                                body.write(bytes("3"));
                            }
                        })) {
            for (var path : List.of("/more", "/less")) {
                try (var client = server.connect().get(path)) {
                    assertThatThrownBy(() -> readTwo(client)).isInstanceOf(EOFException.class);
                }
            }
            server.await(() -> log.failures().size() == 2);
            assertThat(log.failures().getFirst())
                    .hasStackTraceContaining("too many bytes: 5, and 4 are missing");
            assertThat(log.failures().getLast())
                    .hasStackTraceContaining("too few bytes: 3 are missing");
            assertThat(failures).hasSize(2).containsOnly("the headers have been sent");
        }
    }

    private static void readTwo(RawClient client) throws IOException {
        client.readResponse();
        client.readLine();
    }

    @Test
    void aResponseThatIsNotWholeIsDroppedAlsoIfTheHandlerMindsNot() throws Exception {
        try (var log = LogCapture.of(HttpServer.class);
                var server =
                        serve(exchange -> {
                            exchange.sendResponseHeaders(200, 4);
                            exchange.close();
                        });
                var client = server.connect().get("/")) {
            assertThatThrownBy(client::readResponse).isInstanceOf(EOFException.class);
            server.await(() -> !log.failures().isEmpty());
            assertThat(log.failures().getFirst())
                    .hasMessage("the handler has returned within a response");
        }
    }

    @Test
    void theClientsGoingAwayInterruptsTheHandler() throws Exception {
        var begun = new CountDownLatch(1);
        var outcome = new CompletableFuture<Throwable>();
        try (var server =
                serve(exchange -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
                        outcome.complete(new AssertionError("nobody interrupted"));
                    } catch (InterruptedException e) {
                        outcome.complete(e);
                    }
                })) {
            var client = server.connect().get("/");
            begun.await();
            client.close();
            assertThat(outcome.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void writingToAClientThatWentAwayFails() throws Exception {
        var outcome = new CompletableFuture<Throwable>();
        try (var server =
                serve(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        while (true) {
                            exchange.getResponseBody().write(new byte[MEBIBYTE]);
                        }
                    } catch (IOException e) {
                        outcome.complete(e);
                        throw e;
                    }
                })) {
            var client = server.connect().get("/");
            client.readLine();
            client.close();
            assertThat(outcome.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void withoutAFreeThreadRequestsGet503() throws Exception {
        try (var log = LogCapture.of(JdkHandler.class);
                var server =
                        TestServer.start(
                                new JdkHandler(
                                        "/",
                                        exchange -> answer(exchange, "never"),
                                        task -> {
                                            throw new RejectedExecutionException("full");
                                        }));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().status()).isEqualTo(503);
            assertThat(log.lines())
                    .containsExactly("WARN GET / HTTP/1.1 gets 503: no thread is free");
        }
    }

    @Test
    void anExecutorThatIsTheLoopItselfIsAnError() throws Exception {
        try (var log = LogCapture.of(HttpServer.class);
                var server =
                        TestServer.start(
                                new JdkHandler(
                                        "/",
                                        exchange -> answer(exchange, "never"),
                                        Runnable::run));
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().status()).isEqualTo(500);
            assertThat(log.failures().getFirst()).hasMessageContaining("on another thread");
        }
    }
}
