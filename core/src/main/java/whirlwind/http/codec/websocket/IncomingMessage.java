package whirlwind.http.codec.websocket;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedTextException;
import whirlwind.escape.Utf8;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Output;

/**
 * A message that isn't whole yet, RFC 6455 section 5.4: what has come of it, unmasked and inflated,
 * and how much of a frame is still to come. It grows with what comes, never by what is announced.
 */
final class IncomingMessage {
    /** Nothing says how long a message of empty fragments may get but this. */
    private static final int MAX_EMPTY_FRAGMENTS = 1000;

    private static final int POLICY_VIOLATION = 1008;
    private static final int FIRST_CAPACITY = 512;

    /** Where it is told in parts, so much compressed is inflated at a time: at most to a MiB. */
    private static final int INFLATED_AT_A_TIME = 1024;

    private final int opcode;

    /** Null: it isn't compressed. */
    private final @Nullable MessageDeflate deflate;

    /** How many bytes it may have at a time. */
    private final int limit;

    private final boolean inParts;
    private final MemoryQuota quota;
    private byte[] bytes = Output.NOTHING;
    private int length;

    /** How much of it has been found to be UTF-8. */
    private int checked;

    private @Nullable Utf8Check utf8;
    private boolean last;
    private long missing;

    /** Turns with each byte, so that the next is always masked by its first. */
    private int mask;

    private int emptyFragments;
    private boolean grown;

    /** With what inflates it, or null; in parts it may be longer than the limit. */
    IncomingMessage(
            int opcode,
            @Nullable MessageDeflate deflate,
            int limit,
            boolean inParts,
            MemoryQuota quota) {
        this.opcode = opcode;
        this.deflate = deflate;
        this.limit = limit;
        this.inParts = inParts;
        this.quota = quota;
    }

    /** Another of its frames begins. */
    void begin(Frames.Header frame) {
        if (!inParts && frame.length() > limit - length && (deflate == null || isHopeless(frame))) {
            throw WebSocketFault.tooBig();
        }
        if (frame.length() == 0 && !frame.fin() && ++emptyFragments > MAX_EMPTY_FRAGMENTS) {
            throw new WebSocketFault(POLICY_VIOLATION, "too many empty fragments", null);
        }
        last = frame.fin();
        missing = frame.length();
        mask = frame.mask();
    }

    /** Not every compressed message is smaller, but none that is compressed is much larger. */
    private boolean isHopeless(Frames.Header frame) {
        return frame.length() > limit + (limit >> 10) + FIRST_CAPACITY;
    }

    /** Whether it ends with what has come. */
    boolean isWhole() {
        return last && missing == 0;
    }

    /** Whether the frame that is coming isn't whole. */
    boolean isWithinFrame() {
        return missing > 0;
    }

    /** Whether something has come since this was last asked. */
    boolean hasGrown() {
        boolean had = grown;
        grown = false;
        return had;
    }

    int length() {
        return length;
    }

    /** Takes what is there of the frame. */
    void read(ByteBuf in) {
        int most = deflate != null && inParts ? INFLATED_AT_A_TIME : Integer.MAX_VALUE;
        int size = (int) Math.min(missing, Math.min(in.readableBytes(), most));
        grown = true;
        missing -= size;
        if (deflate == null) {
            reserve(size);
            read(in, bytes, length, size);
            length += size;
        } else {
            var compressed = new byte[size];
            read(in, compressed, 0, size);
            deflate.inflate(compressed, this);
        }
        if (isWhole() && deflate != null) {
            deflate.inflateEnd(this);
        }
    }

    private void read(ByteBuf in, byte[] target, int at, int size) {
        in.readBytes(target, at, size);
        mask = Frames.unmask(target, at, size, mask);
    }

    private void reserve(int more) {
        if (more > bytes.length - length) {
            resize(Math.max(length + more, (int) Math.min(2L * length, limit)));
        }
    }

    private void resize(int capacity) {
        if (!quota.grow(bytes.length, capacity)) {
            throw WebSocketFault.tryAgainLater();
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /** Nothing is wanted of it any more. */
    void release() {
        quota.resized(bytes.length, 0);
        bytes = Output.NOTHING;
    }

    // ---- for who inflates ----

    /** The array to inflate into, from {@link #length} on; there is room for a byte at least. */
    byte[] room() {
        if (length == bytes.length) {
            long wanted = inParts ? 2L * length : Math.min(2L * length, limit + 1L);
            resize((int) Math.max(wanted, FIRST_CAPACITY));
        }
        return bytes;
    }

    /** So much has been inflated. */
    void inflated(int size) {
        length += size;
        if (!inParts && length > limit) {
            throw WebSocketFault.tooBig();
        }
    }

    // ---- what it says ----

    /** Finds out whether it can still become text, if that is what it has to be. */
    void check() {
        if (opcode != Frames.TEXT) {
            return;
        }
        if (utf8 == null) {
            utf8 = new Utf8Check();
        }
        if (!utf8.accepts(bytes, checked, length)) {
            throw WebSocketFault.notUtf8(null);
        }
        checked = length;
    }

    /** All of it. */
    WebSocketMessage whole() {
        return opcode == Frames.TEXT
                ? new WebSocketMessage.Text(text(bytes, 0, length))
                : new WebSocketMessage.Binary(taken(length));
    }

    /** What has come since the last part; of a text all characters that are whole. */
    WebSocketMessage part() {
        if (opcode != Frames.TEXT) {
            var part = new WebSocketMessage.BinaryPart(taken(length), isWhole());
            length = 0;
            return part;
        }
        if (isWhole()) {
            return new WebSocketMessage.TextPart(text(bytes, 0, length), true);
        }
        check();
        int rest = utf8 == null ? 0 : utf8.incomplete();
        var part = new WebSocketMessage.TextPart(text(bytes, 0, length - rest), false);
        System.arraycopy(bytes, length - rest, bytes, 0, rest);
        length = rest;
        checked = rest;
        return part;
    }

    private byte[] taken(int size) {
        var taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        release();
        return taken;
    }

    /** UTF-8 and nothing else, RFC 6455 section 8.1. */
    static String text(byte[] bytes, int from, int to) {
        try {
            return Utf8.decode(bytes, from, to - from);
        } catch (MalformedTextException e) {
            throw WebSocketFault.notUtf8(e);
        }
    }
}
