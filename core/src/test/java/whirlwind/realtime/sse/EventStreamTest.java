package whirlwind.realtime.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static whirlwind.realtime.sse.EventSources.EAGER;
import static whirlwind.realtime.sse.EventSources.HEAD;
import static whirlwind.realtime.sse.EventSources.STOP;
import static whirlwind.realtime.sse.EventSources.eventsFrom;
import static whirlwind.realtime.sse.EventSources.message;
import static whirlwind.realtime.sse.EventSources.onLoop;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.client.ScriptedServer;

/** Streams of events as they are read: the HTML standard, section 9.2.6. */
@Timeout(60)
class EventStreamTest {
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
}
