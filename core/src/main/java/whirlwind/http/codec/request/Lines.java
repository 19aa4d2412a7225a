package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The line that is being looked at, as a part of an array: going through one is much faster than
 * through a buffer. There is one per server, and none per connection.
 */
public final class Lines {
    private static final byte LF = '\n';

    /**
     * Behind a second line are most often more: so much is copied with it. With the first one
     * nothing is, for that before a chunk is the only one.
     */
    private static final int AHEAD = 1024;

    /** What one huge line made of the array is given back. */
    private static final int KEPT_CAPACITY = 64 << 10;

    private byte[] bytes = new byte[AHEAD];

    /** Where the buffer's bytes begin and end of which copies are in the array, at its front. */
    private int from;

    private int to;

    /** Where the line begins in the array. */
    private int start;

    /** For one server. */
    public Lines() {}

    /** Another buffer is looked at, or the same one at another time. */
    void begin() {
        from = 0;
        to = 0;
    }

    /**
     * The index in the buffer of the first line feed that is not before {@code index}; -1: none.
     */
    int lineFeed(ByteBuf in, int index) {
        for (int i = index; i < to; i++) {
            if (bytes[i - from] == LF) {
                return i;
            }
        }
        return in.indexOf(Math.max(index, to), in.writerIndex(), LF);
    }

    /** A byte of the buffer. */
    byte at(ByteBuf in, int index) {
        return index < to ? bytes[index - from] : in.getByte(index);
    }

    /** The line is the one that begins at {@code index} of the buffer. */
    void take(ByteBuf in, int index, int length) {
        if (index + length > to) {
            int size = to == 0 ? length : Math.max(length, AHEAD);
            from = index;
            to = Math.min(in.writerIndex(), index + size);
            reserve(to - from);
            in.getBytes(from, bytes, 0, to - from);
        }
        start = index - from;
    }

    private void reserve(int capacity) {
        if (capacity > bytes.length) {
            bytes = new byte[Math.max(capacity, 2 * bytes.length)];
        } else if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[Math.max(capacity, AHEAD)];
        }
    }

    /** The array in which the line is. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the line begins in the array. */
    int start() {
        return start;
    }

    /** A part of the line as text. */
    String text(int begin, int end) {
        return new String(bytes, start + begin, end - begin, StandardCharsets.ISO_8859_1);
    }

    /** The position of a byte before {@code end}; -1 if it isn't there. */
    int indexOf(char wanted, int end) {
        for (int i = 0; i < end; i++) {
            if (bytes[start + i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Whether nothing but spaces and tabs is at a position. */
    boolean isBlankAt(int position) {
        byte b = bytes[start + position];
        return b == ' ' || b == '\t';
    }
}
