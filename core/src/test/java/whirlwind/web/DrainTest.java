package whirlwind.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static whirlwind.web.Verbs.onGet;

import java.io.BufferedReader;
import java.io.IOException;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.http.server.HttpServer;
import whirlwind.loop.Async;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.testing.Eventually;
import whirlwind.testing.JavaProcess;

/** Real processes are ended by real signals. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
            var socket = new Socket("127.0.0.1", port);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));
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

    @Test
    void manyAreToldSomeInEachTurn() throws Exception {
        int many = 250; // more than two batches
        var application = new Application().route("/", onGet(h -> h.write("x")));
        try (var app = ServedApplication.of(application)) {
            var server = app.onLoop(() -> application.listen("127.0.0.1", 0));
            var told = new AtomicInteger();
            app.onLoop(() -> {
                for (int i = 0; i < many; i++) {
                    var registration = application.onDrain(told::incrementAndGet);
                    if (i == 0) {
                        registration.close();
                    }
                }
                return null;
            });
            var idle = new ArrayList<Socket>();
            try {
                for (int i = 0; i < many; i++) {
                    idle.add(new Socket("127.0.0.1", server.port()));
                }
                Eventually.holds(() -> app.onLoop(server::connectionCount) == many);
                assertThat(drain(app, server).get()).isTrue();
                for (var socket : idle) {
                    assertThat(rest(socket)).isEmpty();
                }
                Eventually.holds(() -> told.get() >= many - 1);
                assertThat(app.onLoop(told::get)).isEqualTo(many - 1);
            } finally {
                for (var socket : idle) {
                    socket.close();
                }
            }
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
