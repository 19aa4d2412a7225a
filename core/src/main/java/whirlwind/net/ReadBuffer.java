package whirlwind.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that have come and not been read, in one piece, so that they can be searched. Holds no
 * memory when it is empty.
 */
final class ReadBuffer {
    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes = NOTHING;
    private int start;
    private int end;

    int size() {
        return end - start;
    }

    boolean isEmpty() {
        return start == end;
    }

    void append(ByteBuffer more) {
        int count = more.remaining();
        if (count > bytes.length - end) {
            makeRoom(count);
        }
        more.get(bytes, end, count);
        end += count;
    }

    /** Doubles, so that what is collected in small pieces is copied once on average. */
    private void makeRoom(int count) {
        int needed = Math.addExact(size(), count);
        var target = bytes;
        if (needed > bytes.length / 2) {
            long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 8);
            target = new byte[Math.max(needed, (int) doubled)];
        }
        System.arraycopy(bytes, start, target, 0, size());
        end = size();
        start = 0;
        bytes = target;
    }

    /** Removes the first bytes. */
    byte[] take(int count) {
        if (count == 0) {
            return NOTHING;
        }
        var taken =
                start == 0 && count == bytes.length
                        ? bytes
                        : Arrays.copyOfRange(bytes, start, start + count);
        skip(count);
        return taken;
    }

    /** Moves as much as there is and fits. */
    void takeInto(ByteBuffer target) {
        int count = Math.min(size(), target.remaining());
        target.put(bytes, start, count);
        skip(count);
    }

    private void skip(int count) {
        start += count;
        if (start == end) {
            bytes = NOTHING;
            start = 0;
            end = 0;
        }
    }

    /** Where {@code wanted} begins, looked for from an offset on; -1 if it isn't there. */
    int indexOf(byte[] wanted, int from) {
        int last = end - wanted.length;
        for (int i = start + from; i <= last; i++) {
            if (bytes[i] == wanted[0]
                    && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i - start;
            }
        }
        return -1;
    }

    /** What there is as characters, one for each byte (ISO 8859-1); valid until the next change. */
    CharSequence asCharacters() {
        return new Characters(bytes, start, end);
    }

    private record Characters(byte[] bytes, int start, int end) implements CharSequence {
        @Override
        public int length() {
            return end - start;
        }

        @Override
        public char charAt(int index) {
            return (char) (bytes[start + index] & 0xff);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Characters(bytes, start + from, start + to);
        }
    }
}
