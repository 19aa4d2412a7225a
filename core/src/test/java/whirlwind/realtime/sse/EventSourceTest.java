package whirlwind.realtime.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static whirlwind.web.Verbs.onGet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.client.ScriptedServer;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.tls.TlsException;
import whirlwind.testing.Standstill;
import whirlwind.web.Application;

@Timeout(60)
class EventSourceTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
    private static final String STOP = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

    /** Without waiting longer than it must. */
    private static final EventSourceOptions EAGER =
            EventSourceOptions.DEFAULTS.withRetry(Duration.ZERO);

    private static <T> T onLoop(Callable<T> body) {
        try (var loop = new IOLoop()) {
            return loop.runSync(body);
        }
    }

    /** All events until the server says that there are no more. */
    private static List<SseEvent> eventsOf(EventSource source) {
        var events = new ArrayList<SseEvent>();
        for (SseEvent event; (event = source.next()) != null; ) {
            events.add(event);
        }
        return events;
    }

    private static List<SseEvent> eventsFrom(ScriptedServer server) {
        return onLoop(() -> {
            try (var source = EventSource.open(server.get(), EAGER)) {
                return eventsOf(source);
            }
        });
    }

    private static SseEvent message(String data) {
        return SseEvent.received("message", data, "");
    }

    private static SseEvent message(String data, String lastId) {
        return SseEvent.received("message", data, lastId);
    }

    /** A name for what is shown, a stream, and the events in it. */
    static Stream<Arguments> streams() {
        return Stream.of(
                arguments("nothing", "", List.of()),
                arguments("one line", "data: x\n\n", List.of(message("x"))),
                arguments(
                        "LF",
                        "data:a\ndata:b\n\ndata:c\n\n",
                        List.of(message("a\nb"), message("c"))),
                arguments(
                        "CR",
                        "data:a\rdata:b\r\rdata:c\r\r",
                        List.of(message("a\nb"), message("c"))),
                arguments("CRLF", "data:a\r\ndata:b\r\n\r\n", List.of(message("a\nb"))),
                arguments(
                        "mixed line ends",
                        "data:a\r\ndata\ndata:b\r\n\r",
                        List.of(message("a\n\nb"))),
                arguments(
                        "a byte order mark",
                        "\uFEFFdata:a\n\n\uFEFFdata:b\n\n",
                        List.of(message("a"))),
                arguments("two of them", "\uFEFF\uFEFFdata:a\n\ndata:b\n\n", List.of(message("b"))),
                arguments("a half of one", "\u00EF\ndata:b\n\n", List.of(message("b"))),
                arguments(
                        "comments",
                        ":x\ndata:a\n:\u0000\n: y\ndata:b\n\n:\n\n",
                        List.of(message("a\nb"))),
                arguments("no last empty line", "data:a\n\nid:7\ndata:b", List.of(message("a"))),
                arguments("a last line feed only", "data:a\n\ndata:b\n", List.of(message("a"))),
                arguments(
                        "empty data",
                        "data:\n\ndata\n\ndata\ndata\n\n",
                        List.of(message(""), message(""), message("\n"))),
                arguments(
                        "one space goes",
                        "data:  a\ndata: \ndata:\tb\n\n",
                        List.of(message(" a\n\n\tb"))),
                arguments("a space before", " data:a\ndata:b\n\n", List.of(message("b"))),
                arguments(
                        "unknown fields",
                        "Data:a\ndata:b\nda-ta:c\nfoo\nfoo:bar\n\n",
                        List.of(message("b"))),
                arguments("a colon in the value", "data::a:b\n\n", List.of(message(":a:b"))),
                arguments(
                        "NUL",
                        "data:\u0000\n\n\u0000data:x\ndata\u0000:y\n\n",
                        List.of(message("\u0000"))),
                arguments(
                        "names",
                        "event: a\ndata:1\n\ndata:2\n\n",
                        List.of(SseEvent.received("a", "1", ""), message("2"))),
                arguments("an empty name", "event:a\nevent:\ndata:1\n\n", List.of(message("1"))),
                arguments("a name without data", "event:a\n\ndata:1\n\n", List.of(message("1"))),
                arguments(
                        "ids",
                        "id:1\ndata:a\n\ndata:b\n\nid\ndata:c\n\n",
                        List.of(message("a", "1"), message("b", "1"), message("c"))),
                arguments(
                        "the last id counts",
                        "id:1\nid: 2\ndata:a\n\n",
                        List.of(message("a", "2"))),
                arguments(
                        "an id with NUL",
                        "id:1\ndata:a\n\nid:2\u0000\ndata:b\n\n",
                        List.of(message("a", "1"), message("b", "1"))),
                arguments("an id alone", "id:1\n\ndata:a\n\n", List.of(message("a", "1"))),
                arguments("UTF-8", "data:ü€😀\n\n", List.of(message("ü€😀"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void streamsAreReadAsTheStandardSays(String name, String stream, List<SseEvent> events)
            throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(peer.number() == 1 ? HEAD : STOP);
                    if (peer.number() == 1) {
                        peer.write(stream.getBytes(UTF_8));
                    }
                })) {
            assertThat(eventsFrom(server)).isEqualTo(events);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void itDoesNotMatterWherePiecesEnd(String name, String stream, List<SseEvent> events)
            throws IOException {
        var chunks =
                new StringBuilder(HEAD.replace("Connection: close", "Transfer-Encoding: chunked"));
        for (byte b : stream.getBytes(UTF_8)) {
            chunks.append("1\r\n").append((char) (b & 0xFF)).append("\r\n");
        }
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(peer.number() == 1 ? chunks + "0\r\n\r\n" : STOP);
                })) {
            assertThat(eventsFrom(server)).isEqualTo(events);
        }
    }

    @Test
    void whatIsNotUtf8IsReplaced() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(peer.number() == 1 ? HEAD + "data:a\u00FFb\n\n" : STOP);
                })) {
            assertThat(eventsFrom(server)).containsExactly(message("a\uFFFDb"));
        }
    }

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\ndata:a\n\n",
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-streams\r\n\r\ndata:a\n\n",
                "HTTP/1.1 200 OK\r\n\r\ndata:a\n\n",
                "HTTP/1.1 404 Not Found\r\nContent-Type: text/event-stream\r\n\r\ndata:a\n\n"
            })
    void whatIsNoStreamOfEventsEndsIt(String answer) throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(answer);
                })) {
            assertThatThrownBy(() -> eventsFrom(server))
                    .isInstanceOf(EventSourceException.class)
                    .hasMessageContaining(server.url("/"))
                    .hasMessageContaining("event");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void parametersOfTheTypeDoNotMatter() throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    var head = HEAD.replace("stream", "Stream;charset=windows-1252");
                    peer.write(peer.number() == 1 ? head + "data:a\n\n" : STOP);
                })) {
            assertThat(eventsFrom(server)).containsExactly(message("a"));
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

    @ParameterizedTest
    @ValueSource(strings = {"data:%s", "%s:x", "data:12345678901234567890\ndata:%s\n"})
    void anEventThatIsTooLargeEndsIt(String stream) throws IOException {
        try (var server =
                new ScriptedServer(peer -> {
                    peer.readHead();
                    peer.write(HEAD + stream.formatted("x".repeat(1000)));
                    peer.awaitClose();
                })) {
            var options = EAGER.withMaxEventSize(1000);
            assertThatThrownBy(() ->
                            onLoop(() -> {
                                try (var s = EventSource.open(server.get(), options)) {
                                    return s.next();
                                }
                            }))
                    .isInstanceOf(EventSourceException.class)
                    .hasMessageContaining("1000 bytes (maxEventSize)");
        }
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
            var options = EAGER.withSilence(Duration.ofMillis(200));
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
            var options = EAGER.withSilence(Duration.ofMillis(100));
            onLoop(() -> {
                try (var source = EventSource.open(server.get(), options)) {
                    assertThat(source.next()).isEqualTo(message("a"));
                    Async.sleep(Duration.ofMillis(400));
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
