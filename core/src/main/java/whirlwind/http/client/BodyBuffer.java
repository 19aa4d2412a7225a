package whirlwind.http.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A response's body as it comes. Memory grows with what is there and not with what is announced.
 */
final class BodyBuffer {
    static final byte[] NONE = new byte[0];

    /** An array can't be longer on every JVM. */
    static final int MOST = Integer.MAX_VALUE - 8;

    /** What is reserved for a body before any of it is there. */
    private static final int FIRST_CAPACITY = 16 << 10;

    private byte[] bytes;
    private int length;

    /** With the length that is announced, or -1. */
    BodyBuffer(long announced) {
        bytes = announced <= 0 ? NONE : new byte[(int) Math.min(announced, FIRST_CAPACITY)];
    }

    void add(ByteBuffer piece) {
        int size = piece.remaining();
        if (length + size > bytes.length) {
            bytes =
                    Arrays.copyOf(
                            bytes,
                            Math.max((int) Math.min(2L * bytes.length, MOST), length + size));
        }
        piece.get(bytes, length, size);
        length += size;
    }

    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
