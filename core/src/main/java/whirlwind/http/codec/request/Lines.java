package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The line that is being looked at, as a part of an array: going through one is much faster than
 * through a buffer. There is one per server, and none per connection.
 */
public final class Lines {
    private static final byte LF = '\n';

    /** So much is copied at a time where many lines are to come. */
    private static final int AHEAD = 1024;

    /** What one huge line made of the array is given back. */
    private static final int KEPT_CAPACITY = 64 << 10;

    /** Eight bytes at a time, the first one lowest. */
    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** The buffer that is looked at. */
    private ByteBuf in = Unpooled.EMPTY_BUFFER;

    private byte[] bytes = new byte[AHEAD];

    /** The array, for who reads a part of it as a buffer. */
    private ByteBuf view = Unpooled.wrappedBuffer(bytes);

    /** Where the buffer's bytes begin and end of which copies are in the array, at its front. */
    private int from;

    private int to;

    /** How much is copied with a line. */
    private int ahead;

    /** Where the line begins in the array. */
    private int start;

    /** For one server. */
    public Lines() {}

    /**
     * Another buffer is looked at, or the same one at another time.
     *
     * @param many whether more than a line is likely to be taken
     */
    void begin(ByteBuf in, boolean many) {
        this.in = in;
        ahead = many ? AHEAD : 0;
        from = 0;
        to = 0;
        if (many) {
            copy(in.readerIndex(), AHEAD);
        }
    }

    /**
     * The index in the buffer of the first line feed that is not before {@code index}; -1: none.
     */
    int lineFeed(int index) {
        int found = index < to ? indexOf(LF, index - from, to - from) : -1;
        return found >= 0 ? from + found : in.indexOf(Math.max(index, to), in.writerIndex(), LF);
    }

    /** A byte of the buffer. */
    byte at(int index) {
        return index < to ? bytes[index - from] : in.getByte(index);
    }

    /** The line is the one that begins at {@code index} of the buffer. */
    void take(int index, int length) {
        if (index + length > to) {
            copy(index, Math.max(length, ahead));
        }
        start = index - from;
    }

    /**
     * What comes next in a buffer, if it has been copied and no other has been looked at since: to
     * be read at once.
     */
    @Nullable ByteBuf copyOf(ByteBuf wanted, int size) {
        int index = wanted.readerIndex();
        return wanted == in && size > 0 && index >= from && index + size <= to
                ? view.setIndex(index - from, index - from + size)
                : null;
    }

    private void copy(int index, int size) {
        from = index;
        to = Math.min(in.writerIndex(), index + size);
        reserve(to - from);
        in.getBytes(from, bytes, 0, to - from);
    }

    private void reserve(int capacity) {
        if (capacity > bytes.length || bytes.length > KEPT_CAPACITY) {
            int least = capacity > bytes.length ? 2 * bytes.length : AHEAD;
            bytes = new byte[Math.max(capacity, least)];
            view = Unpooled.wrappedBuffer(bytes);
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
        int found = indexOf((byte) wanted, start, start + end);
        return found < 0 ? -1 : found - start;
    }

    /** The index in the array of a byte; -1: it isn't there. */
    private int indexOf(byte wanted, int begin, int end) {
        int i = begin;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long zeros = zeros(word(i) ^ (ONES * wanted));
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (i < end && bytes[i] != wanted) {
            i++;
        }
        return i < end ? i : -1;
    }

    /**
     * Whether a part of the line has nothing but visible characters and spaces of ASCII, as most
     * have that are allowed.
     */
    boolean isPlain(int begin, int end) {
        int i = start + begin;
        int last = start + end - Long.BYTES;
        for (; i <= last; i += Long.BYTES) {
            long word = word(i);
            long low = (word - ONES * ' ') & ~word; // below a space
            if (((low | word) & HIGH_BITS) != 0 || zeros(word ^ (ONES * 0x7F)) != 0) {
                return false;
            }
        }
        while (i < start + end && bytes[i] >= ' ' && bytes[i] != 0x7F) {
            i++;
        }
        return i == start + end;
    }

    private long word(int index) {
        return (long) WORD.get(bytes, index);
    }

    /** Has the high bit of the lowest byte that is 0, and none if there is no such byte. */
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** Whether nothing but spaces and tabs is at a position. */
    boolean isBlankAt(int position) {
        byte b = bytes[start + position];
        return b == ' ' || b == '\t';
    }
}
