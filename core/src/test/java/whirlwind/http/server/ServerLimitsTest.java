package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;
import whirlwind.testing.VirtualTime;

class ServerLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(60);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private static void hello(HttpExchange exchange) {
        exchange.respond(200, new Headers(), HELLO);
    }

    @Test
    void aConnectionOnWhichNothingComesIsClosedSilently() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withHeaderTimeout(SHORT);
        try (var server = TestServer.start(ServerLimitsTest::hello, options);
                var client = server.connect()) {
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aHeadThatTakesTooLongGets408() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withHeaderTimeout(SHORT);
        var time = new VirtualTime();
        try (var server = TestServer.start(ServerLimitsTest::hello, options, time);
                var client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost:");
            server.await(() -> server.server().connectionCount() == 1);
            server.run(() -> time.advance(SHORT.multipliedBy(2)));
            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aBodyThatTakesTooLongGets408() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withBodyTimeout(SHORT);
        try (var server = TestServer.start(ServerLimitsTest::hello, options);
                var client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosedSilently() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withIdleTimeout(SHORT).withHeaderTimeout(LONG);
        try (var server = TestServer.start(ServerLimitsTest::hello, options);
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).isEqualTo("hello");
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void aRequestThatIsHandledHasNoTimeout() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withIdleTimeout(SHORT).withHeaderTimeout(SHORT);
        var begun = new CompletableFuture<Boolean>();
        var time = new VirtualTime();
        try (var server =
                        TestServer.start(
                                exchange -> {
                                    begun.complete(true);
                                    Async.sleep(LONG);
                                    hello(exchange);
                                },
                                options,
                                time);
                var client = server.connect()) {
            client.get("/");
            assertThat(begun.get(10, TimeUnit.SECONDS)).isTrue();
            server.run(() -> time.advance(LONG));
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void connectionsBeyondTheLimitWaitForOthersToClose() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withMaxConnections(2);
        try (var logs = LogCapture.of(ServerConnection.class);
                var server = TestServer.start(ServerLimitsTest::hello, options);
                var first = server.connect();
                var second = server.connect()) {
            assertThat(first.get("/").readResponse().body()).isEqualTo("hello");
            assertThat(second.get("/").readResponse().body()).isEqualTo("hello");
            try (var third = server.connect()) {
                third.get("/");
                server.run(Async::moment);
                assertThat(server.call(server.server()::connectionCount)).isEqualTo(2);
                first.close();
                assertThat(third.readResponse().body()).isEqualTo("hello");
                assertThat(logs.lines()).first().asString().contains("2 connections are open");
            }
        }
    }

    @Test
    void drainingClosesIdleConnectionsAndLetsRequestsFinish() throws Exception {
        var started = new CompletableFuture<Boolean>();
        var release = new CompletableFuture<Void>();
        var drained = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            if (exchange.request().path().equals("/slow")) {
                                started.complete(true);
                                Async.await(release);
                            }
                            hello(exchange);
                        });
                var idle = server.connect();
                var busy = server.connect()) {
            idle.get("/").readResponse();
            busy.get("/slow");
            started.get(10, TimeUnit.SECONDS);
            int port = server.port();
            server.loop()
                    .spawnCallback(() -> {
                        server.server().drain(LONG);
                        drained.complete(true);
                    });
            assertThat(idle.isClosedByServer()).isTrue();
            assertThatThrownBy(() -> RawClient.connect(port));
            assertThat(drained).isNotDone();
            release.complete(null);
            var response = busy.readResponse();
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.header("Connection")).isEqualTo("close");
            assertThat(busy.isClosedByServer()).isTrue();
            assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void drainingDropsWhatIsLeftAtTheDeadline() throws Exception {
        var begun = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            begun.complete(true);
                            try {
                                Async.await(new CompletableFuture<Void>());
                            } finally {
                                ended.complete(true);
                            }
                        });
                var client = server.connect()) {
            client.get("/");
            assertThat(begun.get(10, TimeUnit.SECONDS)).isTrue();
            server.run(() -> server.server().drain(SHORT));
            assertThat(ended.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(server.call(server.server()::connectionCount)).isZero();
        }
    }

    @Test
    void drainingAnIdleServerTakesNoTime() throws Exception {
        try (var server = TestServer.start(ServerLimitsTest::hello)) {
            server.run(() -> server.server().drain(LONG));
        }
    }
}
