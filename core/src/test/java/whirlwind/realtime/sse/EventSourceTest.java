package whirlwind.realtime.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.realtime.sse.EventSources.EAGER;
import static whirlwind.realtime.sse.EventSources.HEAD;
import static whirlwind.realtime.sse.EventSources.STOP;
import static whirlwind.realtime.sse.EventSources.eventsFrom;
import static whirlwind.realtime.sse.EventSources.eventsOf;
import static whirlwind.realtime.sse.EventSources.message;
import static whirlwind.realtime.sse.EventSources.onLoop;
import static whirlwind.web.Verbs.onGet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.ScriptedServer;
import whirlwind.loop.Async;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.tls.TlsException;
import whirlwind.testing.Standstill;
import whirlwind.web.Application;

/** A source of events that loses its connection, or its patience. */
@Timeout(60)
class EventSourceTest {
    @Test
    void afterTheEndItAsksForWhatCameAfterTheLastId() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    switch (peer.number()) {
                        case 1 -> peer.write(HEAD + "data:a\n\n");
                        case 2 -> {
                            peer.write(HEAD);
                            peer.write("id:ü1\ndata:b\n\nid:2\ndata:lost".getBytes(UTF_8));
                        }
                        case 3 -> peer.write(HEAD + "id\ndata:c\n\n");
                        default -> peer.write(STOP);
                    }
                })) {
            assertThat(eventsFrom(server))
                    .containsExactly(message("a"), message("b", "ü1"), message("c"));
            assertThat(server.heads()).hasSize(4);
            assertThat(server.heads().getFirst()).contains("Accept: text/event-stream\r\n");
            var ids =
                    server.heads().stream()
                            .map(head -> head.lines().filter(l -> l.startsWith("Last-")).toList())
                            .toList();
            assertThat(ids)
                    .containsExactly(
                            List.of(),
                            List.of(),
                            List.of("Last-Event-ID: \u00C3\u00BC1"),
                            List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"retry:1", "retry: 1", "retry:x\nretry:01\nretry:1x\nretry:-1\nretry:"})
    void theServerSaysHowLongToWait(String lines) throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(peer.number() == 1 ? HEAD + lines + "\ndata:a\n\n" : STOP);
                })) {
            var patient = EAGER.withRetry(Duration.ofDays(1));
            var events =
                    onLoop(() -> {
                        try (var source = EventSource.open(server.get(), patient)) {
                            return eventsOf(source);
                        }
                    });
            assertThat(events).containsExactly(message("a"));
        }
    }

    @Test
    void troubleThatPassesIsWaitedFor() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    switch (peer.number()) {
                        case 1 -> peer.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
                        case 2 -> peer.write("HTTP/1.1 429 Much\r\nContent-Length: 0\r\n\r\n");
                        case 3 -> {} // hangs up
                        case 4 -> peer.write(HEAD + "data:a\n\n");
                        default -> peer.write(STOP);
                    }
                })) {
            assertThat(eventsFrom(server)).containsExactly(message("a"));
        }
    }

    @Test
    void tooManyFailedAttemptsEndIt() throws IOException {
        var server = new ScriptedServer(peer -> {});
        server.close(); // nobody listens there any more
        var options = EAGER.withMaxFailures(3);
        assertThatThrownBy(() ->
                        onLoop(() -> {
                            try (var source = EventSource.open(server.get(), options)) {
                                return source.next();
                            }
                        }))
                .isInstanceOf(EventSourceException.class)
                .hasMessageContaining("3 attempts failed")
                .hasCauseInstanceOf(ConnectFailedException.class);
    }

    @Test
    void aServerThatHangsUpInTheHandshakeIsTriedAgain() throws IOException {
        try (var server = new ScriptedServer(peer -> peer.read(1))) {
            var url = server.url("/").replace("http:", "https:");
            var options = EAGER.withMaxFailures(2);
            assertThatThrownBy(() ->
                            onLoop(() -> EventSource.open(HttpRequest.of(url), options).next()))
                    .isInstanceOf(EventSourceException.class)
                    .hasMessageContaining("2 attempts failed")
                    .hasCauseInstanceOf(TlsException.HungUp.class);
        }
    }

    @Test
    void aRequestThatMakesNoSenseFailsAtOnce() {
        assertThatThrownBy(() -> onLoop(() -> EventSource.open("ftp://localhost/").next()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingItHangsUp() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(HEAD + "data:a\n\n");
                    peer.awaitClose();
                })) {
            onLoop(() -> {
                var source = EventSource.open(server.get(), EAGER);
                assertThat(source.next()).isEqualTo(message("a"));
                var next = Async.spawn(source::next);
                Async.moment();
                source.close();
                assertThat(Async.await(next)).isNull();
                assertThat(source.next()).isNull();
                while (server.closedByClients() == 0) {
                    Async.sleep(Duration.ofMillis(5));
                }
                return true;
            });
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    if (peer.number() == 1) {
                        peer.write(HEAD + "data:a\n\n");
                        peer.awaitClose();
                    }
                    peer.write(STOP);
                })) {
            var options = EAGER.withSilence(Duration.ofSeconds(1));
            var events =
                    onLoop(() -> {
                        try (var source = EventSource.open(server.get(), options)) {
                            return eventsOf(source);
                        }
                    });
            assertThat(events).containsExactly(message("a"));
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    /** Events from one number to 30. */
    private static String numbered(int first) {
        return IntStream.rangeClosed(first, 30)
                .mapToObj(i -> "id:%d\ndata:%d\n\n".formatted(i, i))
                .collect(Collectors.joining());
    }

    @Test
    void aSlowListenerMissesNothingWhenTheConnectionBreaks() throws IOException {
        var full = new CompletableFuture<Void>();
        try (var server =
                new ScriptedServer(peer -> {
                    var head = peer.readHead();
                    switch (peer.number()) {
                        case 1 -> {
                            peer.write(HEAD.replace("Connection: close", "Content-Length: 9999"));
                            peer.write(numbered(1));
                            full.join(); // and hangs up
                        }
                        case 2 -> {
                            var id = Pattern.compile("Last-Event-ID: (\\d+)").matcher(head);
                            peer.write(HEAD);
                            peer.write(numbered(id.find() ? 1 + Integer.parseInt(id.group(1)) : 1));
                        }
                        default -> peer.write(STOP);
                    }
                })) {
            var numbers =
                    onLoop(() -> {
                        try (var source = EventSource.open(server.get(), EAGER)) {
                            while (source.lastEventId().compareTo("16") < 0) {
                                Async.sleep(Duration.ofMillis(5));
                            }
                            full.complete(null);
                            while (server.connections() < 2) {
                                Async.sleep(Duration.ofMillis(5));
                            }
                            return eventsOf(source).stream().map(SseEvent::data).toList();
                        }
                    });
            assertThat(numbers)
                    .isEqualTo(IntStream.rangeClosed(1, 30).mapToObj(String::valueOf).toList());
        }
    }

    @Test
    void aServerIsNotSilentWhileItWaitsForASlowListener() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    if (peer.number() == 1) {
                        peer.write(HEAD + "data:a\n\n".repeat(30));
                        peer.awaitClose();
                    }
                    peer.write(STOP);
                })) {
            var options = EAGER.withSilence(Duration.ofSeconds(1));
            onLoop(() -> {
                try (var source = EventSource.open(server.get(), options)) {
                    assertThat(source.next()).isEqualTo(message("a"));
                    Async.sleep(Duration.ofMillis(1500));
                    assertThat(server.connections()).isEqualTo(1);
                    assertThat(eventsOf(source)).hasSize(29);
                    assertThat(server.connections()).isEqualTo(2);
                }
                return true;
            });
        }
    }

    @Test
    void callbacksHearEachEventAndTheEnd() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(peer.number() == 1 ? HEAD + "data:a\n\ndata:b\n\n" : STOP);
                })) {
            var heard = new ArrayList<String>();
            onLoop(() ->
                    Async.await(
                            EventSource.open(server.get(), EAGER)
                                    .forEach(event -> heard.add(event.data()))));
            assertThat(heard).containsExactly("a", "b");
        }
    }

    @Test
    void aCallbackThatFailsClosesIt() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(HEAD + "data:a\n\n");
                    peer.awaitClose();
                })) {
            onLoop(() -> {
                var source = EventSource.open(server.get(), EAGER);
                var done =
                        source.forEach(event -> {
                            throw new IllegalStateException("expected by the test");
                        });
                assertThatThrownBy(() -> Async.await(done)).hasMessageContaining("expected");
                assertThat(source.next()).isNull();
                return true;
            });
        }
    }

    @Test
    void whoTakesNoEventsMakesTheServerWait() {
        var sent = new AtomicInteger();
        var application =
                new Application(
                        "/events",
                        onGet(handler -> {
                            try (var stream = SseStream.open(handler)) {
                                var event = SseEvent.of("x".repeat(60_000));
                                for (int i = 0; i < 500; i++) {
                                    Async.await(stream.send(event));
                                    sent.incrementAndGet();
                                }
                            }
                        }));
        onLoop(() -> {
            var server = application.listen("127.0.0.1", 0);
            var url = "http://127.0.0.1:" + server.port() + "/events";
            try (var source = EventSource.open(HttpRequest.of(url), EAGER)) {
                assertThat(Standstill.of(sent::get)).isLessThan(500);
                for (int i = 0; i < 500; i++) {
                    assertThat(source.next()).isNotNull();
                }
            }
            return true;
        });
    }
}
