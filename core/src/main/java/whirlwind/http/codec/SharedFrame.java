package whirlwind.http.codec;

import org.jspecify.annotations.Nullable;
import whirlwind.http.WebSocketMessage;

/**
 * A WebSocket frame for many connections: a server's frames aren't masked, so the bytes are the
 * same for all. Those connections of one loop that it is written to in one turn share one buffer,
 * too; see {@link Encoding#shared}. Immutable.
 */
public final class SharedFrame implements Output {
    private final WebSocketMessage message;
    private final byte[] bytes;

    /** The same compressed, made when first needed, by whichever loop that is. */
    private volatile @Nullable SharedFrame compressed;

    /** Encodes the message. */
    public SharedFrame(WebSocketMessage message) {
        this(message, Frames.encode(message));
    }

    private SharedFrame(WebSocketMessage message, byte[] bytes) {
        this.message = message;
        this.bytes = bytes;
    }

    /**
     * The same compressed, once for all: it refers to nothing that was sent before, so it suits
     * every connection whose window is the largest. Control frames stay as they are.
     */
    public SharedFrame compressed() {
        int opcode = Frames.opcode(message);
        if (opcode >= Frames.CLOSE) {
            return this;
        }
        var made = compressed;
        if (made == null) {
            var payload = MessageDeflate.compressAlone(Frames.payload(message));
            made =
                    new SharedFrame(
                            message, Frames.frame(Frames.FIN | Frames.RSV1 | opcode, payload));
            compressed = made;
        }
        return made;
    }

    /** What was encoded. */
    public WebSocketMessage message() {
        return message;
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public int size() {
        return bytes.length;
    }
}
