package whirlwind.demos.bench;

import static whirlwind.web.Verbs.onGet;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.realtime.sse.SseStream;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.RequestHandler;

/**
 * {@code GET /plaintext} and {@code GET /json} answer with a greeting, WebSocket {@code /echo}
 * sends back what it gets, {@code /read} does the same in a coroutine that reads, and {@code /room}
 * sends what a member says to all members. {@code GET /events} is a stream of events in which
 * nothing happens.
 */
public final class Bench {
    private static final byte[] GREETING = "Hello, World!".getBytes(StandardCharsets.UTF_8);

    private Bench() {}

    /** The application, on no port yet. */
    public static Application application() {
        var members = new LinkedHashSet<RoomHandler>();
        return new Application()
                .route("/plaintext", PlaintextHandler::new)
                .route("/json", JsonHandler::new)
                .route("/echo", EchoHandler::new)
                .route("/read", ReadHandler::new)
                .route("/room", () -> new RoomHandler(members))
                .route("/events", onGet(SseStream::open));
    }

    /** What is compared are servers, not digests: no other one computes an entity tag for these. */
    private abstract static class GreetingHandler extends RequestHandler {
        @Override
        protected final @Nullable String computeEtag(byte[] body) {
            return null;
        }
    }

    private static final class PlaintextHandler extends GreetingHandler {
        @Override
        protected void get() {
            setHeader("Content-Type", "text/plain");
            write(GREETING);
        }
    }

    private static final class JsonHandler extends GreetingHandler {
        private record Greeting(String message) {}

        @Override
        protected void get() {
            writeJson(new Greeting("Hello, World!"));
            setHeader("Content-Type", "application/json");
        }
    }

    private static final class EchoHandler extends WebSocketHandler {
        @Override
        protected void onMessage(String message) {
            writeMessage(message);
        }

        @Override
        protected void onMessage(byte[] message) {
            writeMessage(message);
        }
    }

    private static final class ReadHandler extends WebSocketHandler {
        @Override
        protected void open() throws Exception {
            while (true) {
                switch (readMessage()) {
                    case WebSocketMessage.Text(var text) -> writeMessage(text);
                    case WebSocketMessage.Binary(var bytes) -> writeMessage(bytes);
                    case null, default -> {
                        return;
                    }
                }
            }
        }
    }

    private static final class RoomHandler extends WebSocketHandler {
        private final Set<RoomHandler> members;

        RoomHandler(Set<RoomHandler> members) {
            this.members = members;
        }

        @Override
        protected void open() {
            members.add(this);
        }

        @Override
        protected void onMessage(String message) {
            tellAll(new WebSocketMessage.Text(message));
        }

        @Override
        protected void onMessage(byte[] message) {
            tellAll(new WebSocketMessage.Binary(message));
        }

        @Override
        protected void onClose() {
            members.remove(this);
        }

        private void tellAll(WebSocketMessage message) {
            var encoded = new PreparedMessage(message);
            for (var member : members) {
                if (member.isOpen()) { // or it is closing, and about to leave
                    member.writeMessage(encoded);
                }
            }
        }
    }
}
