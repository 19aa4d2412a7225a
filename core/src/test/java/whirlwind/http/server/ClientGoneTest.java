package whirlwind.http.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;

class ClientGoneTest {
    private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(TestServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void theHandlersCoroutineIsCancelledWhenItsClientHangsUp() throws Exception {
        var started = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Throwable>();
        var closed = new CompletableFuture<Boolean>();
        try (var server =
                TestServer.start(exchange -> {
                    exchange.onClose(() -> closed.complete(exchange.isFinished()));
                    started.complete(true);
                    try {
                        Async.await(new CompletableFuture<Void>());
                    } catch (CancellationException e) {
                        ended.complete(e);
                        throw e;
                    }
                })) {
            try (var client = server.connect()) {
                client.get("/");
                get(started);
            }
            assertThat(get(ended)).isInstanceOf(CancellationException.class);
            assertThat(get(closed)).isTrue();
            server.await(() -> server.server().connectionCount() == 0);
        }
    }

    @Test
    void aResetCountsAsHangingUp() throws Exception {
        var started = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Boolean>();
        try (var server =
                TestServer.start(exchange -> {
                    started.complete(true);
                    try {
                        Async.await(new CompletableFuture<Void>());
                    } finally {
                        ended.complete(true);
                    }
                })) {
            var client = server.connect();
            client.get("/");
            get(started);
            client.reset();
            get(ended);
        }
    }

    @Test
    void aHandlerMayAskToGoOn() throws Exception {
        var started = new CompletableFuture<Boolean>();
        var closed = new CompletableFuture<Boolean>();
        var outcome = new CompletableFuture<Throwable>();
        try (var server =
                TestServer.start(exchange -> {
                    exchange.keepOnDisconnect();
                    exchange.onClose(() -> closed.complete(true));
                    started.complete(true);
                    Async.await(closed);
                    exchange.start(200, null, new Headers());
                    try {
                        Async.await(exchange.write(HELLO));
                    } catch (UncheckedIOException e) {
                        outcome.complete(e);
                    }
                    exchange.finish();
                })) {
            try (var client = server.connect()) {
                client.get("/");
                get(started);
            }
            assertThat(get(outcome)).hasMessage("the client went away");
        }
    }

    @Test
    void whoRegistersLateIsStillTold() throws Exception {
        var exchanges = new CompletableFuture<HttpExchange>();
        var told = new CompletableFuture<Boolean>();
        try (var server = TestServer.start(exchanges::complete)) {
            try (var client = server.connect()) {
                client.get("/");
                get(exchanges);
            }
            var exchange = get(exchanges);
            server.await(exchange::isFinished);
            server.run(() -> {
                exchange.respond(200, new Headers(), HELLO); // nobody reads it
                exchange.onClose(() -> told.complete(true));
            });
            get(told);
        }
    }

    @Test
    void aClientThatVanishesInItsBodyNeverReachesAHandler() throws Exception {
        var handled = new AtomicInteger();
        try (var server = TestServer.start(_ -> handled.incrementAndGet())) {
            try (var client = server.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
                server.await(() -> server.server().connectionCount() == 1);
            }
            server.await(() -> server.server().connectionCount() == 0);
            assertThat(handled).hasValue(0);
        }
    }

    @Test
    void closeCallbacksDontRunAfterAFinishedResponse() throws Exception {
        var told = new AtomicInteger();
        try (var server =
                TestServer.start(exchange -> {
                    exchange.onClose(told::incrementAndGet);
                    exchange.respond(200, new Headers(), HELLO);
                })) {
            try (var client = server.connect()) {
                client.get("/").readResponse();
            }
            server.await(() -> server.server().connectionCount() == 0);
            assertThat(told).hasValue(0);
        }
    }

    @Test
    void abortDropsTheConnectionAndTellsTheCallbacks() throws Exception {
        var told = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.onClose(() -> told.complete(exchange.isFinished()));
                            exchange.abort();
                            exchange.abort();
                            assertThat(exchange.isFinished()).isTrue();
                        });
                var client = server.connect()) {
            assertThat(client.get("/").isClosedByServer()).isTrue();
            assertThat(get(told)).isTrue();
        }
    }

    @Test
    void whatIsFinishedCantDropTheConnectionThatGoesOn() throws Exception {
        var exchanges = new ArrayList<HttpExchange>();
        try (var server = TestServer.start(exchanges::add);
                var client = server.connect()) {
            client.get("/first");
            server.await(() -> exchanges.size() == 1);
            server.run(() -> exchanges.getFirst().respond(200, new Headers(), HELLO));
            assertThat(client.readResponse().body()).isEqualTo("hello");
            client.get("/second");
            server.await(() -> exchanges.size() == 2);
            server.run(() -> exchanges.getFirst().abort());
            server.run(() -> exchanges.getLast().respond(200, new Headers(), HELLO));
            assertThat(client.readResponse().body()).isEqualTo("hello");
        }
    }

    @Test
    void aSlowClientSlowsItsWriter() throws Exception {
        var writes = new AtomicInteger();
        var ended = new CompletableFuture<Boolean>();
        var chunk = new byte[100_000];
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, Headers.of("Content-Length", "20000000"));
                            for (int i = 0; i < 200; i++) {
                                Async.await(exchange.write(chunk));
                                writes.incrementAndGet();
                            }
                            Async.await(exchange.finish());
                            ended.complete(true);
                        });
                var client = RawClient.connect(server.port(), 4096)) {
            client.get("/");
            assertThat(client.readHead().status()).isEqualTo(200);
            var before = new ArrayList<>(List.of(-1));
            server.await( // until it stands still
                    () -> {
                        boolean stands = writes.get() > 0 && before.getLast() == writes.get();
                        before.add(writes.get());
                        return stands && before.size() > 20;
                    });
            assertThat(writes.get()).isLessThan(200);
            client.read(20_000_000);
            get(ended);
        }
    }

    @Test
    void whoWritesOnWithoutWaitingLosesTheConnection() throws Exception {
        var options = HttpServerOptions.DEFAULTS.withMaxWriteBuffer(1_000_000);
        var outcome = new CompletableFuture<CompletableFuture<Void>>();
        try (var logs = LogCapture.of(ServerConnection.class);
                var server =
                        TestServer.start(
                                exchange -> {
                                    exchange.keepOnDisconnect();
                                    exchange.start(200, null, new Headers());
                                    CompletableFuture<Void> last = null;
                                    for (int i = 0; i < 100; i++) {
                                        last = exchange.write(new byte[100_000]);
                                    }
                                    outcome.complete(last);
                                },
                                options);
                var client = server.connect()) {
            client.get("/");
            var last = get(outcome);
            assertThatThrownBy(() -> get(last)).hasCauseInstanceOf(UncheckedIOException.class);
            assertThat(client.isClosedByServer()).isTrue();
            assertThat(logs.lines()).singleElement().asString().contains("without awaiting");
        }
    }

    @Test
    void aWriterThatIsCancelledDoesNotCancelTheOthers() throws Exception {
        var others = new CompletableFuture<Boolean>();
        try (var server =
                        TestServer.start(exchange -> {
                            exchange.start(200, null, new Headers());
                            exchange.write(new byte[5_000_000]).cancel(true);
                            Async.await(exchange.write(HELLO));
                            others.complete(true);
                            exchange.finish();
                        });
                var client = server.connect()) {
            assertThat(client.get("/").readResponse().body()).hasSize(5_000_005);
            get(others);
        }
    }
}
