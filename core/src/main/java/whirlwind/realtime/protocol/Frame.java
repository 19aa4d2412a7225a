package whirlwind.realtime.protocol;

import org.jspecify.annotations.Nullable;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.server.PreparedMessage;
import whirlwind.realtime.sse.SseEvent;

/**
 * A frame for clients, made by {@link ServerFrames}; encoded for each kind of transport when the
 * first one needs it, and then the same for all: connections of several loops share it.
 */
public final class Frame {
    private final String json;
    private volatile @Nullable PreparedMessage webSocket;
    private volatile @Nullable SseEvent event;

    Frame(String json) {
        this.json = json;
    }

    /** The JSON text. */
    public String json() {
        return json;
    }

    /** About what it takes to keep it, in bytes: the JSON of a hub is ASCII. */
    public int size() {
        return json.length();
    }

    /** As one WebSocket message. */
    public PreparedMessage webSocket() {
        var known = webSocket;
        if (known == null) {
            known = new PreparedMessage(new WebSocketMessage.Text(json));
            webSocket = known; // two loops may both encode it; either will do
        }
        return known;
    }

    /** As one event of a stream. */
    public SseEvent event() {
        var known = event;
        if (known == null) {
            known = SseEvent.of(json);
            event = known;
        }
        return known;
    }
}
