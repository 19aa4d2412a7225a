package whirlwind.http.codec;

import java.util.Arrays;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Utf8;

/** The start of a message that comes in several frames, RFC 6455 section 5.4. */
final class Fragments {
    private final int opcode;
    private final boolean compressed;
    private byte[] bytes;
    private int length;

    Fragments(Frames.Frame first) {
        this.opcode = first.opcode();
        this.compressed = first.rsv1();
        this.bytes = first.payload();
        this.length = bytes.length;
    }

    int opcode() {
        return opcode;
    }

    boolean compressed() {
        return compressed;
    }

    int length() {
        return length;
    }

    /** The limit has been looked at when the frame was read. */
    void add(byte[] payload) {
        if (payload.length > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + payload.length, 2 * length));
        }
        System.arraycopy(payload, 0, bytes, length, payload.length);
        length += payload.length;
    }

    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Text from an offset on; UTF-8 and nothing else, RFC 6455 section 8.1. */
    static String text(byte[] bytes, int offset) {
        try {
            return Utf8.decode(bytes, offset, bytes.length - offset);
        } catch (MalformedTextException e) {
            throw new WebSocketFault(WebSocketFault.INVALID_PAYLOAD, "text is not UTF-8", e);
        }
    }
}
