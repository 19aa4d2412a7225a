package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import whirlwind.http.Headers;
import whirlwind.http.codec.client.ClientTransport;
import whirlwind.net.tls.TestCertificates;

class RetryTest {
    private static final RetryPolicy TWICE =
            new RetryPolicy(2, Duration.ofMillis(5), RetryPolicy.TRANSIENT_STATUSES);

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir private Path folder;

    private final ClientWorld world = new ClientWorld(ClientTransport::new);

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    /** Answers with 503 so many times, and then with 200. */
    private static void answersAfter(ClientWorld w, int failures) throws Exception {
        var left = new int[] {failures};
        w.site()
                .on(
                        "/",
                        exchange ->
                                exchange.respond(
                                        left[0]-- > 0 ? 503 : 200,
                                        new Headers(),
                                        ClientWorld.bytes("body")));
    }

    @Test
    void aStatusOfThePolicyIsTriedAgain() {
        world.run(w -> {
            answersAfter(w, 2);
            var seen = new java.util.ArrayList<String>();
            var request = w.get("/").withRetryPolicy(TWICE).withHeaderCallback(seen::add);
            assertThat(w.fetch(request).text()).isEqualTo("body");
            assertThat(w.site().requests()).hasSize(3);
            assertThat(seen.stream().filter(line -> line.startsWith("HTTP/"))).hasSize(1);
        });
    }

    @Test
    void theLastResponseIsDelivered() {
        world.run(w -> {
            answersAfter(w, 9);
            assertThat(w.failure(w.get("/").withRetryPolicy(TWICE)))
                    .hasMessage("HTTP 503: Service Unavailable");
            assertThat(w.site().requests()).hasSize(3);
        });
    }

    @Test
    void whatDoesHarmTwiceIsNotTriedAgain() {
        world.run(w -> {
            answersAfter(w, 1);
            var post = w.get("/").withMethod("POST").withBody("x").withRetryPolicy(TWICE);
            assertThat(w.failure(post)).hasMessage("HTTP 503: Service Unavailable");
            assertThat(w.site().requests()).hasSize(1);
        });
    }

    @Test
    void aConnectionThatEndsEarlyIsTriedAgain() {
        world.run(w -> {
            var server =
                    w.scripted(peer -> {
                        peer.readHead();
                        if (peer.number() == 3) {
                            peer.write(OK);
                        }
                    });
            assertThat(w.fetch(server.get().withRetryPolicy(TWICE)).text()).isEqualTo("ok");
        });
    }

    @Test
    void theServerMayAskForPatienceWithinTheRequestsTime() {
        world.run(w -> {
            w.site()
                    .on(
                            "/",
                            exchange ->
                                    exchange.respond(
                                            503, Headers.of("Retry-After", "3600"), new byte[0]));
            var request =
                    w.get("/")
                            .withRetryPolicy(new RetryPolicy(1, Duration.ZERO, Set.of(503)))
                            .withRequestTimeout(Duration.ofMillis(200));
            assertThat(w.failure(request)).isInstanceOf(HttpTimeoutException.class);
            assertThat(w.site().requests()).hasSize(1);
        });
    }

    /** A request of a server of which one connection alone comes to speak TLS. */
    private HttpRequest tlsOn(int number, ClientWorld w, ScriptedServer.Script script)
            throws Exception {
        var identity = new TestCertificates(folder).identity("localhost");
        var sockets =
                TlsSockets.listen(
                        (plain, n) -> n == number ? TlsSockets.over(plain, identity) : plain);
        var server = w.closing(new ScriptedServer(sockets, script));
        return HttpRequest.of("https://localhost:" + server.port() + "/").withValidateCert(false);
    }

    @Test
    void aConnectionThatReplacesAClosedOneMustBeMadeInTimeAsWell() {
        world.run(w -> {
            var request =
                    tlsOn(
                                    1,
                                    w,
                                    peer -> {
                                        if (peer.number() == 1) {
                                            peer.readHead();
                                            peer.write(OK);
                                            peer.readHead();
                                        } else {
                                            peer.awaitClose(); // within the handshake
                                        }
                                    })
                            .withRequestTimeout(Duration.ofSeconds(30));
            assertThat(w.fetch(request).text()).isEqualTo("ok");
            assertThat(w.failure(request.withConnectTimeout(Duration.ofSeconds(2))))
                    .isInstanceOf(HttpTimeoutException.class)
                    .extracting(e -> ((HttpTimeoutException) e).stage())
                    .isEqualTo(HttpTimeoutException.Stage.TLS);
        });
    }

    @Test
    void aServerThatHangsUpInTheHandshakeIsTriedAgain() {
        world.run(w -> {
            var request =
                    tlsOn(
                            2,
                            w,
                            peer -> {
                                if (peer.number() == 1) {
                                    peer.read(1);
                                    return;
                                }
                                peer.readHead();
                                peer.write(OK);
                            });
            assertThat(w.fetch(request.withRetryPolicy(TWICE)).text()).isEqualTo("ok");
        });
    }
}
