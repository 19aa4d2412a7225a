package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Text of HTTP's headers, a byte for each character. */
final class Latin1 {
    private Latin1() {}

    /** A C string. */
    static MemorySegment terminated(String text, Arena arena) {
        return arena.allocateFrom(text, ISO_8859_1);
    }

    /** Without line ends. */
    static String line(long address, int length) {
        var bytes = new byte[length];
        MemorySegment.copy(Libcurl.MEMORY, JAVA_BYTE, address, bytes, 0, length);
        int end = length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return new String(bytes, 0, end, ISO_8859_1);
    }
}
