package whirlwind.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.web.Verbs.onGet;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.sse.SseStream;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.testing.Eventually;
import whirlwind.testing.JavaProcess;

/** Real processes are ended by real signals. */
class DrainTest {
    /** A {@link DrainProgram} on the engine of this test. */
    private static final class Program implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final int port;

        Program(long limitMillis) throws IOException {
            var program = JavaProcess.of(DrainProgram.class, Long.toString(limitMillis));
            // A shell's background jobs ignore INT, and would hand that down.
            program.command().addAll(0, List.of("env", "--default-signal=INT,TERM"));
            process = program.redirectErrorStream(true).start();
            output = process.inputReader(UTF_8);
            port = Integer.parseInt(awaitLine("port ").substring("port ".length()));
        }

        /** The next line that starts so; those of the log are skipped. */
        String awaitLine(String start) throws IOException {
            for (String line; (line = output.readLine()) != null; ) {
                if (line.startsWith(start)) {
                    return line;
                }
            }
            throw new AssertionError("the program has ended without saying: " + start);
        }

        Socket ask(String path) throws IOException {
            return ask(path, "");
        }

        Socket ask(String path, String fields) throws IOException {
            var socket = new Socket("127.0.0.1", port);
            var request = "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return socket;
        }

        void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void whatRunsIsFinishedAndNothingNewIsTaken(String signal) throws Exception {
        try (var program = new Program(30_000);
                var slow = program.ask("/slow")) {
            program.awaitLine("slow is running");
            program.signal(signal);
            program.awaitLine("draining");
            assertThatThrownBy(() -> program.ask("/quick").close())
                    .isInstanceOf(ConnectException.class);
            assertThat(rest(slow))
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close\r\n")
                    .endsWith("finished");
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void anIdleConnectionIsClosedAtOnce() throws Exception {
        try (var program = new Program(30_000);
                var idle = program.ask("/quick")) {
            var answer = idle.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
            assertThat(new String(answer, UTF_8)).isEqualTo("HTTP/1.1 200 OK");
            program.signal("TERM");
            assertThat(rest(idle)).endsWith("quick");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void whoAsksToBeToldCanEndByItself() throws Exception {
        try (var program = new Program(30_000);
                var told = program.ask("/told")) {
            program.awaitLine("told is running");
            program.signal("TERM");
            assertThat(rest(told)).endsWith("told");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void webSocketsAndStreamsOfEventsAreTold() throws Exception {
        try (var program = new Program(30_000);
                var events = program.ask("/events")) {
            program.awaitLine("events are open");
            try (var socket =
                    program.ask(
                            "/socket",
                            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")) {
                program.awaitLine("socket is open");
                program.signal("TERM");
                assertThat(said(socket.getInputStream(), "away"))
                        .endsWith("\u0088\u0016\u0003\u00e9server is going away");
                assertThat(rest(events)).contains("retry: ").endsWith("0\r\n\r\n");
            }
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsDropped() throws Exception {
        try (var program = new Program(50);
                var stubborn = program.ask("/stubborn")) {
            program.awaitLine("stubborn is running");
            program.signal("TERM");
            assertThat(rest(stubborn)).isEmpty();
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        try (var program = new Program(3_600_000);
                var stubborn = program.ask("/stubborn")) {
            program.awaitLine("stubborn is running");
            program.signal("TERM");
            program.awaitLine("draining");
            program.signal("TERM");
            program.awaitLine("start() has returned");
            assertThat(program.process.waitFor()).isZero();
            assertThat(rest(stubborn)).isEmpty();
        }
    }

    @Test
    void withoutALimitTheJvmEndsAsItDoesByItself() throws Exception {
        try (var program = new Program(0);
                var slow = program.ask("/slow")) {
            program.awaitLine("slow is running");
            program.signal("TERM");
            assertThat(program.process.waitFor()).isEqualTo(128 + 15);
            assertThat(rest(slow)).isEmpty();
        }
    }

    // ---- without signals ----

    /** A server that is drained while its test goes on. */
    private static CompletableFuture<Boolean> drain(ServedApplication app, HttpServer server) {
        var drained = new CompletableFuture<Boolean>();
        app.loop()
                .spawnCallback(() -> {
                    server.drain(Duration.ofMinutes(1));
                    drained.complete(true);
                });
        return drained;
    }

    private static final int MANY = 350; // more than three batches
    private static final int BATCH = 100;

    /** Drains, and looks in between how many have been told; all of them are at last. */
    private static void tellsSomeAtATime(ServedApplication app, HttpServer server, IntSupplier told)
            throws Exception {
        var counts = new ArrayList<Integer>();
        app.onLoop(() -> {
            new Runnable() {
                @Override
                public void run() {
                    counts.add(told.getAsInt());
                    if (counts.getLast() < MANY) {
                        IOLoop.current().addCallback(this);
                    }
                }
            }.run();
            return null;
        });
        var _ = drain(app, server);
        Eventually.holds(() -> app.onLoop(told::getAsInt) == MANY);
        var seen = app.onLoop(() -> List.copyOf(counts));
        assertThat(seen.getFirst()).isZero();
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i) - seen.get(i - 1))
                    .as("told at a time")
                    .isLessThanOrEqualTo(BATCH);
        }
    }

    private static final class Members extends ArrayList<Socket> implements AutoCloseable {
        private static final long serialVersionUID = 1;

        /** So many, who have asked for something, and heard the head of its answer. */
        static Members of(int port, String request) throws IOException {
            var members = new Members();
            for (int i = 0; i < MANY; i++) {
                var socket = new Socket("127.0.0.1", port);
                members.add(socket);
                socket.getOutputStream().write(request.getBytes(UTF_8));
            }
            return members;
        }

        @Override
        public void close() throws IOException {
            for (var socket : this) {
                socket.close();
            }
        }
    }

    @Test
    void whoAskedToBeToldIsToldSomeAtATime() throws Exception {
        var application = new Application().route("/", onGet(h -> h.write("x")));
        try (var app = ServedApplication.of(application)) {
            var told = new AtomicInteger();
            app.onLoop(() -> {
                application.onDrain(() -> told.addAndGet(MANY)).close();
                for (int i = 0; i < MANY; i++) {
                    var _ = application.onDrain(told::incrementAndGet);
                }
                return null;
            });
            tellsSomeAtATime(app, app.server(), told::get);
        }
    }

    @Test
    void webSocketsAreToldSomeAtATime() throws Exception {
        var open = new ArrayList<WebSocketHandler>();
        class Member extends WebSocketHandler {
            @Override
            protected void open() {
                open.add(this);
            }
        }
        var application = new Application().route("/", Member::new);
        var request =
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        try (var app = ServedApplication.of(application);
                var members = Members.of(app.port(), request)) {
            Eventually.holds(() -> app.onLoop(open::size) == MANY);
            tellsSomeAtATime(
                    app,
                    app.server(),
                    () -> (int) open.stream().filter(member -> !member.isOpen()).count());
            for (var member : members) {
                assertThat(said(member.getInputStream(), "away"))
                        .endsWith("\u0088\u0016\u0003\u00e9server is going away");
            }
        }
    }

    /** What comes until some last word, or the end. */
    private static String said(InputStream in, String last) throws IOException {
        var said = new ByteArrayOutputStream();
        for (int b; !said.toString(ISO_8859_1).endsWith(last) && (b = in.read()) >= 0; ) {
            said.write(b);
        }
        return said.toString(ISO_8859_1);
    }

    @Test
    void streamsOfEventsAreToldSomeAtATime() throws Exception {
        var open = new ArrayList<SseStream>();
        var application = new Application().route("/", onGet(h -> open.add(SseStream.open(h))));
        try (var app = ServedApplication.of(application);
                var members = Members.of(app.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n")) {
            Eventually.holds(() -> app.onLoop(open::size) == MANY);
            tellsSomeAtATime(
                    app,
                    app.server(),
                    () -> (int) open.stream().filter(stream -> !stream.isOpen()).count());
            for (var member : members) {
                assertThat(rest(member)).contains("retry: ").endsWith("0\r\n\r\n");
            }
        }
    }

    @Test
    void connectionsOfHttp2AreToldSomeAtATime() throws Exception {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0";
        var acknowledged = "\0\0\0\4\1\0\0\0\0";
        var goAway = "\0\0\u0008\7\0\0\0\0\0\u007f\u00ff\u00ff\u00ff\0\0\0\0";
        var application = new Application().route("/", onGet(h -> h.write("x")));
        try (var app = ServedApplication.of(application);
                var members = Members.of(app.port(), preface)) {
            for (var member : members) {
                assertThat(said(member.getInputStream(), acknowledged)).endsWith(acknowledged);
            }
            tellsSomeAtATime(
                    app,
                    app.server(),
                    () -> (int) members.stream().filter(DrainTest::hasHeard).count());
            for (var member : members) {
                assertThat(said(member.getInputStream(), goAway)).endsWith(goAway);
            }
        }
    }

    private static boolean hasHeard(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWebSocketThatOpensAtTheEndIsToldToo() throws Exception {
        var preparing = new CompletableFuture<String>();
        var goOn = new CompletableFuture<String>();
        var application =
                new Application()
                        .route(
                                "/",
                                () ->
                                        new WebSocketHandler() {
                                            @Override
                                            protected void prepare() {
                                                preparing.complete("");
                                                Async.await(goOn);
                                            }
                                        });
        var closed = new CompletableFuture<Integer>();
        try (var app = ServedApplication.of(application)) {
            var server = app.onLoop(() -> application.listen("127.0.0.1", 0));
            var opening =
                    app.client()
                            .newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://127.0.0.1:" + server.port() + "/"),
                                    new WebSocket.Listener() {
                                        @Override
                                        public CompletionStage<?> onClose(
                                                WebSocket socket, int code, String reason) {
                                            closed.complete(code);
                                            return CompletableFuture.completedFuture("");
                                        }
                                    });
            preparing.get();
            var drained = drain(app, server);
            app.onLoop(() -> "the draining has begun");
            goOn.complete("");
            assertThat(opening.get()).isNotNull();
            assertThat(closed.get()).isEqualTo(1001);
            assertThat(drained.get()).isTrue();
        }
    }
}
