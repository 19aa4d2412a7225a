package whirlwind.http.codec;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and inflates the messages of one connection, RFC 7692 section 7.2. Compressor and
 * decompressor live outside the heap and are large (256 and 40 KiB), so each is made when first
 * needed, and kept after a message only if the next one may refer to it.
 *
 * <p>The JDK's zlib and not Netty's handlers for this: those are pipelines of their own for each
 * connection, and can't be told to stop at a limit.
 */
final class MessageDeflate {
    /** What a sender leaves out at the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    /** An empty message: compressing nothing may yield nothing, which would be no block. */
    private static final byte[] EMPTY = {0};

    private static final int FIRST_CAPACITY = 512;

    private final WebSocketTerms.Deflate terms;
    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;

    MessageDeflate(WebSocketTerms.Deflate terms) {
        this.terms = terms;
    }

    byte[] compress(byte[] message) {
        if (message.length == 0) {
            return EMPTY;
        }
        if (deflater == null) {
            deflater = new Deflater(terms.level(), true);
        }
        deflater.setInput(message);
        var out = new byte[Math.max(FIRST_CAPACITY, message.length / 2)];
        int length = 0;
        while (true) {
            length += deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
            if (length < out.length) {
                break;
            }
            out = Arrays.copyOf(out, 2 * out.length);
        }
        if (terms.serverNoContextTakeover()) {
            deflater.end();
            deflater = null;
        }
        return Arrays.copyOf(out, length - TAIL.length);
    }

    /**
     * Inflates a message.
     *
     * @throws WebSocketFault if it gets longer than {@code limit}, or is malformed
     */
    byte[] inflate(byte[] message, int limit) {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            var out = new Inflated(inflater, limit, Math.min(limit, 3 * message.length));
            out.add(message);
            out.add(TAIL);
            return out.bytes();
        } catch (DataFormatException e) {
            throw new WebSocketFault(WebSocketFault.INVALID_PAYLOAD, "malformed compression", e);
        } finally {
            if (terms.clientNoContextTakeover()) {
                inflater.end();
                inflater = null;
            }
        }
    }

    /** Frees what is outside the heap. */
    void close() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    /** A message that is being inflated; it never takes more than its limit and a byte. */
    private static final class Inflated {
        private final Inflater inflater;
        private final int limit;
        private byte[] bytes;
        private int length;

        Inflated(Inflater inflater, int limit, int expected) {
            this.inflater = inflater;
            this.limit = limit;
            this.bytes = new byte[Math.max(FIRST_CAPACITY, expected)];
        }

        void add(byte[] part) throws DataFormatException {
            inflater.setInput(part);
            while (true) {
                int got = inflater.inflate(bytes, length, bytes.length - length);
                length += got;
                if (length > limit) {
                    throw WebSocketFault.tooBig();
                }
                if (inflater.finished()) { // a final block in the midst, section 7.2.3.4
                    int rest = inflater.getRemaining();
                    inflater.reset();
                    if (rest == 0) {
                        return;
                    }
                    inflater.setInput(part, part.length - rest, rest);
                } else if (length == bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(2L * length, limit + 1L));
                } else if (inflater.needsDictionary()) {
                    throw new DataFormatException("needs a dictionary");
                } else if (inflater.needsInput() || got == 0) {
                    return;
                }
            }
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }
    }
}
