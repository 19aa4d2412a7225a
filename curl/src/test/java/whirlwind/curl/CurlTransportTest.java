package whirlwind.curl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import whirlwind.http.Headers;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.ClientOptions;
import whirlwind.http.client.HttpClientException;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.HttpResponse;
import whirlwind.http.server.HttpHandler;
import whirlwind.http.server.HttpServer;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.LoopOptions;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.testing.OpenDescriptors;
import whirlwind.testing.Standstill;

class CurlTransportTest {
    private static final ClientOptions CURL =
            ClientOptions.DEFAULTS.withTransport(CurlTransport::new);

    private static final HttpHandler ECHO =
            exchange -> exchange.respond(200, new Headers(), exchange.request().body());

    /** A client, and a server on the same loop. */
    private record Pair(AsyncHttpClient client, HttpServer server) {
        HttpRequest to(String path) {
            return HttpRequest.of("http://127.0.0.1:" + server.port() + path);
        }

        HttpResponse fetch(HttpRequest request) {
            return Async.await(client.fetch(request));
        }
    }

    private interface Body {
        void run(Pair pair) throws Exception;
    }

    private static void with(HttpHandler handler, Body body) {
        with(CURL, handler, body);
    }

    private static void with(ClientOptions options, HttpHandler handler, Body body) {
        try (var loop = new IOLoop()) {
            loop.runSync(
                    Duration.ofSeconds(40),
                    () -> {
                        var server = new HttpServer(handler);
                        server.listen("127.0.0.1", 0);
                        try (var client = new AsyncHttpClient(options)) {
                            body.run(new Pair(client, server));
                        } finally {
                            server.close();
                        }
                        return null;
                    });
        }
    }

    @Test
    void aConnectionServesOneRequestAfterTheOther() {
        with(
                exchange ->
                        exchange.respond(
                                200,
                                Headers.of("X-Path", exchange.request().path()),
                                "hello".getBytes(UTF_8)),
                pair -> {
                    for (int i = 0; i < 20; i++) {
                        var response = pair.fetch(pair.to("/" + i));
                        assertThat(response.code()).isEqualTo(200);
                        assertThat(response.reason()).isEqualTo("OK");
                        assertThat(response.headers().get("X-Path")).isEqualTo("/" + i);
                        assertThat(response.text()).isEqualTo("hello");
                        assertThat(pair.server.connectionCount()).isEqualTo(1);
                    }
                });
    }

    @Test
    void nothingIsSentWhenItIsClosed() {
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var transport = new CurlTransport(loop, ConnectionOptions.DEFAULTS);
                var client = new AsyncHttpClient(CURL.withTransport((_, _) -> transport));
                var server =
                        new HttpServer(
                                exchange -> exchange.respond(200, new Headers(), new byte[0]));
                server.listen("127.0.0.1", 0);
                var url = "http://127.0.0.1:" + server.port() + "/";
                Async.await(client.fetch(url)); // its handle is kept, and freed
                transport.close();
                assertThatThrownBy(() -> Async.await(client.fetch(url)))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed");
                client.close();
                server.close();
                return null;
            });
        }
    }

    @Test
    void manyRequestsAreUnderWayAtATime() {
        with(
                CURL.withMaxClients(100),
                exchange -> {
                    Async.moment();
                    exchange.respond(200, new Headers(), exchange.request().path().getBytes(UTF_8));
                },
                pair -> {
                    var futures =
                            IntStream.range(0, 300)
                                    .mapToObj(i -> pair.client.fetch(pair.to("/" + i)))
                                    .toList();
                    var responses = Async.await(Async.all(futures));
                    for (int i = 0; i < responses.size(); i++) {
                        assertThat(responses.get(i).text()).isEqualTo("/" + i);
                    }
                    assertThat(pair.server.connectionCount()).isBetween(2, 100);
                });
    }

    @Test
    void aBodyIsSentAndTheAnswerRead() {
        var body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        with(
                ECHO,
                pair -> {
                    for (var method : List.of("POST", "PUT", "PATCH")) {
                        var response = pair.fetch(pair.to("/").withMethod(method).withBody(body));
                        assertThat(Arrays.equals(response.body(), body)).isTrue();
                    }
                    assertThat(pair.fetch(pair.to("/").withMethod("POST").withBody("")).body())
                            .isEmpty();
                });
    }

    @Test
    void fieldsAreSentAsTheClientMadeThem() {
        with(
                exchange -> {
                    var seen = new StringBuilder();
                    exchange.request()
                            .headers()
                            .forEach((name, value) -> seen.append(name + "=" + value + "\n"));
                    exchange.respond(200, new Headers(), seen.toString().getBytes(UTF_8));
                },
                pair -> {
                    var request =
                            pair.to("/")
                                    .withHeader("X-Empty", "")
                                    .withHeader("X-Word", "bär")
                                    .withUserAgent("test");
                    assertThat(pair.fetch(request).text().lines())
                            .filteredOn(line -> !line.startsWith("Accept-Encoding="))
                            .containsExactlyInAnyOrder(
                                    "Host=127.0.0.1:" + pair.server.port(),
                                    "X-Empty=",
                                    "X-Word=bär",
                                    "User-Agent=test");
                });
    }

    @Test
    void aBodyProducerIsAskedForMoreAsTheServerTakesIt() {
        with(
                ECHO,
                pair -> {
                    var chunked =
                            pair.to("/")
                                    .withMethod("POST")
                                    .withBodyProducer(out -> {
                                        for (int i = 0; i < 100; i++) {
                                            Async.await(out.write("x".repeat(10_000)));
                                            if (i % 10 == 0) {
                                                Async.moment();
                                            }
                                        }
                                    });
                    assertThat(pair.fetch(chunked).body()).hasSize(1_000_000);
                    var announced =
                            pair.to("/")
                                    .withMethod("PUT")
                                    .withHeader("Content-Length", "8")
                                    .withBodyProducer(out -> {
                                        Async.await(out.write("1234"));
                                        Async.sleep(Duration.ofMillis(5));
                                        Async.await(out.write("5678"));
                                    });
                    assertThat(pair.fetch(announced).text()).isEqualTo("12345678");
                });
    }

    @Test
    void aStreamingCallbackThatWaitsHoldsTheServerBack() {
        var piece = new byte[100_000];
        var written = new int[1];
        with(
                exchange -> {
                    exchange.start(200, null, new Headers());
                    for (int i = 0; i < 200; i++) {
                        Async.await(exchange.write(piece));
                        written[0]++;
                    }
                    exchange.finish();
                },
                pair -> {
                    var gate = new CompletableFuture<Void>();
                    var received = new int[1];
                    var fetching =
                            pair.client.fetch(
                                    pair.to("/")
                                            .withStreamingCallback(chunk -> {
                                                Async.await(gate);
                                                received[0] += chunk.length;
                                            }));
                    assertThat(Standstill.of(() -> written[0])).isLessThan(200);
                    gate.complete(null);
                    assertThat(Async.await(fetching).body()).isEmpty();
                    assertThat(received[0]).isEqualTo(20_000_000);
                });
    }

    @Test
    void aRequestThatIsCancelledIsReallyStopped() {
        var gone = new CompletableFuture<Void>();
        var arrived = new CompletableFuture<Void>();
        with(
                exchange -> {
                    exchange.onClose(() -> gone.complete(null));
                    arrived.complete(null);
                    Async.await(new CompletableFuture<>());
                },
                pair -> {
                    var fetching = pair.client.fetch(pair.to("/"));
                    Async.await(arrived);
                    fetching.cancel(true);
                    Async.await(gone);
                });
    }

    @Test
    void aRefusedConnectionNamesTheAddress() {
        with(
                ECHO,
                pair -> {
                    int port = pair.server.port();
                    pair.server.close();
                    var request = HttpRequest.of("http://127.0.0.1:" + port + "/");
                    assertThatThrownBy(() -> pair.fetch(request))
                            .isInstanceOf(ConnectFailedException.class)
                            .hasMessageContaining("127.0.0.1:" + port)
                            .hasCauseInstanceOf(CurlException.class);
                });
    }

    @Test
    void closingTheClientFailsWhatIsUnderWay() {
        var arrived = new CompletableFuture<Void>();
        with(
                exchange -> {
                    arrived.complete(null);
                    Async.await(new CompletableFuture<>());
                },
                pair -> {
                    var fetching = pair.client.fetch(pair.to("/"));
                    Async.await(arrived);
                    pair.client.close();
                    pair.client.close();
                    assertThatThrownBy(() -> Async.await(fetching))
                            .isInstanceOf(HttpClientException.class)
                            .hasMessageContaining("closed");
                });
    }

    @Test
    void aClientCanBeClosedByWhoHearsOfAFailure() {
        with(
                ECHO,
                pair -> {
                    var request =
                            pair.to("/")
                                    .withMethod("POST")
                                    .withBody("x".repeat(200_000))
                                    .withMaxBodySize(10);
                    var closed =
                            pair.client
                                    .fetch(request)
                                    .handle((response, failure) -> {
                                        pair.client.close();
                                        return failure;
                                    });
                    assertThat(Async.await(closed)).isInstanceOf(HttpClientException.class);
                });
    }

    @Test
    void aHookSetsWhatWhirlwindHasNoNameFor() {
        int userAgent = 10_018;
        int referer = 10_016;
        int httpHeader = 10_023;
        with(
                exchange -> {
                    var headers = exchange.request().headers();
                    var seen = headers.get("Referer") + " " + headers.get("X-More");
                    exchange.respond(200, new Headers(), seen.getBytes(UTF_8));
                },
                pair -> {
                    CurlHook hook =
                            handle -> {
                                handle.set(referer, "http://from.test/");
                                handle.set(httpHeader, List.of("X-More: yes"));
                            };
                    var request = pair.to("/");
                    assertThat(pair.fetch(request.withTransportHook(hook)).text())
                            .isEqualTo("http://from.test/ yes");
                    assertThat(pair.fetch(request).text()).isEqualTo("null null");
                    var kept = new CurlHandle[1];
                    pair.fetch(request.withTransportHook((CurlHook) handle -> kept[0] = handle));
                    assertThatThrownBy(() -> kept[0].set(userAgent, "late"))
                            .isInstanceOf(IllegalStateException.class);
                });
    }

    @Test
    void whatCanNotBeSetFailsTheFetchAndNothingElse() {
        int writeFunction = 20_011;
        int noOption = 9_999;
        with(
                ECHO,
                pair -> {
                    var request = pair.to("/");
                    for (int option : new int[] {writeFunction, noOption}) {
                        CurlHook hook = handle -> handle.set(option, 1);
                        assertThatThrownBy(() -> pair.fetch(request.withTransportHook(hook)))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessageContaining("option " + option);
                    }
                    CurlHook failing =
                            handle -> {
                                throw new IllegalStateException("no");
                            };
                    assertThatThrownBy(() -> pair.fetch(request.withTransportHook(failing)))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("no");
                    assertThat(pair.fetch(request).code()).isEqualTo(200);
                });
    }

    @Test
    void timesAreTold() {
        with(
                ECHO,
                pair ->
                        assertThat(pair.fetch(pair.to("/")).timeInfo())
                                .containsKeys(
                                        "namelookup",
                                        "connect",
                                        "appconnect",
                                        "pretransfer",
                                        "starttransfer",
                                        "total")
                                .allSatisfy((name, time) ->
                                        assertThat(time)
                                                .isBetween(Duration.ZERO, Duration.ofSeconds(40))));
    }

    @Test
    void nothingIsLeftOpenAfterAThousandRequests() throws Exception {
        fetchALot(10);
        int before = OpenDescriptors.count();
        fetchALot(1_000);
        assertThat(OpenDescriptors.count()).isEqualTo(before);
    }

    private static void fetchALot(int count) {
        with(
                CURL.withConnections(ConnectionOptions.DEFAULTS.withIdleTimeout(Duration.ZERO)),
                ECHO,
                pair -> {
                    var futures = new ArrayList<CompletableFuture<HttpResponse>>();
                    var request =
                            pair.to("/")
                                    .withMethod("POST")
                                    .withBody("body")
                                    .withConnectTimeout(Duration.ZERO) // most wait for long
                                    .withRequestTimeout(Duration.ZERO);
                    for (int i = 0; i < count; i++) {
                        futures.add(pair.client.fetch(request));
                    }
                    Async.await(futures);
                });
    }

    @Test
    void aMissingLibraryIsSaidInOneSentenceThatTellsWhatToInstall() {
        assertThatIllegalStateException()
                .isThrownBy(() -> LibcurlFile.find(List.of("libcurl-that-is-not-there.so.4")))
                .withMessage(
                        "libcurl was not found (as libcurl-that-is-not-there.so.4): install it (on"
                                + " Debian and Ubuntu the package libcurl4, elsewhere libcurl), or"
                                + " use the built-in transport");
    }

    @Test
    void aLoopThatCannotWatchDescriptorsSaysSo() {
        try (var loop = new IOLoop(LoopOptions.DEFAULTS.withTransport("nio"))) {
            loop.runSync(
                    Duration.ofSeconds(20),
                    () -> {
                        try (var client = new AsyncHttpClient(CURL)) {
                            assertThatThrownBy(
                                            () -> Async.await(client.fetch("http://127.0.0.1:9/")))
                                    .hasMessageContaining("use epoll or io_uring");
                        }
                        return null;
                    });
        }
    }
}
