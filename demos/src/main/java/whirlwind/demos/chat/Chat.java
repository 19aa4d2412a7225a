package whirlwind.demos.chat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.demos.chat.FromPage.Hello;
import whirlwind.demos.chat.FromPage.Say;
import whirlwind.escape.Json;
import whirlwind.escape.MalformedJsonException;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.loop.IOLoop;
import whirlwind.realtime.websocket.WebSocketHandler;
import whirlwind.web.Application;
import whirlwind.web.ApplicationSettings;

/** The chat over WebSocket. */
public final class Chat {
    /**
     * Longer than any message that the room takes: four bytes for each character, and what is
     * around it.
     */
    private static final int MAX_MESSAGE_BYTES = 4 * Room.MAX_TEXT + 1024;

    private static final int POLICY_VIOLATION = 1008; // RFC 6455 section 7.4.1

    private final Room room = new Room(IOLoop.current()::time, this::tellAll);
    private final Map<String, Connection> connections = new LinkedHashMap<>(); // by session

    private Chat() {}

    /** The application, on no port yet. */
    public static Application application() {
        var chat = new Chat();
        var settings =
                ApplicationSettings.DEFAULTS
                        .withWebsocketMaxMessageSize(MAX_MESSAGE_BYTES)
                        .withWebsocketPingInterval(Duration.ofSeconds(30));
        return ChatPage.addTo(new Application(settings), "websocket.js")
                .route("/socket", () -> chat.new Connection());
    }

    /** Encodes once, however many are here. */
    private void tellAll(FromRoom.Event event) {
        var message = new PreparedMessage(new WebSocketMessage.Text(Json.encode(event)));
        for (var connection : connections.values()) {
            if (connection.isOpen()) { // or it is closing, and about to leave
                connection.writeMessage(message);
            }
        }
    }

    /** What a visitor's page says over its WebSocket. */
    private final class Connection extends WebSocketHandler {
        private @Nullable String session; // null before hello

        @Override
        protected void onMessage(String message) {
            try {
                switch (Json.decode(message, FromPage.class)) {
                    case Hello hello when session == null -> enter(hello);
                    case Say say when session != null ->
                            room.say(session, say)
                                    .ifPresent(refusal -> writeMessage(Json.encode(refusal)));
                    case null, default -> close(POLICY_VIOLATION, "unexpected message");
                }
            } catch (MalformedJsonException e) {
                close(POLICY_VIOLATION, "malformed message");
            }
        }

        private void enter(Hello hello) {
            session = hello.session();
            writeMessage(Json.encode(room.enter(hello)));
            var replaced = connections.put(session, this);
            if (replaced != null) {
                replaced.close();
            }
        }

        @Override
        protected void onClose() {
            if (session != null
                    && connections.remove(
                            session, this)) { // not if another connection has replaced this one
                room.leave(session);
            }
        }
    }
}
