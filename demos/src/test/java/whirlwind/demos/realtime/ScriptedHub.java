package whirlwind.demos.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import whirlwind.demos.RunningDemo;
import whirlwind.demos.page.PageHandler;
import whirlwind.escape.Json;
import whirlwind.realtime.Hub;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;

/**
 * A server that says over a WebSocket what a test tells it to, be it as wrong as it may: what no
 * hub does, and what one does only when much else has failed.
 */
final class ScriptedHub implements AutoCloseable {
    private static final String END = "end";

    /** A page's connection. */
    static final class Line {
        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final RunningDemo server;
        private final Socket socket;

        private Line(RunningDemo server, Socket socket) {
            this.server = server;
            this.socket = socket;
        }

        /** The next frame from the page, which must be of that type. */
        JsonNode expect(String type) throws InterruptedException {
            var text = next();
            var frame = Json.decode(text);
            assertThat(frame.path("type").asString()).as(text).isEqualTo(type);
            return frame;
        }

        void expectEnd() throws InterruptedException {
            assertThat(next()).isEqualTo(END);
        }

        private String next() throws InterruptedException {
            var text = frames.poll(30, TimeUnit.SECONDS);
            assertThat(text).as("what the page says within 30 seconds").isNotNull();
            return text;
        }

        /** Says something, which may name the frame that it answers. */
        Line say(String text) {
            server.onLoop(() -> socket.writeMessage(text));
            return this;
        }

        /** Answers a question: {@code fields} follow its id. */
        Line answer(JsonNode question, String type, String fields) {
            return say(
                    "{\"type\":\"%s\",\"id\":%s%s}"
                            .formatted(
                                    type,
                                    question.get("id"),
                                    fields.isEmpty() ? "" : "," + fields));
        }

        /** Answers the first frame, and asks for a sign of life every so many milliseconds. */
        Line welcome(int heartbeatMillis) throws InterruptedException {
            var fields = "\"version\":1,\"session\":\"s\",\"user\":\"ada\",\"heartbeat\":";
            return answer(expect("connect"), "connected", fields + heartbeatMillis);
        }

        /** Answers a subscription: the topic stands at an offset of an epoch. */
        JsonNode subscribed(String epoch, long offset, @Nullable Boolean recovered)
                throws InterruptedException {
            var question = expect("subscribe");
            var more = recovered == null ? "" : ",\"recovered\":" + recovered;
            var fields = "\"topic\":%s,\"epoch\":\"%s\",\"offset\":%d";
            answer(
                    question,
                    "subscribed",
                    fields.formatted(question.get("topic"), epoch, offset) + more);
            return question;
        }

        /** Sends a message of the topic {@code t} whose data are its offset. */
        Line message(String epoch, long offset) {
            var frame =
                    "{\"type\":\"message\",\"topic\":\"t\",\"epoch\":\"%s\",\"offset\":%d,\"data\":%2$d}";
            return say(frame.formatted(epoch, offset));
        }

        void close() {
            server.onLoop(() -> {
                socket.close();
                return null;
            });
        }
    }

    private final class Socket extends WebSocketHandler {
        private @Nullable Line line;

        @Override
        protected @Nullable String selectSubprotocol(List<String> offered) {
            return offered.contains("whirlwind.v1") ? "whirlwind.v1" : null;
        }

        @Override
        protected void open() {
            line = new Line(server, this);
            lines.add(line);
        }

        @Override
        protected void onMessage(String message) {
            line().frames.add(message);
        }

        @Override
        protected void onClose() {
            line().frames.add(END);
        }

        private Line line() {
            assertThat(line).isNotNull();
            return line;
        }
    }

    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final RunningDemo server = RunningDemo.start(this::application);

    private Application application() {
        var application =
                new Application()
                        .route("/", PageHandler.of(ScriptedHub.class, "index.html"))
                        .route("/page.js", PageHandler.of(ScriptedHub.class, "page.js"))
                        .route("/scripted/ws", Socket::new);
        new Hub().mount(application); // of which the page has only the client's files
        return application;
    }

    /** Where the page is. */
    String address() {
        return server.uri("/").toString();
    }

    /** The next connection that a page makes. */
    Line accept() throws InterruptedException {
        var line = lines.poll(30, TimeUnit.SECONDS);
        assertThat(line).as("a connection within 30 seconds").isNotNull();
        return line;
    }

    @Override
    public void close() throws InterruptedException {
        server.close();
    }
}
