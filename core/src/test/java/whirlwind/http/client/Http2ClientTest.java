package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.http.client.Http2Script.END_STREAM;
import static whirlwind.http.client.Http2Script.GO_AWAY;
import static whirlwind.http.client.Http2Script.RESET;
import static whirlwind.http.client.Http2Script.fields;
import static whirlwind.http.client.Http2Script.frame;
import static whirlwind.http.client.Http2Script.ints;
import static whirlwind.http.client.Http2Script.joined;
import static whirlwind.http.client.Http2Script.ok;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.HttpVersion;
import whirlwind.http.codec.client.ClientTransport;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.net.tls.TestCertificates;

class Http2ClientTest {
    private static final int REFUSED = (int) Http2Error.REFUSED_STREAM.code();

    private final ClientWorld world = new ClientWorld(ClientTransport::new);

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private Http2Server server(Http2Server.Answer answer) {
        return world.closing(new Http2Server(null, Http2Settings.defaultSettings(), answer));
    }

    private void run(ClientWorld.Body body) {
        world.run(body);
    }

    @Test
    void manyRequestsShareOneConnection() {
        run(w -> {
            var held = new ArrayList<Http2Server.Stream>();
            var server =
                    server(stream -> { // answers when all have come, the last first
                        held.add(stream);
                        if (held.size() == 50) {
                            held.reversed().forEach(one -> one.text("for " + one.head.path()));
                        }
                    });
            var client = w.client(w.options().withMaxClients(50));
            var fetches = new ArrayList<CompletableFuture<HttpResponse>>();
            for (int i = 0; i < 50; i++) {
                fetches.add(client.fetch(server.get("/" + i)));
            }
            for (int i = 0; i < 50; i++) {
                var response = Async.await(fetches.get(i));
                assertThat(response.text()).isEqualTo("for /" + i);
                assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                assertThat(response.reason()).isEqualTo("OK");
                assertThat(response.headers().get("Content-Type")).isEqualTo("text/plain");
            }
            assertThat(server.connections.get()).isEqualTo(1);
        });
    }

    @Test
    void aServerOfHttpsChoosesTheVersion() throws Exception {
        var http2 = tls("h2", "http/1.1");
        run(w -> {
            var server =
                    w.closing(
                            new Http2Server(
                                    http2,
                                    Http2Settings.defaultSettings(),
                                    stream ->
                                            stream.text(
                                                    stream.head.scheme()
                                                            + " "
                                                            + stream.head.authority())));
            var client = w.client(w.options().withMaxClients(20));
            var request =
                    HttpRequest.of("https://127.0.0.1:" + server.port() + "/")
                            .withValidateCert(false);
            var fetches = new ArrayList<CompletableFuture<HttpResponse>>();
            for (int i = 0; i < 20; i++) {
                fetches.add(client.fetch(request));
            }
            for (var response : Async.await(fetches)) {
                assertThat(response.version()).isEqualTo(HttpVersion.HTTP_2);
                assertThat(response.text()).isEqualTo("https 127.0.0.1:" + server.port());
            }
            assertThat(server.connections.get()).isEqualTo(1);
            assertThat(w.failure(client, request.withHttp2(Http2Mode.NEVER)))
                    .isInstanceOf(RuntimeException.class);
        });
    }

    private static SslContext tls(String... protocols) throws Exception {
        var certificate =
                new CertificateBuilder()
                        .subject("CN=localhost")
                        .setIsCertificateAuthority(true)
                        .addSanIpAddress("127.0.0.1")
                        .buildSelfSigned();
        return SslContextBuilder.forServer(
                        certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                .applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                protocols))
                .build();
    }

    @Test
    void bodiesGoAndComeInBothWays() {
        run(w -> {
            var server =
                    server(stream ->
                            stream.text(
                                    stream.head.get("content-length", "none") + ":" + stream.body));
            var post = server.get("/").withMethod("POST");
            assertThat(w.fetch(post.withBody("hello")).text()).isEqualTo("5:hello");
            assertThat(w.fetch(post.withBody("")).text()).isEqualTo("0:");
            assertThat(
                            w.fetch(
                                            post.withBodyProducer(out -> {
                                                Async.await(out.write("hel"));
                                                Async.sleep(Duration.ofMillis(1));
                                                Async.await(out.write("lo"));
                                            }))
                                    .text())
                    .isEqualTo("none:hello");
            var expecting = post.withExpect100Continue(true).withBody("hello");
            assertThat(w.fetch(expecting).text()).isEqualTo("5:hello");
            assertThat(w.fetch(post.withBody("x".repeat(1_000_000))).text()).hasSize(1_000_008);
        });
    }

    @Test
    void whatIsAboutTheConnectionIsLeftOut() {
        run(w -> {
            var server = server(stream -> stream.text(stream.head.names().toString()));
            var request =
                    server.get("/").withHeader("Connection", "close").withHeader("X-Name", "v");
            assertThat(w.fetch(request).text())
                    .contains("x-name", "user-agent", "accept-encoding")
                    .doesNotContain("connection")
                    .doesNotContain("host");
        });
    }

    @Test
    void whoWaitsInTheCallbackSlowsOnlyHisStream() {
        run(w -> {
            var size = 16 << 20;
            var server =
                    server(stream -> {
                        stream.head("200", false);
                        var path = stream.head.path().toString();
                        stream.data(new byte[path.equals("/large") ? size : 5], true);
                    });
            var goOn = new CompletableFuture<Void>();
            var received = new int[1];
            var large =
                    w.client()
                            .fetch(
                                    server.get("/large")
                                            .withStreamingCallback(chunk -> {
                                                received[0] += chunk.length;
                                                Async.await(Async.shield(goOn));
                                            }));
            w.await(() -> received[0] > 0);
            for (int i = 0; i < 20; i++) {
                assertThat(w.fetch(server.get("/small")).body()).hasSize(5);
            }
            assertThat(received[0]).isLessThan(1 << 20);
            assertThat(large).isNotDone();
            goOn.complete(null);
            Async.await(large);
            assertThat(received[0]).isEqualTo(size);
            assertThat(server.connections.get()).isEqualTo(1);
        });
    }

    @Test
    void cancellingResetsTheStreamAndKeepsTheConnection() {
        run(w -> {
            var server =
                    server(stream -> {
                        if (!"/hang".contentEquals(stream.head.path())) {
                            stream.text("ok");
                        }
                    });
            var hanging = w.client().fetch(server.get("/hang"));
            w.await(() -> server.requests.contains("GET /hang"));
            hanging.cancel(true);
            w.await(() -> server.resets.contains(Http2Error.CANCEL.code()));
            assertThat(w.failure(server.get("/hang").withRequestTimeout(Duration.ofMillis(50))))
                    .isInstanceOf(HttpTimeoutException.class);
            assertThat(w.fetch(server.get("/")).text()).isEqualTo("ok");
            assertThat(server.connections.get()).isEqualTo(1);
        });
    }

    @Test
    void aRefusedStreamIsTriedAgainAndABrokenOneIsNot() {
        run(w -> {
            var times = new AtomicInteger();
            var server =
                    server(stream -> {
                        switch (stream.head.path().toString()) {
                            case "/refused" -> {
                                if (times.incrementAndGet() < 3) {
                                    stream.reset(Http2Error.REFUSED_STREAM);
                                } else {
                                    stream.text("at last");
                                }
                            }
                            case "/broken" -> stream.reset(Http2Error.INTERNAL_ERROR);
                            default -> {
                                stream.head("200", false);
                                stream.data(new byte[3], false);
                                stream.reset(Http2Error.INTERNAL_ERROR);
                            }
                        }
                    });
            var post = server.get("/refused").withMethod("POST").withBody("x");
            assertThat(w.fetch(post).text()).isEqualTo("at last");
            assertThat(w.failure(server.get("/broken")))
                    .isInstanceOf(HttpStreamClosedException.class)
                    .hasMessageContaining("INTERNAL_ERROR")
                    .hasMessageContaining("/broken");
            assertThat(w.failure(server.get("/half")))
                    .isInstanceOf(HttpStreamClosedException.class);
            assertThat(server.connections.get()).isEqualTo(1);
        });
    }

    @Test
    void aServerThatGoesAwayIsReplaced() {
        run(w -> {
            var server =
                    server(stream -> {
                        stream.text("ok");
                        stream.goAway();
                    });
            for (int i = 0; i < 3; i++) {
                assertThat(w.fetch(server.get("/")).text()).isEqualTo("ok");
                int expected = i + 1;
                w.await(() -> server.closed.get() == expected);
            }
            assertThat(server.connections.get()).isEqualTo(3);
        });
    }

    /** RFC 9113 section 8.7. */
    @Test
    void whatAServerHasCertainlyNotLookedAtIsSentAgainIfItsBodyCanBe() {
        run(w -> {
            IntFunction<byte[]> reset = id -> frame(RESET, 0, id, ints(REFUSED));
            IntFunction<byte[]> goAway = id -> frame(GO_AWAY, 0, 0, ints(id - 1, 0));
            for (var refusal : List.of(reset, goAway)) {
                var server = w.scripted(refusingEverySecondRequest(refusal));
                var post = server.get().withHttp2(Http2Mode.PRIOR_KNOWLEDGE).withMethod("POST");
                var produced = post.withBodyProducer(out -> Async.await(out.write("x")));
                assertThat(w.fetch(post.withBody("x")).code()).isEqualTo(200);
                assertThat(w.fetch(post.withBody("")).code()).isEqualTo(200);
                assertThat(w.fetch(produced.withExpect100Continue(true)).code()).isEqualTo(200);
                assertThat(w.failure(produced))
                        .isInstanceOf(HttpStreamClosedException.class)
                        .hasMessageContaining("refused");
                assertThat(server.connections()).isEqualTo(refusal == reset ? 1 : 4);
            }
        });
    }

    private static ScriptedServer.Script refusingEverySecondRequest(IntFunction<byte[]> refusal) {
        var requests = new AtomicInteger();
        return Http2Script.answering((peer, id) ->
                peer.write(
                        requests.incrementAndGet() % 2 == 1
                                ? refusal.apply(id)
                                : joined(
                                        fields(0, id, ":status", "100"),
                                        fields(END_STREAM, id, ok()))));
    }

    @Test
    void aConnectionThatBreaksFailsAllItsRequests() {
        run(w -> {
            var server =
                    server(stream -> {
                        if ("/2".contentEquals(stream.head.path())) {
                            stream.hangUp();
                        }
                    });
            var failures = new ArrayList<Throwable>();
            w.client().fetch(server.get("/1"), response -> failures.add(response.error()));
            w.await(() -> server.requests.size() == 1);
            w.client().fetch(server.get("/2"), response -> failures.add(response.error()));
            w.await(() -> failures.size() == 2);
            assertThat(failures)
                    .allSatisfy(e -> assertThat(e).isInstanceOf(HttpStreamClosedException.class));
        });
    }

    @Test
    void noMoreStreamsAreOpenedThanTheServerAllows() {
        run(w -> {
            var now = new AtomicInteger();
            var most = new AtomicInteger();
            var server =
                    w.closing(
                            new Http2Server(
                                    null,
                                    Http2Settings.defaultSettings().maxConcurrentStreams(2),
                                    stream -> {
                                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                        now.decrementAndGet();
                                        stream.text("ok");
                                    }));
            var client =
                    w.client(
                            w.options()
                                    .withMaxClients(30)
                                    .withConnections(w.options().connections().withMaxPerHost(1)));
            assertThat(Async.await(client.fetch(server.get("/"))).text()).isEqualTo("ok");
            var fetches = new ArrayList<CompletableFuture<HttpResponse>>();
            for (int i = 0; i < 30; i++) {
                fetches.add(client.fetch(server.get("/")));
            }
            assertThat(Async.await(fetches)).hasSize(30);
            assertThat(most.get()).isBetween(1, 2);
            assertThat(server.connections.get()).isEqualTo(1);
        });
    }

    @Test
    void whatIsNoHttp2IsAnError() {
        run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
                        peer.awaitClose();
                    });
            assertThat(w.failure(server.get().withHttp2(Http2Mode.PRIOR_KNOWLEDGE)))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining(server.url("/"));
            w.await(() -> server.closedByClients() == 1);
        });
    }

    @Test
    void aServerThatBreaksTheRulesIsToldWhichOnes() {
        run(w -> {
            var told = new CompletableFuture<Integer>();
            var server =
                    w.scripted(
                            Http2Script.hangingUp((peer, stream) -> {
                                peer.write(Http2Script.data(0, 0, "hello"));
                                try {
                                    var goodbye = Http2Script.awaitFrame(peer, Http2Script.GO_AWAY);
                                    told.complete((int) goodbye.charAt(16)); // of its error's code
                                } catch (IOException nothing) {
                                    told.completeExceptionally(nothing);
                                }
                            }));
            assertThat(w.failure(server.get().withHttp2(Http2Mode.PRIOR_KNOWLEDGE)))
                    .isInstanceOf(HttpProtocolException.class);
            assertThat(Async.await(told)).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
        });
    }

    @Test
    void aTlsConnectionThatBreaksSaysWhy(@TempDir Path folder) throws Exception {
        var identity = new TestCertificates(folder).identity("localhost");
        var below = new AtomicReference<Socket>();
        run(w -> {
            var listening =
                    TlsSockets.listen((plain, number) -> {
                        below.set(plain);
                        var tls = TlsSockets.over(plain, identity);
                        var parameters = tls.getSSLParameters();
                        parameters.setApplicationProtocols(new String[] {"h2"});
                        tls.setSSLParameters(parameters);
                        return tls;
                    });
            var garbage =
                    Http2Script.hangingUp((peer, stream) -> {
                        below.get().getOutputStream().write(ClientWorld.bytes("no TLS record"));
                        peer.awaitClose();
                    });
            var server = w.closing(new ScriptedServer(listening, garbage));
            var url = "https://localhost:" + server.port() + "/";
            assertThat(w.failure(HttpRequest.of(url).withValidateCert(false)))
                    .isInstanceOf(HttpStreamClosedException.class)
                    .cause()
                    .isInstanceOf(SSLException.class);
        });
    }

    @Test
    void whatComesBehindTheBodyIsKeptApart() {
        run(w -> {
            var server =
                    server(stream -> {
                        stream.head("200", false);
                        stream.data(ClientWorld.bytes("ok"), false);
                        stream.trailers("x-sum", "1");
                    });
            var response = w.fetch(server.get("/"));
            assertThat(response.text()).isEqualTo("ok");
            assertThat(response.trailers().get("X-Sum")).isEqualTo("1");
            assertThat(response.headers().contains("X-Sum")).isFalse();
        });
    }

    @Test
    void aHeadHasNoBodyAndABodyHasItsLength() {
        run(w -> {
            var server =
                    server(stream -> {
                        if ("HEAD".contentEquals(stream.head.method())) {
                            stream.head("200", true, "content-length", "7");
                        } else {
                            stream.head("200", false, "content-length", "7");
                            stream.data(new byte[3], true);
                        }
                    });
            var head = w.fetch(server.get("/").withMethod("HEAD"));
            assertThat(head.headers().get("Content-Length")).isEqualTo("7");
            assertThat(w.failure(server.get("/")))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining("content-length");
        });
    }

    @Test
    void aPlaceThatIsGivenUpAtOnceGoesToWhoWaits() {
        run(w -> {
            var server =
                    w.closing(
                            new Http2Server(
                                    null,
                                    Http2Settings.defaultSettings().maxConcurrentStreams(1),
                                    stream -> stream.text("ok")));
            var connections = w.options().connections().withMaxPerHost(1);
            var client = w.client(w.options().withConnections(connections));
            Async.await(client.fetch(server.get("/")));
            var first = client.fetch(server.get("/"));
            var second = client.fetch(server.get("/"));
            first.cancel(true);
            assertThat(Async.await(second).text()).isEqualTo("ok");
        });
    }

    @Test
    void aBodyThatWasAnnouncedMustNotBeMissing() {
        run(w -> {
            var server =
                    server(stream -> {
                        boolean data = "/data".contentEquals(stream.head.path());
                        stream.head("200", !data, "content-length", "7");
                        if (data) {
                            stream.data(new byte[0], true);
                        }
                    });
            for (var path : List.of("/", "/data")) {
                assertThat(w.failure(server.get(path)))
                        .isInstanceOf(HttpProtocolException.class)
                        .hasMessageContaining("7");
            }
            var head = w.fetch(server.get("/").withMethod("HEAD"));
            assertThat(head.headers().get("Content-Length")).isEqualTo("7");
        });
    }

    @Test
    void aServerThatGoesAwayInAngerIsQuoted() {
        run(w -> {
            var server = server(stream -> stream.goAway(Http2Error.ENHANCE_YOUR_CALM, "slow down"));
            assertThat(w.failure(server.get("/")))
                    .isInstanceOf(HttpStreamClosedException.class)
                    .hasMessageContaining("ENHANCE_YOUR_CALM")
                    .hasMessageContaining("slow down");
        });
    }
}
