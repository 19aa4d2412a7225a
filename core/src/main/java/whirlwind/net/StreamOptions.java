package whirlwind.net;

/**
 * What a stream keeps in memory at most; all in bytes. Start from {@link #DEFAULTS} and change what
 * you need. Tornado: the arguments of {@code BaseIOStream}.
 *
 * @param maxBufferSize bytes that a read may collect before it is done; more closes the stream
 * @param readChunkSize bytes that are taken from the kernel at once; never more than half of {@code
 *     maxBufferSize}
 * @param maxWriteBufferSize bytes that may wait until the kernel takes them; a write beyond that
 *     throws {@link StreamBufferFullException}
 */
public record StreamOptions(int maxBufferSize, int readChunkSize, long maxWriteBufferSize) {
    /** Buffers of 100 MiB in either direction, chunks of 64 KiB. */
    public static final StreamOptions DEFAULTS = new StreamOptions(100 << 20, 64 << 10, 100L << 20);

    /**
     * Checks the ranges and clips the chunk's size.
     *
     * @throws IllegalArgumentException if a size is too small
     */
    public StreamOptions {
        requireAtLeast("maxBufferSize", maxBufferSize, 2);
        requireAtLeast("readChunkSize", readChunkSize, 1);
        requireAtLeast("maxWriteBufferSize", maxWriteBufferSize, 1);
        readChunkSize = Math.min(readChunkSize, maxBufferSize / 2);
    }

    private static void requireAtLeast(String name, long value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s: %d bytes (at least %d)".formatted(name, value, least));
        }
    }

    /** These options with another limit for what a read may collect. */
    public StreamOptions withMaxBufferSize(int maxBufferSize) {
        return new StreamOptions(maxBufferSize, readChunkSize, maxWriteBufferSize);
    }

    /** These options with other chunks. */
    public StreamOptions withReadChunkSize(int readChunkSize) {
        return new StreamOptions(maxBufferSize, readChunkSize, maxWriteBufferSize);
    }

    /** These options with another limit for what may wait to be written. */
    public StreamOptions withMaxWriteBufferSize(long maxWriteBufferSize) {
        return new StreamOptions(maxBufferSize, readChunkSize, maxWriteBufferSize);
    }
}
