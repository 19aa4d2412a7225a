package whirlwind.escape.pool;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.BufferRecycler;

/** Those of one user at a time, who needs no atomic operations as Jackson's do. */
final class Buffers extends BufferRecycler {
    private final byte[] @Nullable [] bytes = new byte[4][];
    private final char[] @Nullable [] chars = new char[4][];

    @Override
    public byte[] allocByteBuffer(int index, int minSize) {
        var kept = bytes[index];
        bytes[index] = null;
        return kept != null && kept.length >= minSize
                ? kept
                : balloc(Math.max(minSize, byteBufferLength(index)));
    }

    @Override
    public void releaseByteBuffer(int index, byte[] buffer) {
        var kept = bytes[index];
        if (kept == null || buffer.length > kept.length) {
            bytes[index] = buffer;
        }
    }

    @Override
    public char[] allocCharBuffer(int index, int minSize) {
        var kept = chars[index];
        chars[index] = null;
        return kept != null && kept.length >= minSize
                ? kept
                : calloc(Math.max(minSize, charBufferLength(index)));
    }

    @Override
    public void releaseCharBuffer(int index, char[] buffer) {
        var kept = chars[index];
        if (kept == null || buffer.length > kept.length) {
            chars[index] = buffer;
        }
    }
}
