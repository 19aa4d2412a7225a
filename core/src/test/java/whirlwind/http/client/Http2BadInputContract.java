package whirlwind.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.SoftAssertions.assertSoftly;
import static whirlwind.http.client.Http2Script.CONTINUATION;
import static whirlwind.http.client.Http2Script.DATA;
import static whirlwind.http.client.Http2Script.END_HEADERS;
import static whirlwind.http.client.Http2Script.END_STREAM;
import static whirlwind.http.client.Http2Script.GO_AWAY;
import static whirlwind.http.client.Http2Script.HEADERS;
import static whirlwind.http.client.Http2Script.PADDED;
import static whirlwind.http.client.Http2Script.PING;
import static whirlwind.http.client.Http2Script.PUSH;
import static whirlwind.http.client.Http2Script.RESET;
import static whirlwind.http.client.Http2Script.SETTINGS;
import static whirlwind.http.client.Http2Script.WINDOW;
import static whirlwind.http.client.Http2Script.announcing;
import static whirlwind.http.client.Http2Script.block;
import static whirlwind.http.client.Http2Script.bytes;
import static whirlwind.http.client.Http2Script.data;
import static whirlwind.http.client.Http2Script.endlessly;
import static whirlwind.http.client.Http2Script.fields;
import static whirlwind.http.client.Http2Script.frame;
import static whirlwind.http.client.Http2Script.ints;
import static whirlwind.http.client.Http2Script.joined;
import static whirlwind.http.client.Http2Script.ok;
import static whirlwind.http.client.Http2Script.setting;

import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import whirlwind.http.client.Http2Script.Answer;
import whirlwind.http.client.HttpTimeoutException.Stage;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;

/**
 * Servers of HTTP/2 that break the rules, break off or stop, each with an error of its own in its
 * time; the connection is closed where the whole of it is spoilt, and no descriptor is left.
 */
public interface Http2BadInputContract extends ClientContract {
    Duration LIMIT = Duration.ofSeconds(2);

    /** What a server does, and whether it spoils the whole connection. */
    record Offence(String what, boolean connection, Answer answer) {}

    /** What a server does in the end. */
    record End(String what, ScriptedServer.Script script) {}

    /** Where a server stops. */
    record Stop(String what, Stage stage, Answer answer) {}

    private static Offence connection(String what, IntFunction<byte[]> answer) {
        return new Offence(what, true, bytes(answer));
    }

    private static Offence message(String what, IntFunction<byte[]> answer) {
        return new Offence(what, false, bytes(answer));
    }

    private static Offence head(String what, String... namesAndValues) {
        return message(what, id -> fields(END_STREAM, id, namesAndValues));
    }

    /** Of the connection, or of a stream. */
    List<Offence> OFFENCES =
            List.of(
                    connection("a frame too long", id -> announcing(0xFFFFFF, DATA, 0, id)),
                    connection("SETTINGS of 5 bytes", id -> frame(SETTINGS, 0, 0, new byte[5])),
                    connection("a window beyond all", id -> setting(4, Integer.MIN_VALUE)),
                    connection("frames of 1 byte at most", id -> setting(5, 1)),
                    connection("data on no stream", id -> data(0, 0, "hello")),
                    connection("an answer to nobody", id -> ok(id + 100)),
                    connection(
                            "a promise",
                            id ->
                                    frame(
                                            PUSH,
                                            END_HEADERS,
                                            id,
                                            joined(ints(2), block(":path", "/")))),
                    connection("a window opened by 0", id -> frame(WINDOW, 0, 0, ints(0))),
                    connection(
                            "a window opened too far",
                            id -> frame(WINDOW, 0, 0, ints(Integer.MAX_VALUE))),
                    connection(
                            "fields that are garbage",
                            id -> frame(HEADERS, END_HEADERS, id, ints(-1, -1, -1))),
                    connection(
                            "data within a head",
                            id ->
                                    joined(
                                            frame(HEADERS, 0, id, block(ok())),
                                            data(END_STREAM, id, "hello"))),
                    connection(
                            "the rest of no head",
                            id -> frame(CONTINUATION, END_HEADERS, id, block(ok()))),
                    connection(
                            "more padding than frame",
                            id -> joined(ok(id), frame(DATA, PADDED, id, new byte[] {9, 'h'}))),
                    connection("a ping of 7 bytes", id -> frame(PING, 0, 0, new byte[7])),
                    connection("a reset of nothing", id -> frame(RESET, 0, 0, ints(0))),
                    new Offence(
                            "a head without end",
                            true,
                            endlessly(
                                    id -> frame(HEADERS, 0, id, block(ok())),
                                    id ->
                                            frame(
                                                    CONTINUATION,
                                                    0,
                                                    id,
                                                    block("x", "a".repeat(1000))))),
                    new Offence(
                            "nothing, for ever, in a head",
                            true,
                            endlessly(
                                    id -> frame(HEADERS, 0, id, block(ok())),
                                    id -> frame(CONTINUATION, 0, id))),
                    message(
                            "a head too large",
                            id -> {
                                var parts = new byte[100][];
                                parts[0] = frame(HEADERS, END_STREAM, id, block(ok()));
                                for (int i = 1; i < parts.length; i++) {
                                    boolean last = i == parts.length - 1;
                                    var field = block("x-" + i, "a".repeat(10_000));
                                    parts[i] =
                                            frame(CONTINUATION, last ? END_HEADERS : 0, id, field);
                                }
                                return joined(parts);
                            }),
                    head("no status", "x", "y"),
                    head("a status of letters", ":status", "abc"),
                    head("a status of two digits", ":status", "20"),
                    head("two statuses", ":status", "200", ":status", "404"),
                    head("a status at the end", "x", "y", ":status", "200"),
                    head("no more than an interim response", ":status", "103"),
                    message("a switch", id -> fields(0, id, ":status", "101")),
                    head("what only requests have", ":status", "200", ":path", "/"),
                    head("a name in capitals", ok("X-A", "b")),
                    head("a name with a space", ok("x a", "b")),
                    head("a value of two lines", ok("x", "a\r\nb: c")),
                    head("a NUL", ok("x", "a\0b")),
                    head("a field about the connection", ok("connection", "close")),
                    head("chunks", ok("transfer-encoding", "chunked")),
                    head("a length of letters", ok("content-length", "abc")),
                    head("a signed length", ok("content-length", "+0")),
                    message(
                            "two lengths",
                            id ->
                                    joined(
                                            ok(id, "content-length", "5", "content-length", "6"),
                                            data(END_STREAM, id, "hello"))),
                    message(
                            "less than announced",
                            id ->
                                    joined(
                                            ok(id, "content-length", "9"),
                                            data(END_STREAM, id, "hello"))),
                    message(
                            "more than announced",
                            id -> joined(ok(id, "content-length", "3"), data(0, id, "hello"))),
                    message("data before the head", id -> data(END_STREAM, id, "hello")),
                    message("trailers that don't end it", id -> joined(ok(id), ok(id))),
                    message(
                            "a status behind the body",
                            id -> joined(ok(id), fields(END_STREAM, id, ok()))));

    private static End hangsUp(String when, Answer start) {
        return new End("hung up " + when, Http2Script.hangingUp(start));
    }

    private static End ends(String how, IntFunction<byte[]> answer) {
        return new End(how, Http2Script.answering(bytes(answer)));
    }

    List<End> ENDS =
            List.of(
                    hangsUp("before the head", (peer, id) -> {}),
                    hangsUp("within a frame's head", bytes(id -> new byte[5])),
                    hangsUp(
                            "within the head",
                            bytes(id -> announcing(100, HEADERS, END_HEADERS, id))),
                    hangsUp("behind the head", bytes(id -> ok(id))),
                    hangsUp("within the body", bytes(id -> joined(ok(id), data(0, id, "hello")))),
                    hangsUp(
                            "within the trailers",
                            bytes(id -> joined(ok(id), frame(HEADERS, END_STREAM, id)))),
                    hangsUp(
                            "without a look at it",
                            bytes(id -> goAway(0, Http2Error.ENHANCE_YOUR_CALM))),
                    hangsUp(
                            "within the body, with an error",
                            bytes(id ->
                                    joined(
                                            ok(id),
                                            goAway(id, Http2Error.INTERNAL_ERROR),
                                            data(0, id, "hello")))),
                    ends("a reset", id -> reset(id, Http2Error.INTERNAL_ERROR)),
                    ends(
                            "a reset within the body",
                            id ->
                                    joined(
                                            ok(id),
                                            data(0, id, "hello"),
                                            reset(id, Http2Error.CANCEL))),
                    ends("refused each time", id -> reset(id, Http2Error.REFUSED_STREAM)));

    List<Stop> STOPS =
            List.of(
                    new Stop("before the head", Stage.REQUEST, bytes(id -> new byte[0])),
                    new Stop("within a frame's head", Stage.REQUEST, bytes(id -> new byte[5])),
                    new Stop(
                            "within the head",
                            Stage.REQUEST,
                            bytes(id -> frame(HEADERS, 0, id, block(ok())))),
                    new Stop(
                            "behind what comes before a response",
                            Stage.REQUEST,
                            bytes(id -> fields(0, id, ":status", "103"))),
                    new Stop(
                            "behind many pings",
                            Stage.REQUEST,
                            (peer, id) -> {
                                for (int i = 0; i < 1000; i++) {
                                    peer.write(frame(PING, 0, 0, new byte[8]));
                                }
                            }),
                    new Stop(
                            "going away",
                            Stage.REQUEST,
                            bytes(id -> goAway(id, Http2Error.NO_ERROR))),
                    new Stop("behind the head", Stage.BODY, bytes(id -> ok(id))),
                    new Stop(
                            "within a piece of the body",
                            Stage.BODY,
                            bytes(id -> joined(ok(id), announcing(9, DATA, 0, id, (byte) 'h')))),
                    new Stop(
                            "within the body",
                            Stage.BODY,
                            bytes(id -> joined(ok(id), data(0, id, "hello")))),
                    new Stop(
                            "going away within the body",
                            Stage.BODY,
                            bytes(id -> joined(ok(id), goAway(id, Http2Error.NO_ERROR)))),
                    new Stop(
                            "within the trailers",
                            Stage.BODY,
                            bytes(id ->
                                    joined(
                                            ok(id),
                                            data(0, id, "hello"),
                                            frame(HEADERS, END_STREAM, id, block("x", "y"))))));

    private static byte[] reset(int stream, Http2Error why) {
        return frame(RESET, 0, stream, ints((int) why.code()));
    }

    private static byte[] goAway(int last, Http2Error why) {
        return frame(GO_AWAY, 0, 0, ints(last, (int) why.code()));
    }

    private static HttpRequest to(ScriptedServer server) {
        return server.get()
                .withHttp2(Http2Mode.PRIOR_KNOWLEDGE)
                .withConnectTimeout(LIMIT)
                .withRequestTimeout(LIMIT);
    }

    /** Whether a client can tell it from a connection that was closed. */
    default boolean tells(Offence offence) {
        return true;
    }

    @Test
    default void whatHttp2ForbidsIsAnError() {
        runWithoutLeaks(w ->
                assertSoftly(all -> {
                    for (var offence : OFFENCES) {
                        var server = scripted(w, Http2Script.answering(offence.answer()));
                        all.assertThat(w.failure(to(server)))
                                .as(offence.what())
                                .isInstanceOf(
                                        tells(offence)
                                                ? HttpProtocolException.class
                                                : HttpClientException.class)
                                .hasMessageContaining(server.url("/"));
                        if (offence.connection() && tells(offence)) {
                            w.await(() -> server.open() == 0);
                        }
                    }
                }));
    }

    @Test
    default void moreThanThereIsLeaveForIsAnError() {
        runWithoutLeaks(w -> {
            var piece = "a".repeat(16 << 10);
            var server =
                    w.scripted(
                            Http2Script.answering(
                                    endlessly(id -> ok(id), id -> data(0, id, piece))));
            var never = new CompletableFuture<Void>();
            assertThat(
                            w.failure(
                                    to(server)
                                            .withMaxBodySize(Long.MAX_VALUE)
                                            .withStreamingCallback(chunk -> Async.await(never))))
                    .isInstanceOf(HttpProtocolException.class)
                    .hasMessageContaining(server.url("/"));
            w.await(() -> server.open() == 0);
        });
    }

    @Test
    default void aStreamThatBreaksOffIsAnError() {
        runWithoutLeaks(w ->
                assertSoftly(all -> {
                    for (var end : ENDS) {
                        var server = scripted(w, end.script());
                        all.assertThat(w.failure(to(server)))
                                .as(end.what())
                                .isInstanceOf(HttpStreamClosedException.class)
                                .hasMessageContaining(server.url("/"));
                    }
                }));
    }

    private static ScriptedServer scripted(ClientWorld w, ScriptedServer.Script script) {
        try {
            return w.scripted(script);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void aServerOfHttp2ThatStallsIsLeftInTimeAndTheMessageSaysWhere() {
        runWithoutLeaks(w -> {
            var client = w.client(w.options().withMaxClients(STOPS.size() + 2));
            var fetches = new ArrayList<CompletableFuture<HttpResponse>>();
            for (var stop : STOPS) {
                var server = w.scripted(Http2Script.answering(stop.answer()));
                fetches.add(client.fetch(to(server)));
            }
            var silent = client.fetch(to(w.scripted(ScriptedServer.Peer::awaitClose)));
            var closedWindow =
                    w.scripted(
                            Http2Script.answering(
                                    bytes(id -> setting(4, 0)))); // after the head, before the body
            var upload =
                    client.fetch(to(closedWindow).withMethod("POST").withBody(new byte[1 << 20]));
            for (int i = 0; i < STOPS.size(); i++) {
                stalls(STOPS.get(i).what(), STOPS.get(i).stage(), fetches.get(i));
            }
            stalls("without a word", Stage.REQUEST, silent);
            stalls("with a window of 0", Stage.REQUEST, upload);
        });
    }

    private static void stalls(String what, Stage stage, CompletableFuture<HttpResponse> fetched) {
        assertThatThrownBy(() -> Async.await(fetched))
                .as(what)
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessageContaining("http://127.0.0.1:")
                .extracting(e -> ((HttpTimeoutException) e).stage())
                .as(what)
                .isEqualTo(stage);
    }
}
