package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.IdentityHashMap;

/**
 * With what the connections of one loop write: the array that heads and small pieces are put
 * together in, and the buffers of what goes to many of them in this turn.
 */
public final class Pen {
    final Scratch scratch = new Scratch();
    private final IdentityHashMap<Output.Shared, ByteBuf> shared = new IdentityHashMap<>();

    /** Only {@link Corks} know when a turn ends. */
    Pen() {}

    /** A view of the one buffer that has these bytes in this turn. */
    ByteBuf shared(Output.Shared output, ByteBufAllocator allocator) {
        var buffer = shared.get(output);
        if (buffer == null) {
            buffer = allocator.directBuffer(output.size()).writeBytes(output.bytes);
            shared.put(output, buffer);
        }
        return buffer.retainedDuplicate();
    }

    /** What was shared belongs to those who got it now. */
    void endTurn() {
        if (!shared.isEmpty()) {
            shared.values().forEach(ByteBuf::release);
            shared.clear();
        }
    }
}
