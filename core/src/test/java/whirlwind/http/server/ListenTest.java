package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.loop.IOLoop;
import whirlwind.net.AddressInUseException;

class ListenTest {
    private static final HttpHandler EMPTY =
            exchange -> exchange.respond(200, new Headers(), new byte[0]);

    @Test
    void aServerListensBeforeItsLoopRuns() {
        try (var loop = new IOLoop();
                var server = new HttpServer(EMPTY)) {
            server.listen("127.0.0.1", 0);
            try (var client = RawClient.connect(server.port())) {
                client.get("/");
                assertThat(server.port()).isPositive();
            }
            assertThat(loop.isCurrent()).isFalse();
        }
    }

    @Test
    void aServerListensFromACoroutine() {
        try (var loop = new IOLoop()) {
            int port =
                    loop.runSync(() -> {
                        var server = new HttpServer(EMPTY);
                        server.listen("127.0.0.1", 0);
                        server.close();
                        server.listen("127.0.0.1", 0);
                        return server.port();
                    });
            assertThat(port).isPositive();
        }
    }

    @Test
    void aServerListensFromACallback() throws Exception {
        try (var running = TestServer.start(EMPTY)) {
            var port = new CompletableFuture<Integer>();
            running.loop()
                    .addCallback(() -> {
                        var server = new HttpServer(EMPTY);
                        server.listen("127.0.0.1", 0);
                        port.complete(server.port());
                    });
            try (var client = RawClient.connect(port.get(10, TimeUnit.SECONDS))) {
                assertThat(client.get("/").readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aServerListensOnSeveralAddresses() throws Exception {
        try (var running = TestServer.start(EMPTY)) {
            int other =
                    running.call(() -> {
                        var second = new HttpServer(EMPTY);
                        second.listen("127.0.0.1", 0);
                        int port = second.port();
                        second.close();
                        running.server().listen("127.0.0.1", port);
                        return port;
                    });
            for (int port : new int[] {running.port(), other}) {
                try (var client = RawClient.connect(port)) {
                    assertThat(client.get("/").readResponse().status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aServerOnAllAddressesIsReachedOverBothFamilies() throws Exception {
        try (var running = TestServer.start(EMPTY)) {
            int port =
                    running.call(() -> {
                        var server = new HttpServer(EMPTY);
                        server.listen(0);
                        return server.port();
                    });
            try (var client = RawClient.connect(port)) {
                assertThat(client.get("/").readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aPortInUseIsSaidInOneSentence() throws Exception {
        try (var running = TestServer.start(EMPTY)) {
            int port = running.port();
            assertThatThrownBy(() ->
                            running.run(() -> new HttpServer(EMPTY).listen("127.0.0.1", port)))
                    .rootCause()
                    .isInstanceOf(java.net.BindException.class);
            try (var loop = new IOLoop()) {
                var server = new HttpServer(EMPTY);
                assertThatThrownBy(() -> server.listen("127.0.0.1", port))
                        .isInstanceOf(AddressInUseException.class)
                        .hasMessage(
                                "port "
                                        + port
                                        + " is in use on this machine: stop the program that has it,"
                                        + " or choose another port");
                assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
                assertThat(loop.isCurrent()).isFalse();
            }
        }
    }

    @Test
    void anUnknownHostIsRefused() {
        try (var loop = new IOLoop()) {
            var server = new HttpServer(EMPTY);
            assertThatThrownBy(() -> server.listen("no-such-host.invalid", 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> server.listen("192.0.2.1", 0))
                    .isInstanceOf(java.io.UncheckedIOException.class)
                    .isNotInstanceOf(AddressInUseException.class);
            assertThat(loop.isCurrent()).isFalse();
        }
    }

    @Test
    void severalLoopsShareAPortIfTheyAskTo() throws Exception {
        var shared = HttpServerOptions.DEFAULTS.withReusePort(true);
        try (var first = TestServer.start(EMPTY)) {
            first.run(() -> {
                var one = new HttpServer(EMPTY, shared);
                one.listen("127.0.0.1", 0);
                var other = new HttpServer(EMPTY, shared);
                other.listen("127.0.0.1", one.port());
                assertThat(other.port()).isEqualTo(one.port());
            });
        }
    }

    @Test
    void stoppingLeavesOpenConnectionsAlone() throws Exception {
        try (var running = TestServer.start(EMPTY);
                var client = running.connect()) {
            client.get("/").readResponse();
            int port = running.port();
            running.run(running.server()::stop);
            assertThat(client.get("/").readResponse().status()).isEqualTo(200);
            assertThatThrownBy(() -> RawClient.connect(port));
        }
    }

    @Test
    void closingTwiceOrAfterTheLoopIsHarmless() {
        HttpServer server;
        try (var loop = new IOLoop()) {
            server = new HttpServer(EMPTY);
            server.listen("127.0.0.1", 0);
            server.close();
            server.close();
            assertThat(loop.isCurrent()).isFalse();
        }
        server.close();
    }
}
