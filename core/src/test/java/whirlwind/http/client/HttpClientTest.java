package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.testing.Eventually;

class HttpClientTest {

    @Test
    void anyThreadCanFetchAndWait() throws Exception {
        try (var server =
                        new ScriptedServer(peer -> {
                            while (true) {
                                peer.readHead();
                                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
                            }
                        });
                var client = new HttpClient()) {
            assertThat(client.fetch(server.url("/")).text()).isEqualTo("hello");
            var elsewhere = new CompletableFuture<String>();
            Thread.ofVirtual()
                    .start(() -> elsewhere.complete(client.fetch(server.url("/")).text()));
            assertThat(elsewhere.join()).isEqualTo("hello");
        }
    }

    @Test
    void failuresAreThrown() throws Exception {
        try (var server =
                        new ScriptedServer(peer -> {
                            peer.readHead();
                            peer.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                        });
                var client = new HttpClient()) {
            assertThatThrownBy(() -> client.fetch(server.url("/")))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessage("HTTP 404: Not Found");
            assertThatThrownBy(() -> client.fetch("nonsense"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onALoopItSaysWhatToUseInstead() {
        try (var client = new HttpClient();
                var loop = new IOLoop()) {
            assertThatThrownBy(() -> loop.runSync(() -> client.fetch("http://127.0.0.1/")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Async.await(AsyncHttpClient.current().fetch(");
            var inCallback = new CompletableFuture<Throwable>();
            loop.addCallback(() -> {
                try {
                    client.fetch("http://127.0.0.1/");
                } catch (IllegalStateException e) {
                    inCallback.complete(e);
                }
            });
            assertThat(loop.runSync(() -> Async.await(inCallback)))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closingTwiceIsClosingOnceAndEndsWhatIsUnderWay() throws Exception {
        var asked = new CompletableFuture<Void>();
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    asked.complete(null);
                    peer.awaitClose();
                })) {
            var client = new HttpClient();
            var failure = new CompletableFuture<Throwable>();
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            client.fetch(server.url("/"));
                        } catch (HttpClientException e) {
                            failure.complete(e);
                        }
                    });
            asked.join();
            client.close();
            client.close();
            assertThat(failure.join()).hasMessageContaining("closed");
            assertThatThrownBy(() -> client.fetch(server.url("/")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void anInterruptEndsTheRequest() throws Exception {
        try (var server =
                        new ScriptedServer(peer -> {
                            peer.readHead();
                            peer.awaitClose();
                        });
                var client = new HttpClient()) {
            var failure = new CompletableFuture<Throwable>();
            var thread =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    client.fetch(server.url("/"));
                                } catch (HttpClientException e) {
                                    failure.complete(e);
                                }
                            });
            Eventually.holds(() -> !server.heads().isEmpty());
            thread.interrupt();
            assertThat(failure.join()).hasMessageContaining("interrupted");
            Eventually.holds(() -> server.closedByClients() > 0);
        }
    }

    @Test
    void whoeverAsksWhileItIsClosedIsToldSo() throws Exception {
        try (var server =
                new ScriptedServer(peer -> {
                    while (true) {
                        peer.readHead();
                        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    }
                })) {
            for (int i = 0; i < 10; i++) {
                var client = new HttpClient();
                var begun = new CountDownLatch(8);
                var threads = new ArrayList<Thread>();
                for (int j = 0; j < 8; j++) {
                    threads.add(
                            Thread.ofPlatform()
                                    .start(() -> {
                                        assertThatThrownBy(
                                                        () -> {
                                                            while (true) {
                                                                client.fetch(server.url("/"));
                                                                begun.countDown();
                                                            }
                                                        })
                                                .hasMessageContaining("closed");
                                    }));
                }
                begun.await();
                client.close();
                for (var thread : threads) {
                    assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
                }
            }
        }
    }
}
