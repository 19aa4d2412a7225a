package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static whirlwind.http.client.Http2Script.END_STREAM;
import static whirlwind.http.client.Http2Script.fields;
import static whirlwind.http.client.Http2Script.ok;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.testing.VirtualTime;

/** Servers that say nothing when they are asked whether they want a body; RFC 9110 10.1.1. */
class ExpectTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final VirtualTime time = new VirtualTime();

    private interface Body {
        void run(AsyncHttpClient client) throws Exception;
    }

    private void run(Body body) {
        try (var loop = time.newLoop()) {
            loop.runSync(() -> {
                try (var client = new AsyncHttpClient(ClientOptions.DEFAULTS)) {
                    body.run(client);
                }
            });
        }
    }

    private static HttpRequest asking(HttpRequest request) {
        return request.withMethod("POST").withExpect100Continue(true);
    }

    @Test
    void theBodyIsSentWhenNothingWasSaidForASecond() {
        run(client -> {
            var asked = new CompletableFuture<String>();
            var received = new CompletableFuture<String>();
            try (var server =
                    new ScriptedServer(peer -> {
                        asked.complete(peer.readHead());
                        received.complete(peer.read(4));
                        peer.write(OK);
                    })) {
                var fetched = client.fetch(asking(server.get()).withBody("1234"));
                assertThat(Async.await(asked)).contains("Expect: 100-continue");
                time.advance(Duration.ofMillis(999));
                assertThat(received).isNotDone();
                time.advance(Duration.ofMillis(1));
                assertThat(Async.await(received)).isEqualTo("1234");
                assertThat(Async.await(fetched).code()).isEqualTo(200);
            }
        });
    }

    @Test
    void theProducerRunsWhenNothingWasSaidForASecond() {
        run(client -> {
            var asked = new CompletableFuture<String>();
            var produced = new CompletableFuture<String>();
            try (var server =
                    new ScriptedServer(peer -> {
                        asked.complete(peer.readHead());
                        peer.read(4);
                        peer.write(OK);
                    })) {
                var fetched =
                        client.fetch(
                                asking(server.get())
                                        .withHeader("Content-Length", "4")
                                        .withBodyProducer(out -> {
                                            produced.complete("now");
                                            Async.await(out.write("1234"));
                                        }));
                Async.await(asked);
                time.advance(Duration.ofMillis(999));
                assertThat(produced).isNotDone();
                time.advance(Duration.ofMillis(1));
                assertThat(Async.await(fetched).code()).isEqualTo(200);
                assertThat(produced).isDone();
            }
        });
    }

    @Test
    void aBodyThatIsRefusedInTimeIsNotSentLater() {
        run(client -> {
            var received = new CompletableFuture<String>();
            var goOn = new CompletableFuture<Void>();
            try (var server =
                    new ScriptedServer(peer -> {
                        peer.readHead();
                        peer.write("HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\n");
                        goOn.join();
                        peer.write("n");
                        received.complete(peer.read(4)); // as far as the client hangs up
                    })) {
                var head = new CompletableFuture<String>();
                var fetched =
                        client.fetch(
                                asking(server.get())
                                        .withBody("1234")
                                        .withRaiseError(false)
                                        .withHeaderCallback(head::complete));
                Async.await(head);
                time.advance(Duration.ofSeconds(2));
                goOn.complete(null);
                assertThat(Async.await(fetched).code()).isEqualTo(403);
                assertThat(Async.await(received)).isEmpty();
            }
        });
    }

    @Test
    void theSameOverHttp2() {
        run(client -> {
            var asked = new CompletableFuture<Integer>();
            var received = new CompletableFuture<String>();
            try (var server =
                    new ScriptedServer(
                            Http2Script.answering((peer, id) -> {
                                asked.complete(id);
                                received.complete(
                                        Http2Script.awaitFrame(peer, Http2Script.DATA)
                                                .substring(9));
                                peer.write(fields(END_STREAM, id, ok()));
                            }))) {
                var request = asking(server.get()).withHttp2(Http2Mode.PRIOR_KNOWLEDGE);
                var fetched = client.fetch(request.withBody("1234"));
                Async.await(asked);
                time.advance(Duration.ofMillis(999));
                assertThat(received).isNotDone();
                time.advance(Duration.ofMillis(1));
                assertThat(Async.await(received)).isEqualTo("1234");
                assertThat(Async.await(fetched).code()).isEqualTo(200);
            }
        });
    }
}
