package whirlwind.http.codec.websocket;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses and inflates the messages of one connection, RFC 7692 section 7.2. Compressor and
 * decompressor live outside the heap and are large (256 and 40 KiB), so each is made when first
 * needed, and kept after a message only if the next one may refer to it; {@link DeflateMemory}
 * bounds how many are.
 *
 * <p>The JDK's zlib and not Netty's handlers for this: those are pipelines of their own for each
 * connection, and can't be told to stop at a limit.
 */
final class MessageDeflate {
    /** The largest window, and the only one that the JDK's zlib has. */
    static final int MAX_WINDOW_BITS = 15;

    /** What a sender leaves out at the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    /** An empty message: compressing nothing may yield nothing, which would be no block. */
    private static final byte[] EMPTY = {0};

    private static final int FIRST_CAPACITY = 512;

    /**
     * What was agreed on, seen from this end.
     *
     * @param level of the compressor
     * @param windowBits how far back what is sent may refer, as a power of two
     * @param sendsAlone whether a message that is sent refers to none before it
     * @param receivesAlone whether those that come don't
     */
    record Terms(int level, int windowBits, boolean sendsAlone, boolean receivesAlone) {}

    private final Terms terms;
    private final DeflateMemory memory;
    private @Nullable Deflater deflater;
    private @Nullable Inflater inflater;

    MessageDeflate(Terms terms, DeflateMemory memory) {
        this.terms = terms;
        this.memory = memory;
        memory.joined(terms);
    }

    // ---- sending ----

    /** Whether a message may be sent that somebody compressed by itself. */
    boolean takesShared() {
        return terms.windowBits() == MAX_WINDOW_BITS;
    }

    /** A whole message, or a part of one. */
    byte[] compress(byte[] message, boolean last) {
        var out = message.length > 0 ? compressSome(message, last) : last ? EMPTY : message;
        if (last && terms.sendsAlone()) {
            forgetSent();
        }
        return out;
    }

    private byte[] compressSome(byte[] message, boolean last) {
        if (deflater == null) {
            deflater = new Deflater(terms.level(), true);
        }
        memory.used(this);
        var out = compress(deflater, message, terms.windowBits());
        return last ? Arrays.copyOf(out, out.length - TAIL.length) : out;
    }

    /** A whole message by itself. */
    static byte[] compressAlone(byte[] message) {
        if (message.length == 0) {
            return EMPTY;
        }
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            var out = compress(deflater, message, MAX_WINDOW_BITS);
            return Arrays.copyOf(out, out.length - TAIL.length);
        } finally {
            deflater.end();
        }
    }

    /**
     * The compressor's own window is always the largest. A smaller one is kept to by having it
     * forget everything after as many bytes: nothing refers further back than that.
     */
    private static byte[] compress(Deflater deflater, byte[] message, int windowBits) {
        boolean all = windowBits == MAX_WINDOW_BITS;
        int flush = all ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH;
        int step = all ? message.length : 1 << windowBits;
        var out = new byte[Math.max(FIRST_CAPACITY, message.length / 2)];
        int length = 0;
        for (int from = 0; from < message.length; from += step) {
            deflater.setInput(message, from, Math.min(step, message.length - from));
            while (true) {
                length += deflater.deflate(out, length, out.length - length, flush);
                if (length < out.length) {
                    break;
                }
                out = Arrays.copyOf(out, 2 * out.length);
            }
        }
        return Arrays.copyOf(out, length);
    }

    /**
     * The next message that is sent refers to none before it, which a sender may do whatever was
     * agreed on.
     */
    void forgetSent() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
            memory.forgotten(this);
        }
    }

    // ---- receiving ----

    /**
     * Inflates some of a message.
     *
     * @throws WebSocketFault if it gets too long, or is malformed
     */
    void inflate(byte[] compressed, IncomingMessage into) {
        if (inflater == null) {
            inflater = new Inflater(true);
        }
        try {
            inflate(inflater, compressed, into);
        } catch (DataFormatException e) {
            throw new WebSocketFault(WebSocketFault.INVALID_PAYLOAD, "malformed compression", e);
        }
    }

    /** The message is whole. */
    void inflateEnd(IncomingMessage into) {
        inflate(TAIL, into);
        if (terms.receivesAlone() && inflater != null) {
            inflater.end();
            inflater = null;
        }
    }

    private static void inflate(Inflater inflater, byte[] compressed, IncomingMessage into)
            throws DataFormatException {
        inflater.setInput(compressed);
        while (true) {
            var room = into.room();
            int free = room.length - into.length();
            int got = inflater.inflate(room, into.length(), free);
            into.inflated(got);
            if (inflater.finished()) { // a final block in the midst, section 7.2.3.4
                int rest = inflater.getRemaining();
                inflater.reset();
                if (rest == 0) {
                    return;
                }
                inflater.setInput(compressed, compressed.length - rest, rest);
            } else if (inflater.needsDictionary()) {
                throw new DataFormatException("needs a dictionary");
            } else if (got < free) {
                return;
            }
        }
    }

    /** Frees what is outside the heap. */
    void close() {
        forgetSent();
        memory.left(terms);
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }
}
