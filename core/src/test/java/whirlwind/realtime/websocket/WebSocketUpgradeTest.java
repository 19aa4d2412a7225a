package whirlwind.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.realtime.websocket.Conversations.readText;
import static whirlwind.realtime.websocket.Conversations.serve;
import static whirlwind.realtime.websocket.Conversations.talk;
import static whirlwind.realtime.websocket.Conversations.url;

import ch.qos.logback.classic.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import whirlwind.http.Cookie;
import whirlwind.http.client.HttpRequest;
import whirlwind.loop.Async;
import whirlwind.testing.LogCapture;
import whirlwind.web.Application;
import whirlwind.web.ServedApplication;

/** What a handler is while its request becomes a WebSocket. */
@Timeout(60)
class WebSocketUpgradeTest {
    private static final WebSocketClientOptions DEFAULTS = WebSocketClientOptions.DEFAULTS;

    @Test
    void theArgumentsOfThePathAreThereInOpen() throws Exception {
        var application =
                new Application()
                        .route(
                                "/room/{name}",
                                () ->
                                        new WebSocketHandler() {
                                            @Override
                                            protected void open() {
                                                writeMessage(getPathArgument("name"));
                                            }
                                        });
        try (var app = ServedApplication.of(application)) {
            app.onLoop(() -> {
                var address = "ws://127.0.0.1:" + app.port() + "/room/four";
                try (var socket = Async.await(WebSocketClient.connect(address))) {
                    assertThat(readText(socket)).isEqualTo("four");
                }
                return null;
            });
        }
    }

    @Test
    void whatPrepareSetsGoesWithTheAnswer() throws Exception {
        try (var app =
                serve(() ->
                        new Conversations.Echo() {
                            @Override
                            protected void prepare() {
                                Async.moment();
                                setHeader("X-Prepared", "yes");
                                setCookie(Cookie.of("seen", "1"));
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        assertThat(socket.headers().get("X-Prepared")).isEqualTo("yes");
                        assertThat(socket.headers().get("Set-Cookie")).startsWith("seen=1");
                        assertThat(socket.headers().contains("Content-Type")).isFalse();
                    });
        }
    }

    @Test
    void whoSpeaksAnotherVersionIsToldWhichAreSpokenHere() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            var request =
                    """
                    GET /ws HTTP/1.1\r
                    Host: x\r
                    Connection: Upgrade, close\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                    Sec-WebSocket-Version: 99\r
                    \r
                    """;
            assertThat(app.raw(request))
                    .startsWith("HTTP/1.1 426 ")
                    .contains("\r\nUpgrade: websocket\r\n")
                    .contains("\r\nSec-WebSocket-Version: 13, 8, 7\r\n");
        }
    }

    @Test
    void aHandlerIsForOneConversation() throws Exception {
        var only = new Conversations.Echo();
        try (var log = LogCapture.of("whirlwind.web.RequestHandler", Level.ERROR);
                var app = serve(() -> only)) {
            talk(app, DEFAULTS, socket -> assertThat(socket.isOpen()).isTrue());
            assertThatThrownBy(() -> talk(app, DEFAULTS, socket -> {}))
                    .hasStackTraceContaining("500");
            assertThat(log.failures().getFirst()).hasMessageContaining("had a request before");
        }
    }

    @Test
    void theMethodsForResponsesAreOverAfterTheUpgrade() throws Exception {
        var refused = new CompletableFuture<List<Throwable>>();
        try (var app =
                serve(() ->
                        new WebSocketHandler() {
                            private final List<Throwable> failures = new ArrayList<>();

                            @Override
                            protected void open() {
                                tryAll();
                            }

                            @Override
                            protected void onMessage(String message) {
                                tryAll();
                                refused.complete(failures);
                            }

                            private void tryAll() {
                                for (ThrowingCallable one :
                                        List.<ThrowingCallable>of(
                                                () -> write("x"),
                                                () -> redirect("/"),
                                                () -> setHeader("X-Late", "1"),
                                                () -> setCookie(Cookie.of("late", "1")),
                                                () -> setStatus(200),
                                                this::flush,
                                                this::finish)) {
                                    failures.add(
                                            org.assertj.core.api.Assertions.catchThrowable(one));
                                }
                            }
                        })) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.writeMessage("go");
                        var failures = Async.await(refused);
                        assertThat(failures).hasSize(14);
                        assertThat(failures)
                                .allSatisfy(failure ->
                                        assertThat(failure)
                                                .isInstanceOf(IllegalStateException.class));
                    });
        }
    }

    @Test
    void theUpgradeIsOneLineInTheAccessLog() throws Exception {
        try (var log = LogCapture.of("whirlwind.access", Level.INFO);
                var app = serve(Conversations.Echo::new)) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        socket.writeMessage("x");
                        assertThat(readText(socket)).isEqualTo("x");
                    });
            assertThat(log.lines()).singleElement().asString().contains(" 101 GET /ws ");
        }
    }

    @Test
    void aSubprotocolThatWasNotOfferedIsAFailureOfOurs() throws Exception {
        try (var logs = LogCapture.of(whirlwind.web.RequestHandler.class);
                var app =
                        serve(() ->
                                new Conversations.Echo() {
                                    @Override
                                    protected String selectSubprotocol(List<String> offered) {
                                        return "another";
                                    }
                                })) {
            assertThatThrownBy(() -> talk(app, DEFAULTS.withSubprotocols("one"), socket -> {}))
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.code()).isEqualTo(500));
            assertThat(logs.failures()).hasSize(1);
        }
    }

    @Test
    void selectSubprotocolIsAskedOnceEvenIfNoneIsOffered() throws Exception {
        var asked = new LinkedBlockingQueue<List<String>>();
        try (var app =
                serve(() ->
                        new Conversations.Echo() {
                            @Override
                            protected String selectSubprotocol(List<String> offered) {
                                asked.add(offered);
                                return null;
                            }
                        })) {
            talk(app, DEFAULTS, socket -> {});
            talk(app, DEFAULTS.withSubprotocols("a", "b"), socket -> {});
        }
        assertThat(asked).containsExactly(List.of(), List.of("a", "b"));
    }

    @Test
    void aFailureOfOpenEndsTheConversationAndOnCloseRuns() throws Exception {
        var closed = new CompletableFuture<Boolean>();
        try (var logs = LogCapture.of(WebSocketHandler.class);
                var app =
                        serve(() ->
                                new WebSocketHandler() {
                                    @Override
                                    protected void open() {
                                        Async.moment();
                                        throw new IllegalStateException("planted in open");
                                    }

                                    @Override
                                    protected void onClose() {
                                        closed.complete(true);
                                    }
                                })) {
            talk(
                    app,
                    DEFAULTS,
                    socket -> {
                        assertThat(Async.await(socket.readMessage())).isNull();
                        assertThat(socket.closeCode()).isEqualTo(1011);
                        assertThat(Async.await(closed)).isTrue();
                    });
            assertThat(logs.failures()).hasSize(1);
        }
    }

    @Test
    void theOriginOfDraftsIsCheckedToo() throws Exception {
        try (var app = serve(Conversations.Echo::new)) {
            var request =
                    HttpRequest.of(url(app)).withHeader("Sec-WebSocket-Origin", "http://evil.test");
            assertThatThrownBy(() ->
                            app.onLoop(
                                    () -> Async.await(WebSocketClient.connect(request, DEFAULTS))))
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.code()).isEqualTo(403));
        }
    }
}
