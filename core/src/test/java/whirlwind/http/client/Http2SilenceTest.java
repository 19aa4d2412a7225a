package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.http.client.Http2Script.END_STREAM;
import static whirlwind.http.client.Http2Script.fields;
import static whirlwind.http.client.Http2Script.ok;

import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.http.transport.ConnectionOptions;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.testing.VirtualTime;

/** Servers that have gone without a goodbye, as behind a cut cable, and those that only think. */
class Http2SilenceTest {
    private static final ClientOptions ONE_CONNECTION =
            ClientOptions.DEFAULTS.withConnections(ConnectionOptions.DEFAULTS.withMaxPerHost(1));

    private final VirtualTime time = new VirtualTime();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Its first connection is cut when it has answered one request. */
    private ScriptedServer.Script cutOff() {
        var answering =
                Http2Script.answering((peer, id) -> peer.write(fields(END_STREAM, id, ok())));
        var onlyOnce =
                Http2Script.hangingUp((peer, id) -> {
                    peer.write(fields(END_STREAM, id, ok()));
                    peer.awaitClose();
                    closed.complete(null);
                });
        return peer -> (peer.number() == 1 ? onlyOnce : answering).serve(peer);
    }

    private interface Body {
        void run(AsyncHttpClient client) throws Exception;
    }

    private interface Scene {
        void run(AsyncHttpClient client, ScriptedServer server, HttpRequest request)
                throws Exception;
    }

    private void run(ClientOptions options, Body body) {
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                try (var client = new AsyncHttpClient(options)) {
                    body.run(client);
                }
            });
        }
    }

    private void runWithCutOff(Scene body) {
        run(
                ClientOptions.DEFAULTS,
                client -> {
                    try (var server = new ScriptedServer(cutOff())) {
                        var request = server.get().withHttp2(Http2Mode.PRIOR_KNOWLEDGE);
                        Async.await(client.fetch(request));
                        body.run(client, server, request);
                    }
                });
    }

    private static CompletableFuture<HttpResponse> fetch(
            AsyncHttpClient client, HttpRequest request, int seconds) {
        return client.fetch(request.withRequestTimeout(Duration.ofSeconds(seconds)));
    }

    private static void assertTimedOut(CompletableFuture<HttpResponse> fetched) {
        assertThatThrownBy(() -> Async.await(fetched)).isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aConnectionOnWhichARequestTimedOutInSilenceIsReplaced() {
        runWithCutOff((client, server, request) -> {
            var first = fetch(client, request, 3);
            time.advance(Duration.ofSeconds(3));
            assertTimedOut(first);
            assertThat(Async.await(client.fetch(request)).code()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(2);
            Async.await(closed);
        });
    }

    @Test
    void whileOthersWaitOnItItGetsNoMoreRequestsAndThenItIsClosed() {
        runWithCutOff((client, server, request) -> {
            var first = fetch(client, request, 3);
            var second = fetch(client, request, 4);
            time.advance(Duration.ofSeconds(3));
            assertTimedOut(first);
            assertThat(Async.await(client.fetch(request)).code()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(2);
            assertThat(second).isNotDone();
            assertThat(closed).isNotDone();
            time.advance(Duration.ofSeconds(1));
            assertTimedOut(second);
            Async.await(closed);
        });
    }

    @Test
    void afterALongSilenceTheFirstRequestFindsOutForOthers() {
        runWithCutOff((client, server, request) -> {
            time.advance(Duration.ofSeconds(5));
            var first = client.fetch(request);
            time.advance(Duration.ofSeconds(1));
            assertThat(Async.await(client.fetch(request)).code()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(2);
            assertThat(first).isNotDone();
        });
    }

    @Test
    void aServerThatOnlyThinksGetsMoreRequestsAsSoonAsItAnswersAPing() {
        run(
                ONE_CONNECTION,
                client -> {
                    try (var server =
                            new Http2Server(
                                    null,
                                    Http2Settings.defaultSettings(),
                                    stream -> {
                                        if ("/".contentEquals(stream.head.path())) {
                                            stream.text("ok");
                                        }
                                    })) {
                        Async.await(client.fetch(server.get("/")));
                        var first = fetch(client, server.get("/think"), 3);
                        var second = fetch(client, server.get("/think"), 10);
                        time.advance(Duration.ofSeconds(3));
                        assertTimedOut(first);
                        assertThat(Async.await(client.fetch(server.get("/"))).text())
                                .isEqualTo("ok");
                        assertThat(second).isNotDone();
                        assertThat(server.connections.get()).isEqualTo(1);
                    }
                });
    }

    @Test
    void aRequestThatIsGivenUpAtOnceSaysNothingAboutItsServer() {
        runWithCutOff((client, server, request) -> {
            var first = fetch(client, request, 3);
            var second = fetch(client, request, 3);
            time.advance(Duration.ofMillis(999));
            first.cancel(true);
            var third = fetch(client, request, 1);
            time.advance(Duration.ofMillis(1000));
            assertTimedOut(third);
            assertThat(second).isNotDone();
            assertThat(server.connections()).isEqualTo(1);
        });
    }
}
