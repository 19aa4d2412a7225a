package whirlwind.http.codec.websocket;

import org.jspecify.annotations.Nullable;
import whirlwind.http.WebSocketMessage;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.Output;

/**
 * What waits to be written to one WebSocket: the writing half, in which messages become frames, RFC
 * 6455 section 5. {@link MessageReader} is the other.
 */
final class FrameOutbox extends Outbox {
    /** Longer payloads go out behind their header instead of being copied together with it. */
    private static final int JOINED = 16 << 10;

    /** Null: messages are not compressed. */
    private final @Nullable MessageDeflate deflate;

    /** What a client masks with; null: this is a server's. */
    private final @Nullable Masks masks;

    /** Bounds what waits for all. */
    private final MemoryQuota quota;

    /** Bytes that only this one keeps, as it doesn't frames that go to many. */
    private long own;

    /** A message is being sent in parts. */
    private boolean withinMessage;

    /** What {@link #owe} was given. */
    private byte @Nullable [] owed;

    FrameOutbox(@Nullable MessageDeflate deflate, @Nullable Masks masks, MemoryQuota quota) {
        this.deflate = deflate;
        this.masks = masks;
        this.quota = quota;
    }

    /**
     * Adds a message that is encoded already, unless this connection needs it in another form.
     *
     * @throws IllegalStateException if another is being sent in parts
     */
    void put(SharedFrame frame) {
        var compressing = Frames.opcode(frame.message()) < Frames.CLOSE ? deflate : null;
        if (masks != null || (compressing != null && !compressing.takesShared())) {
            put(frame.message());
            return;
        }
        requireNoneWithin(frame.message());
        if (compressing == null) {
            add(frame.plain());
        } else {
            add(frame.compressed());
            compressing.forgetSent(); // the peer has seen something that our compressor hasn't
        }
    }

    /**
     * Adds a message, or a part of one.
     *
     * @throws IllegalStateException if another is being sent in parts
     */
    void put(WebSocketMessage message) {
        int opcode = Frames.opcode(message);
        if (opcode >= Frames.CLOSE) {
            putControl(opcode, Frames.payload(message));
            return;
        }
        boolean last =
                switch (message) {
                    case WebSocketMessage.TextPart(_, boolean end) -> end;
                    case WebSocketMessage.BinaryPart(_, boolean end) -> end;
                    default -> {
                        requireNoneWithin(message);
                        yield true;
                    }
                };
        int first = (last ? Frames.FIN : 0) | (withinMessage ? Frames.CONTINUATION : opcode);
        var payload = Frames.payload(message);
        if (deflate != null) {
            first |= withinMessage ? 0 : Frames.RSV1;
            payload = deflate.compress(payload, last);
        }
        withinMessage = !last;
        putFrame(first, payload);
    }

    private void requireNoneWithin(WebSocketMessage message) {
        if (withinMessage && Frames.opcode(message) < Frames.CLOSE) {
            throw new IllegalStateException(
                    "a message is being sent in parts, and its last part hasn't been sent");
        }
    }

    /** Adds a control frame, which may come within a message. */
    void putControl(int opcode, byte[] payload) {
        putFrame(Frames.FIN | opcode, payload);
    }

    private void putFrame(int first, byte[] payload) {
        if (masks != null) {
            add(new Output.Bytes(Frames.maskedFrame(first, payload, masks.next())));
        } else if (payload.length <= JOINED) {
            add(new Output.Bytes(Frames.frame(first, payload)));
        } else {
            add(new Output.Bytes(Frames.header(first, payload.length)));
            add(new Output.Bytes(payload));
        }
    }

    // ---- what it takes ----

    @Override
    public void add(Output output) {
        super.add(output);
        if (output instanceof Output.Bytes) {
            resizeOwn(own + output.size());
        }
    }

    @Override
    protected void written(int size) {
        resizeOwn(own - size);
    }

    @Override
    public void fail(RuntimeException failure) {
        super.fail(failure);
        resizeOwn(0);
    }

    private void resizeOwn(long size) {
        quota.resized(own, size);
        own = size;
    }

    /** Whether it is one of those by which all have too much. */
    boolean exceedsQuota() {
        return own > MemoryQuota.FREE && quota.isExceeded();
    }

    // ---- what it remembers ----

    /** Whether there is something to remember though nothing waits. */
    boolean isWithinMessage() {
        return withinMessage;
    }

    /** Keeps an answer that must not be put behind what waits; instead of the last such one. */
    void owe(byte[] answer) {
        owed = answer;
    }

    /** Takes that answer back. */
    byte @Nullable [] takeOwed() {
        var answer = owed;
        owed = null;
        return answer;
    }
}
