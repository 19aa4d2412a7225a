package whirlwind.http.codec.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at UTF-8 as it comes, piece by piece, and knows at each byte whether it may go on so. */
final class Utf8Check {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long NOT_ASCII = 0x8080808080808080L;

    /** How many bytes of the character that is coming are missing. */
    private int missing;

    /** How many have come. */
    private int begun;

    // What the next of them may be: not all that follow a first byte may (RFC 3629 section 4).
    private int lowest;
    private int highest;

    /** Whether the bytes from {@code from} to before {@code to} may follow those looked at. */
    boolean accepts(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (missing > 0) {
                int next = bytes[i] & 0xFF;
                if (next < lowest || next > highest) {
                    return false;
                }
                expect(missing - 1, begun + 1, 0x80, 0xBF);
            } else {
                i = endOfAscii(bytes, i, to);
                if (i < to && !begins(bytes[i] & 0xFF)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many bytes at the end are the start of a character that isn't whole. */
    int incomplete() {
        return missing == 0 ? 0 : begun;
    }

    private static int endOfAscii(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < to && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    /** The table of RFC 3629 section 4, but for its first line, which is ASCII. */
    private boolean begins(int first) {
        if (first < 0xC2 || first > 0xF4) {
            return false;
        }
        if (first < 0xE0) {
            expect(1, 1, 0x80, 0xBF);
        } else if (first < 0xF0) {
            expect(2, 1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
        } else {
            expect(3, 1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
        }
        return true;
    }

    private void expect(int missing, int begun, int lowest, int highest) {
        this.missing = missing;
        this.begun = begun;
        this.lowest = lowest;
        this.highest = highest;
    }
}
