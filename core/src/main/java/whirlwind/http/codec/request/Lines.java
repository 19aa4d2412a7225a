package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The line that is being looked at, as an array: going through one is much faster than through a
 * buffer. There is one per server, and none per connection.
 */
public final class Lines {
    private static final int FIRST_CAPACITY = 1024;

    /** What one huge line made of the array is given back. */
    private static final int KEPT_CAPACITY = 64 << 10;

    private byte[] line = new byte[FIRST_CAPACITY];

    /** For one server. */
    public Lines() {}

    byte[] bytes() {
        return line;
    }

    /** Takes the next bytes of a buffer. */
    void take(ByteBuf in, int length) {
        if (length > line.length) {
            line = new byte[Math.max(length, 2 * line.length)];
        } else if (line.length > KEPT_CAPACITY) {
            line = new byte[Math.max(length, FIRST_CAPACITY)];
        }
        in.readBytes(line, 0, length);
    }

    /** A part of the line as text. */
    String text(int start, int end) {
        return new String(line, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** The position of a byte before {@code end}; -1 if it isn't there. */
    int indexOf(char wanted, int end) {
        for (int i = 0; i < end; i++) {
            if (line[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Whether nothing but spaces and tabs is at a position. */
    boolean isBlankAt(int position) {
        return line[position] == ' ' || line[position] == '\t';
    }
}
