package whirlwind.http.codec.websocket;

import org.jspecify.annotations.Nullable;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.Output;

/**
 * A WebSocket frame for many connections: a server's frames aren't masked, so the bytes are the
 * same for all. Immutable, for any thread.
 */
public final class SharedFrame {
    private final WebSocketMessage message;
    private final Output.Shared plain;

    /** The same compressed, made when first needed, by whichever loop that is. */
    private volatile Output.@Nullable Shared compressed;

    /** Encodes the message. */
    public SharedFrame(WebSocketMessage message) {
        this.message = message;
        this.plain = new Output.Shared(Frames.encode(message));
    }

    /** What was encoded. */
    public WebSocketMessage message() {
        return message;
    }

    /** The frame as it is. */
    Output.Shared plain() {
        return plain;
    }

    /**
     * The same compressed, once for all: it refers to nothing that was sent before, so it suits
     * every connection whose window is the largest. Control frames stay as they are.
     */
    public Output.Shared compressed() {
        int opcode = Frames.opcode(message);
        if (opcode >= Frames.CLOSE) {
            return plain;
        }
        var made = compressed;
        if (made == null) {
            var payload = MessageDeflate.compressAlone(Frames.payload(message));
            made = new Output.Shared(Frames.frame(Frames.FIN | Frames.RSV1 | opcode, payload));
            compressed = made;
        }
        return made;
    }
}
