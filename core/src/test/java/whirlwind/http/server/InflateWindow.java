package whirlwind.http.server;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads deflated data (RFC 1951) only to see how far back it refers: the JDK's inflater has the
 * largest window and would not notice.
 */
final class InflateWindow {
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] ORDER = {
        16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
    };

    private final byte[] data;
    private int position;

    private InflateWindow(byte[] data) {
        this.data = data;
    }

    /** The longest distance in a message without its tail. */
    static int longestDistance(byte[] message) {
        var reader = new InflateWindow(WsClient.joined(message, new byte[] {0, 0, -1, -1}));
        int longest = 0;
        while (reader.data.length * 8 - reader.position >= 8) {
            longest = Math.max(longest, reader.block());
        }
        return longest;
    }

    private int bits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++, position++) {
            value |= ((data[position / 8] >> (position % 8)) & 1) << i;
        }
        return value;
    }

    private int block() {
        bits(1);
        switch (bits(2)) {
            case 0 -> {
                position = (position + 7) / 8 * 8;
                int length = bits(16);
                bits(16);
                position += 8 * length;
                return 0;
            }
            case 1 -> {
                var lengths = new int[288];
                for (int i = 0; i < 288; i++) {
                    lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
                }
                var distances = new int[30];
                java.util.Arrays.fill(distances, 5);
                return codes(new Code(lengths), new Code(distances));
            }
            case 2 -> {
                int literals = bits(5) + 257;
                int distances = bits(5) + 1;
                int count = bits(4) + 4;
                var lengths = new int[19];
                for (int i = 0; i < count; i++) {
                    lengths[ORDER[i]] = bits(3);
                }
                var all = lengths(new Code(lengths), literals + distances);
                return codes(
                        new Code(java.util.Arrays.copyOf(all, literals)),
                        new Code(java.util.Arrays.copyOfRange(all, literals, all.length)));
            }
            default -> throw new AssertionError("no such block");
        }
    }

    private int[] lengths(Code code, int count) {
        var all = new int[count];
        for (int i = 0; i < count; ) {
            int symbol = code.read();
            if (symbol < 16) {
                all[i++] = symbol;
            } else {
                int value = symbol == 16 ? all[i - 1] : 0;
                int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
                for (; times > 0; times--) {
                    all[i++] = value;
                }
            }
        }
        return all;
    }

    private int codes(Code literals, Code distances) {
        int longest = 0;
        for (int symbol; (symbol = literals.read()) != 256; ) {
            if (symbol > 256) {
                bits(LENGTH_EXTRA[symbol - 257]);
                int distance = distances.read();
                int extra = distance < 4 ? 0 : distance / 2 - 1;
                longest = Math.max(longest, DISTANCE_BASE[distance] + bits(extra));
            }
        }
        return longest;
    }

    /** A Huffman code by its lengths, section 3.2.2. */
    private final class Code {
        private final List<int[]> entries = new ArrayList<>(); // length, code, symbol

        Code(int[] lengths) {
            int code = 0;
            for (int length = 1; length <= 15; length++) {
                code <<= 1;
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        entries.add(new int[] {length, code++, symbol});
                    }
                }
            }
        }

        int read() {
            int code = 0;
            int length = 0;
            for (var entry : entries) {
                while (length < entry[0]) {
                    code = code << 1 | bits(1);
                    length++;
                }
                if (entry[1] == code) {
                    return entry[2];
                }
            }
            throw new AssertionError("no such code");
        }
    }
}
