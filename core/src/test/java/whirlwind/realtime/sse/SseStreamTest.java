package whirlwind.realtime.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.web.Verbs.onGet;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.client.HttpRequest;
import whirlwind.http.transport.Http2Mode;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.EventListener;
import whirlwind.testing.VirtualTime;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;
import whirlwind.web.ServedApplication;

/** On a clock that moves only when told to. */
@Timeout(60)
class SseStreamTest {
    private final VirtualTime time = new VirtualTime();
    private final BlockingQueue<SseStream> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Opens a stream and ends. */
    private final class Opening extends RequestHandler {
        @Override
        protected void get() {
            var stream = SseStream.open(this);
            stream.onClose(() -> told.add("closed"));
            opened.add(stream);
        }

        @Override
        protected void onFinish() {
            told.add("handler ended");
        }
    }

    private interface Body {
        void run(ServedApplication app) throws Exception;
    }

    private void serve(Application application, Body body) throws Exception {
        try (var loop = time.newLoop();
                var app = ServedApplication.on(loop, application)) {
            body.run(app);
        }
    }

    private void serve(Body body) throws Exception {
        serve(new Application("/events", Opening::new), body);
    }

    private static void onLoop(ServedApplication app, CheckedRunnable body) throws Exception {
        app.onLoop(() -> {
            body.run();
            return true;
        });
    }

    private void pass(ServedApplication app, Duration duration) throws Exception {
        onLoop(app, () -> time.advance(duration));
    }

    @Test
    void aStreamOutlivesItsHandler() throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events")) {
                assertThat(client.head())
                        .contains(
                                "HTTP/1.1 200 OK",
                                "Content-Type: text/event-stream",
                                "Cache-Control: no-store");
                assertThat(told.take()).isEqualTo("handler ended");
                var stream = opened.take();
                onLoop(app, () -> stream.send(SseEvent.of("one\ntwo").withName("count").withId(2)));
                assertThat(client.chunk())
                        .isEqualTo("event: count\nid: 2\ndata: one\ndata: two\n\n");
                onLoop(app, stream::close);
                assertThat(client.chunk()).isEmpty();
                assertThat(told.take()).isEqualTo("closed");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"NEVER", "PRIOR_KNOWLEDGE"})
    void eventsArriveAsTheyWereSent(Http2Mode http2) {
        var events =
                List.of(
                        SseEvent.of("plain").withId("a"),
                        SseEvent.of("").withId(""),
                        SseEvent.of(" two\n\nlines, ü \u0000 \uFEFF😀").withName("ünamed"),
                        SseEvent.ofJson(List.of(1, "x")).withId("ü 2"),
                        SseEvent.of("x".repeat(300_000)));
        var application =
                new Application(
                        "/events",
                        onGet(handler -> {
                            try (var stream = SseStream.open(handler)) {
                                for (var event : events) {
                                    Async.await(stream.send(event));
                                }
                            }
                        }));
        try (var loop = new IOLoop()) {
            loop.runSync(() -> {
                var server = application.listen("127.0.0.1", 0);
                var url = "http://127.0.0.1:" + server.port() + "/events";
                var request = HttpRequest.of(url).withHttp2(http2);
                try (var source = EventSource.open(request, EventSourceOptions.DEFAULTS)) {
                    for (var id : List.of("a", "", "", "ü 2", "ü 2")) {
                        var event = source.next();
                        var sent = events.get(told.size());
                        told.add("");
                        assertThat(event)
                                .isEqualTo(SseEvent.received(sent.name(), sent.data(), id));
                    }
                }
                return true;
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb\rc\n", "\r\n\r\n", "\n"})
    void lineBreaksArriveAsLineFeeds(String data) throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events")) {
                var stream = opened.take();
                onLoop(app, () -> stream.send(SseEvent.of(data)));
                var lines = data.replace("\r\n", "\n").replace('\r', '\n').split("\n", -1);
                assertThat(client.chunk())
                        .isEqualTo("data: " + String.join("\ndata: ", lines) + "\n\n");
            }
        });
    }

    @Test
    void namesAndIdsThatWouldBreakTheFormatAreRefused() {
        var event = SseEvent.of("x");
        for (var bad : List.of("a\nb", "a\rb")) {
            assertThatThrownBy(() -> event.withName(bad)).hasMessageContaining("name of an event");
            assertThatThrownBy(() -> event.withId(bad)).hasMessageContaining("id of an event");
        }
        assertThatThrownBy(() -> event.withName("")).hasMessageContaining("name of an event");
        assertThatThrownBy(() -> event.withId("a\0b")).hasMessageContaining("NUL");
    }

    @Test
    void anIdleStreamKeepsNeitherCoroutineNorRequest() throws Exception {
        var handlers = new ArrayList<RequestHandler>();
        var application =
                new Application(
                        "/events",
                        onGet(handler -> {
                            handlers.add(handler);
                            opened.add(SseStream.open(handler));
                        }));
        serve(
                application,
                app -> {
                    try (var client = new EventListener(app.port(), "/events")) {
                        client.head();
                        assertThat(app.onLoop(() -> IOLoop.current().tasks()))
                                .hasSize(1); // that asks
                        assertThatThrownBy(() -> handlers.getFirst().request())
                                .hasMessageContaining("let go");
                    }
                });
    }

    @Test
    void commentsKeepAQuietStreamAlive() throws Exception {
        serve(app -> {
            try (var first = new EventListener(app.port(), "/events");
                    var second = new EventListener(app.port(), "/events")) {
                first.head();
                second.head();
                pass(app, Duration.ofSeconds(15));
                assertThat(first.chunk()).isEqualTo(":\n");
                assertThat(second.chunk()).isEqualTo(":\n");
                pass(app, Duration.ofSeconds(15));
                assertThat(first.chunk()).isEqualTo(":\n");
            }
        });
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events")) {
                client.head();
                assertThat(told.take()).isEqualTo("handler ended");
                var stream = opened.take();
                var event = SseEvent.of("x".repeat(50_000));
                var waiting =
                        app.onLoop(() -> {
                            var sent = stream.send(event);
                            while (sent.isDone()) {
                                Async.moment();
                                sent = stream.send(event);
                            }
                            return List.of(sent);
                        });
                assertThat(app.onLoop(() -> stream.trySend(event))).isFalse();
                pass(app, Duration.ofSeconds(29));
                assertThat(told).isEmpty();
                pass(app, Duration.ofSeconds(16));
                assertThat(told.take()).isEqualTo("closed");
                assertThat(waiting.getFirst()).isCompletedExceptionally();
            }
        });
    }

    @Test
    void aClientThatTakesMoreStays() throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events")) {
                client.head();
                var stream = opened.take();
                for (int i = 0; i < 4; i++) {
                    assertThat(app.onLoop(() -> stream.trySend(SseEvent.of("x")))).isTrue();
                    assertThat(client.chunk()).isEqualTo("data: x\n\n");
                    pass(app, Duration.ofSeconds(15));
                    assertThat(client.chunk()).isEqualTo(":\n");
                }
            }
        });
    }

    @Test
    void whenTheClientLeavesTheStreamEnds() throws Exception {
        serve(app -> {
            var client = new EventListener(app.port(), "/events");
            client.head();
            assertThat(told.take()).isEqualTo("handler ended");
            var stream = opened.take();
            client.close();
            assertThat(told.take()).isEqualTo("closed");
            onLoop(
                    app,
                    () -> {
                        assertThat(stream.isOpen()).isFalse();
                        assertThat(stream.trySend(SseEvent.of("x"))).isFalse();
                        assertThatThrownBy(() -> Async.await(stream.send(SseEvent.of("x"))))
                                .isInstanceOf(UncheckedIOException.class)
                                .hasMessageContaining("ended");
                        stream.onClose(() -> told.add("late"));
                    });
            assertThat(told.take()).isEqualTo("late");
        });
    }

    @Test
    void aHandlerThatTellsByAndByIsCancelledWhenTheClientLeaves() throws Exception {
        var application =
                new Application(
                        "/events",
                        () ->
                                new RequestHandler() {
                                    @Override
                                    protected void get() {
                                        try (var stream = SseStream.open(this)) {
                                            Async.await(stream.send(SseEvent.of("first")));
                                            Async.await(new CompletableFuture<String>());
                                        }
                                    }

                                    @Override
                                    protected void onConnectionClose() {
                                        told.add("left");
                                    }
                                });
        serve(
                application,
                app -> {
                    try (var client = new EventListener(app.port(), "/events")) {
                        assertThat(client.chunk()).isEqualTo("data: first\n\n");
                    }
                    assertThat(told.take()).isEqualTo("left");
                });
    }

    @Test
    void aHandlerThatFailsCutsTheClientOff() throws Exception {
        var application =
                new Application(
                        "/events",
                        onGet(handler -> {
                            var stream = SseStream.open(handler);
                            Async.await(stream.send(SseEvent.of("first")));
                            throw new IllegalStateException("expected by the test");
                        }));
        serve(
                application,
                app -> {
                    try (var client = new EventListener(app.port(), "/events")) {
                        assertThatThrownBy(
                                        () -> {
                                            client.chunk();
                                            client.chunk();
                                        })
                                .isInstanceOf(EOFException.class);
                    }
                });
    }

    @Test
    void theLastIdThatTheClientHeardIsKnown() throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events", "Last-Event-ID: ü7")) {
                client.head();
                assertThat(opened.take().lastEventId()).isEqualTo("ü7");
            }
            try (var client = new EventListener(app.port(), "/events")) {
                client.head();
                assertThat(opened.take().lastEventId()).isNull();
            }
        });
    }

    @Test
    void aDrainSendsClientsAwayForAWhile() throws Exception {
        var application = new Application("/events", Opening::new);
        try (var loop = time.newLoop()) {
            var server = application.listen("127.0.0.1", 0);
            var thread = Thread.ofPlatform().start(loop::start);
            try (var client = new EventListener(server.port(), "/events")) {
                client.head();
                assertThat(told.take()).isEqualTo("handler ended");
                var drained = new CompletableFuture<Boolean>();
                loop.spawnCallback(() -> {
                    server.drain(Duration.ofMinutes(1));
                    drained.complete(true);
                });
                assertThat(client.chunk()).matches("retry: [1-4]\\d{3}\n\n");
                assertThat(client.chunk()).isEmpty();
                assertThat(told.take()).isEqualTo("closed");
                assertThat(drained.get()).isTrue();
            }
            loop.stop();
            thread.join();
        }
    }

    @Test
    void theServerChoosesHowLongClientsStayAway() throws Exception {
        serve(app -> {
            try (var client = new EventListener(app.port(), "/events")) {
                var stream = opened.take();
                onLoop(app, () -> stream.retryAfter(Duration.ofMillis(250)));
                assertThat(client.chunk()).isEqualTo("retry: 250\n\n");
                assertThatThrownBy(() -> stream.retryAfter(Duration.ofMillis(-1)))
                        .hasMessageContaining("pause: -1 ms (at least 0)");
            }
        });
    }

    @Test
    void nothingMayHaveBeenWrittenBefore() throws Exception {
        var refused =
                onGet(h -> {
                    h.write("lost");
                    try {
                        SseStream.open(h);
                    } catch (IllegalStateException e) {
                        h.write(e.getMessage());
                    }
                });
        serve(
                new Application("/events", refused),
                app -> assertThat(app.get("/events").body()).contains("something was written"));
    }
}
