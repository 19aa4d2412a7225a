package whirlwind.web.compression;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Compresses one body, piece by piece. Confined to one thread at a time. */
public final class Compressor implements AutoCloseable {
    private final ByteArrayOutputStream sink = new ByteArrayOutputStream();
    private final OutputStream coding;

    Compressor(ContentCoding coding) {
        try {
            this.coding = coding.wrap(sink);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The next piece, compressed. What it gives can be decompressed at once, without waiting for
     * the next; the fewer the pieces, the shorter the whole.
     *
     * @param last whether it is the last piece, after which this is closed
     */
    public byte[] compress(byte[] piece, boolean last) {
        try {
            coding.write(piece);
            if (last) {
                coding.close();
            } else {
                coding.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("compressing a response", e);
        }
        var bytes = sink.toByteArray();
        sink.reset();
        return bytes;
    }

    /** Gives memory back that the garbage collector knows nothing of. Twice is once. */
    @Override
    public void close() {
        try {
            coding.close();
        } catch (IOException e) {
            throw new UncheckedIOException("compressing a response", e);
        }
    }
}
