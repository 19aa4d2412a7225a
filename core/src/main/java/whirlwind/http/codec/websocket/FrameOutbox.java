package whirlwind.http.codec.websocket;

import java.util.concurrent.CompletableFuture;
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

    private final WebSocketHost host;

    /** Bytes that only this one keeps, as it doesn't frames that go to many. */
    private long own;

    /** A message is being sent in parts. */
    private boolean withinMessage;

    /** A ping that has no answer yet. */
    private byte @Nullable [] owed;

    FrameOutbox(@Nullable MessageDeflate deflate, WebSocketHost host) {
        this.deflate = deflate;
        this.host = host;
    }

    /**
     * Adds a message that is encoded already, unless this connection needs it in another form.
     *
     * @throws IllegalStateException if another is being sent in parts
     */
    void put(SharedFrame frame) {
        var compressing = Frames.opcode(frame.message()) < Frames.CLOSE ? deflate : null;
        if (host.masks != null || (compressing != null && !compressing.takesShared())) {
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
    private void putControl(int opcode, byte[] payload) {
        putFrame(Frames.FIN | opcode, payload);
    }

    private void putFrame(int first, byte[] payload) {
        var masks = host.masks;
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
        host.quota.resized(own, size);
        own = size;
    }

    /** Done at once while little enough waits, else when nothing does. */
    CompletableFuture<@Nullable Void> whenTaken() {
        return whenTaken(host.loop, host.writeHighWater);
    }

    /** Whether so much waits that whoever sends is told to wait. */
    boolean isHigh() {
        return size() > host.writeHighWater;
    }

    /** Whether more may be added. */
    boolean hasRoom() {
        return size() <= host.maxWriteBuffer && !exceedsQuota();
    }

    /** Whether it is one of those by which all have too much. */
    boolean exceedsQuota() {
        return own > MemoryQuota.FREE && host.quota.isExceeded();
    }

    /** Why there is no room, behind "and". */
    String complaint() {
        return exceedsQuota()
                ? "all together have more in memory than memoryQuota"
                : "the sender goes on without awaiting send()";
    }

    // ---- what it remembers ----

    /** Whether there is something to remember though nothing waits. */
    boolean isWithinMessage() {
        return withinMessage;
    }

    /**
     * Answers a ping; whether at once. Of pings that come while the peer takes nothing, the last is
     * enough, section 5.5.3: its answer is owed, and not put behind what waits.
     */
    boolean answer(byte[] ping) {
        if (isHigh()) {
            owed = ping;
            return false;
        }
        putControl(Frames.PONG, ping);
        return true;
    }

    /** Takes the ping that has no answer yet; null for none. */
    byte @Nullable [] takeOwed() {
        var answer = owed;
        owed = null;
        return answer;
    }
}
