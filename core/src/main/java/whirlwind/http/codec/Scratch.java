package whirlwind.http.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes being put together. There is one per server, used over and over: text goes through an array
 * of the heap much faster than byte by byte into a buffer, and nothing is allocated.
 */
public final class Scratch {
    private static final int FIRST_CAPACITY = 4096;

    /** What one huge head made of the array is given back. */
    private static final int KEPT_CAPACITY = 64 << 10;

    private byte[] array = new byte[FIRST_CAPACITY];
    private int length;

    /** What has the bytes, from its start on. */
    public byte[] array() {
        return array;
    }

    /** How many there are. */
    public int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (array.length > KEPT_CAPACITY) {
            array = new byte[FIRST_CAPACITY];
        }
    }

    /** Text whose characters are bytes, as the grammar of headers guarantees. */
    @SuppressWarnings(
            "deprecation") // for losing the high bytes, which are zero; and it copies in one go
    public void latin1(String text) {
        int size = text.length();
        reserve(size);
        text.getBytes(0, size, array, length);
        length += size;
    }

    /** Adds all of an array. */
    public void bytes(byte[] bytes) {
        bytes(bytes, 0, bytes.length);
    }

    void bytes(byte[] bytes, int offset, int size) {
        reserve(size);
        System.arraycopy(bytes, offset, array, length, size);
        length += size;
    }

    /** In decimal digits; not negative. */
    public void number(long number) {
        reserve(20);
        int end = length + 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            end++;
        }
        long rest = number;
        for (int at = end - 1; at >= length; at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length = end;
    }

    private void reserve(int size) {
        if (array.length - length < size) {
            array = Arrays.copyOf(array, Math.max(2 * array.length, length + size));
        }
    }

    /** Text as bytes, for what is sent over and over. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
