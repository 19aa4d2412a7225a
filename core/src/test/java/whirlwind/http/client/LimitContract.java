package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.testing.OpenDescriptors;

/** Times, numbers and sizes; connections; and ends that come early. */
public interface LimitContract extends ClientContract {

    // ---- times ----

    @Test
    default void aServerThatDoesNotAnswerTimesOut() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.awaitClose();
                    });
            assertThat(w.failure(server.get().withRequestTimeout(Duration.ofSeconds(1))))
                    .isInstanceOfSatisfying(
                            HttpTimeoutException.class,
                            e -> {
                                assertThat(e.stage()).isEqualTo(Stage.REQUEST);
                                assertThat(e.code()).isEqualTo(599);
                                assertThat(e)
                                        .hasMessageStartingWith("Timeout during request")
                                        .hasMessageContaining(server.url("/"));
                            });
            w.await(() -> server.closedByClients() == 1);
        });
    }

    @Test
    default void waitingForASlotTimesOut() {
        run(w -> {
            var server = w.scripted(peer -> peer.awaitClose());
            var client = w.client(w.options().withMaxClients(1));
            var first = client.fetch(server.get());
            assertThat(w.failure(client, server.get().withConnectTimeout(Duration.ofMillis(100))))
                    .isInstanceOfSatisfying(
                            HttpTimeoutException.class,
                            e -> {
                                assertThat(e.stage()).isEqualTo(Stage.QUEUE);
                                assertThat(e).hasMessageStartingWith("Timeout in request queue");
                            });
            assertThat(client.queueLength()).isZero();
            first.cancel(true);
        });
    }

    @Test
    default void zeroMeansNoTimeout() {
        run(w -> {
            w.site().on("/", "hello");
            var request =
                    w.get("/").withConnectTimeout(Duration.ZERO).withRequestTimeout(Duration.ZERO);
            assertThat(w.fetch(request).text()).isEqualTo("hello");
            assertThat(w.failure(w.get("/").withRequestTimeout(Duration.ofMillis(-1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("requestTimeout");
        });
    }

    // ---- numbers ----

    @Test
    default void moreThanMaxClientsWaitTheirTurn() {
        run(w -> {
            var release = new CompletableFuture<Void>();
            w.site()
                    .on(
                            "/",
                            exchange -> {
                                Async.await(Async.shield(release));
                                exchange.respond(200, new Headers(), new byte[0]);
                            });
            var client = w.client(w.options().withMaxClients(2));
            var fetches = new ArrayList<CompletableFuture<HttpResponse>>();
            for (int i = 0; i < 4; i++) {
                fetches.add(client.fetch(w.get("/")));
            }
            assertThat(client.queueLength()).isEqualTo(2);
            w.await(() -> requests(w) == 2);
            release.complete(null);
            Async.await(fetches);
            assertThat(client.queueLength()).isZero();
            assertThat(requests(w)).isEqualTo(4);
        });
    }

    private static int requests(ClientWorld w) {
        try {
            return w.site().requests().size();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void configuredOptionsHoldForClientsMadeWithoutAny() {
        run(w -> {
            assertThat(w.closing(new AsyncHttpClient()).options().maxClients()).isEqualTo(10);
            AsyncHttpClient.configure(w.options().withMaxClients(11));
            try {
                assertThat(w.closing(new AsyncHttpClient()).options().maxClients()).isEqualTo(11);
                var shared = AsyncHttpClient.current();
                assertThat(shared.options().maxClients()).isEqualTo(11);
                assertThat(AsyncHttpClient.current()).isSameAs(shared);
                assertThat(
                                w.client(AsyncHttpClient.configured().withMaxClients(12))
                                        .options()
                                        .maxClients())
                        .isEqualTo(12);
                shared.close();
                shared.close();
                assertThat(AsyncHttpClient.current()).isNotSameAs(shared);
                assertThatThrownBy(() -> shared.fetch("http://127.0.0.1/"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed");
            } finally {
                AsyncHttpClient.configure(ClientOptions.DEFAULTS);
            }
        });
    }

    // ---- sizes ----

    @Test
    default void aBodyBeyondTheLimitIsAnError() {
        run(w -> {
            w.site()
                    .on(
                            "/64k",
                            exchange -> exchange.respond(200, new Headers(), new byte[64 << 10]));
            w.site()
                    .on(
                            "/100k",
                            exchange -> exchange.respond(200, new Headers(), new byte[100 << 10]));
            w.site()
                    .on(
                            "/chunked",
                            exchange -> {
                                exchange.start(200, null, new Headers());
                                exchange.write(new byte[100 << 10]);
                                exchange.finish();
                            });
            assertThat(w.fetch(w.get("/64k").withMaxBodySize(64 << 10)).body()).hasSize(64 << 10);
            for (var path : new String[] {"/100k", "/chunked"}) {
                assertThat(w.failure(w.get(path).withMaxBodySize(64 << 10)))
                        .isInstanceOf(HttpProtocolException.class)
                        .hasMessageContaining(w.site().url(path))
                        .hasMessageContaining("at most 65536");
                assertThat(
                                w.failure(
                                        w.get(path)
                                                .withMaxBodySize(64 << 10)
                                                .withStreamingCallback(c -> {})))
                        .isInstanceOf(HttpProtocolException.class);
            }
        });
    }

    @Test
    default void noLimitLetsABodyBecomeLongerThanAnArray() {
        run(w -> {
            var server =
                    w.answeringAndHolding("HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n");
            assertThat(w.failure(server.get().withMaxBodySize(Long.MAX_VALUE)))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining("3000000000 bytes of body announced")
                    .hasMessageContaining("streamed");
        });
    }

    @Test
    default void aHeadBeyondTheLimitIsAnError() {
        run(w -> {
            w.site()
                    .on(
                            "/100",
                            exchange ->
                                    exchange.respond(
                                            200, Headers.of("X", "a".repeat(100)), new byte[0]));
            w.site()
                    .on(
                            "/1000",
                            exchange ->
                                    exchange.respond(
                                            200, Headers.of("X", "a".repeat(1000)), new byte[0]));
            var client =
                    w.client(
                            w.options()
                                    .withConnections(
                                            ConnectionOptions.DEFAULTS.withMaxHeaderSize(1024)));
            assertThat(Async.await(client.fetch(w.get("/100"))).code()).isEqualTo(200);
            assertThat(w.failure(client, w.get("/1000"))).isInstanceOf(HttpProtocolException.class);
        });
    }

    // ---- connections ----

    @Test
    default void aConnectionIsKeptForTheNextRequest() {
        run(w -> {
            w.site().on("/", "hello");
            for (int i = 0; i < 3; i++) {
                w.fetch(w.get("/"));
            }
            assertThat(w.site().server().connectionCount()).isEqualTo(1);
        });
    }

    @Test
    default void aConnectionIsClosedIfTheClientOrTheServerWantsIt() {
        run(w -> {
            w.site().on("/", "hello");
            w.site()
                    .on(
                            "/close",
                            exchange ->
                                    exchange.respond(
                                            200,
                                            Headers.of("Connection", "close"),
                                            ClientWorld.bytes("bye")));
            var client =
                    w.client(
                            w.options()
                                    .withConnections(
                                            ConnectionOptions.DEFAULTS.withIdleTimeout(
                                                    Duration.ZERO)));
            assertThat(Async.await(client.fetch(w.get("/"))).text()).isEqualTo("hello");
            w.await(() -> connections(w) == 0);
            assertThat(w.fetch(w.get("/close")).text()).isEqualTo("bye");
            w.await(() -> connections(w) == 0);
            assertThat(w.fetch(w.get("/")).text()).isEqualTo("hello");
        });
    }

    private static int connections(ClientWorld w) {
        try {
            return w.site().server().connectionCount();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void anIdleConnectionIsClosedAfterItsTime() {
        run(w -> {
            w.site().on("/", "hello");
            var client =
                    w.client(
                            w.options()
                                    .withConnections(
                                            ConnectionOptions.DEFAULTS.withIdleTimeout(
                                                    Duration.ofMillis(50))));
            Async.await(client.fetch(w.get("/")));
            w.await(() -> connections(w) == 0);
        });
    }

    @Test
    default void aKeptConnectionThatTurnsOutClosedIsReplacedWhereThatDoesNoHarm() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        if (peer.number() == 1) {
                            peer.readHead(); // and hangs up instead of answering
                        } else {
                            peer.awaitClose();
                        }
                    });
            assertThat(w.fetch(server.get()).text()).isEqualTo("ok");
            assertThat(w.fetch(server.get()).text()).isEqualTo("ok");
            assertThat(server.connections()).isEqualTo(2);
        });
    }

    @Test
    default void theConnectionThatReplacesAClosedOneIsKeptAndClosedWithTheClient() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        while (true) {
                            peer.readHead();
                            if (peer.number() == 1) {
                                return; // instead of answering
                            }
                            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        }
                    });
            for (int i = 0; i < 4; i++) {
                assertThat(w.fetch(server.get()).text()).isEqualTo("ok");
            }
            assertThat(server.connections()).isEqualTo(2);
            w.client().close();
            w.await(() -> server.open() == 0);
        });
    }

    // ---- early ends ----

    @Test
    default void cancellingAFetchClosesItsConnection() {
        run(w -> {
            var server = w.answeringAndHolding("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
            var fetched = w.client().fetch(server.get());
            w.await(() -> server.heads().size() == 1);
            fetched.cancel(true);
            w.await(() -> server.closedByClients() == 1);

            var task = Async.spawn(() -> Async.await(w.client().fetch(server.get())));
            w.await(() -> server.heads().size() == 2);
            task.cancel(true);
            w.await(() -> server.closedByClients() == 2);
        });
    }

    @Test
    default void cancellingAFetchThatWaitsFreesItsPlace() {
        run(w -> {
            w.site().on("/", "hello");
            var server = w.scripted(peer -> peer.awaitClose());
            var client = w.client(w.options().withMaxClients(1));
            var first = client.fetch(server.get());
            var second = client.fetch(server.get());
            var third = client.fetch(w.get("/"));
            second.cancel(true);
            assertThat(client.queueLength()).isEqualTo(1);
            first.cancel(true);
            assertThat(Async.await(third).text()).isEqualTo("hello");
        });
    }

    @Test
    default void closingTheClientFailsWhatIsUnderWay() {
        run(w -> {
            var server = w.scripted(peer -> peer.awaitClose());
            var client = w.client(w.options().withMaxClients(1));
            var running = client.fetch(server.get());
            var waiting = client.fetch(server.get());
            w.await(() -> server.connections() == 1);
            client.close();
            for (var fetch : java.util.List.of(running, waiting)) {
                assertThatThrownBy(() -> Async.await(fetch))
                        .isInstanceOf(HttpClientException.class)
                        .hasMessageContaining("closed");
            }
            w.await(() -> server.closedByClients() == 1);
        });
    }

    @Test
    default void aRefusedConnectionNamesTheAddress() {
        run(w -> {
            int unused;
            try (var socket = new java.net.ServerSocket(0)) {
                unused = socket.getLocalPort();
            }
            assertThat(w.failure(HttpRequest.of("http://127.0.0.1:" + unused + "/")))
                    .isInstanceOf(ConnectFailedException.class)
                    .hasMessageContaining("127.0.0.1:" + unused);
        });
    }

    @Test
    default void noDescriptorIsLeftBehind() {
        run(w -> {
            w.site().on("/", "hello");
            var hanging = w.scripted(peer -> peer.awaitClose());
            w.fetch(w.get("/"));
            w.await(() -> connections(w) == 1);
            int before = OpenDescriptors.count();
            var client = w.client(w.options().withMaxClients(100));
            for (int i = 0; i < 20; i++) {
                var broken = w.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel");
                w.failure(client, broken.get());
                broken.close();
                w.failure(client, hanging.get().withRequestTimeout(Duration.ofMillis(20)));
                Async.await(client.fetch(w.get("/")));
            }
            client.close();
            // of those that timed out before they connected, it knows nothing
            w.await(() -> hanging.open() == 0 && connections(w) == 1);
            OpenDescriptors.awaitAtMost(before);
        });
    }

    @Test
    default void aClientBelongsToItsLoop() throws Exception {
        run(w -> {
            var client = w.client();
            var failure = new CompletableFuture<Throwable>();
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            client.fetch("http://127.0.0.1/");
                        } catch (IllegalStateException e) {
                            failure.complete(e);
                        }
                    });
            assertThat(Async.await(failure)).hasMessageContaining("addCallback");
            assertThat(IOLoop.current()).isNotNull();
        });
    }
}
