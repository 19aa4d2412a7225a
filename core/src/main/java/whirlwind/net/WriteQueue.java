package whirlwind.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * What was written to a stream: what waits for the transport to take it, and who waits for the
 * kernel to have it.
 */
final class WriteQueue {
    /** What one stream may write before others have their turn. */
    static final int BYTES_PER_TURN = 1 << 20;

    /** What is copied out of the heap for one write. */
    static final int PIECE = 64 << 10;

    /** Done when the kernel has taken so many bytes since the stream began. */
    private record Promise(long end, CompletableFuture<@Nullable Void> future) {}

    private final IOLoop loop;
    private final ArrayDeque<Output> waiting = new ArrayDeque<>(2);
    private final ArrayDeque<Promise> promises = new ArrayDeque<>(2);
    private long added;
    private long taken;
    private long sent;

    WriteQueue(IOLoop loop) {
        this.loop = loop;
    }

    /** The bytes that the kernel hasn't taken. */
    long size() {
        return added - sent;
    }

    CompletableFuture<@Nullable Void> add(Output output) {
        CompletableFuture<@Nullable Void> future = loop.newFuture();
        added += output.size();
        promises.add(new Promise(added, future));
        if (output.size() > 0) {
            waiting.add(output);
        }
        sent(0);
        return future;
    }

    /** What is to be written next; null if nothing waits. */
    @Nullable Output peek() {
        return waiting.peek();
    }

    /** Takes what {@link #peek} gave, a part of a file. */
    void remove() {
        taken += waiting.remove().size();
    }

    /** Goes on with that, some of what {@link #remove} has taken. */
    void putBack(Output rest) {
        taken -= rest.size();
        waiting.addFirst(rest);
    }

    /** Takes bytes to be written together, up to the next part of a file; its user releases it. */
    ByteBuf nextPiece(ByteBufAllocator allocator) {
        var piece = allocator.directBuffer((int) Math.min(added - taken, PIECE));
        while (piece.isWritable() && waiting.peek() instanceof Output.Bytes(var bytes)) {
            int count = Math.min(bytes.remaining(), piece.writableBytes());
            piece.writeBytes(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            if (!bytes.hasRemaining()) {
                waiting.remove();
            }
        }
        taken += piece.readableBytes();
        return piece;
    }

    /** The kernel has taken so many bytes more. */
    void sent(long count) {
        sent += count;
        for (var first = promises.peek();
                first != null && first.end <= sent;
                first = promises.peek()) {
            promises.remove();
            first.future.complete(null);
        }
    }

    /** Forgets what the transport has not taken; {@link #fail} follows. */
    void drop() {
        waiting.clear();
    }

    /** Forgets everything; whoever waits gets the failure. */
    void fail(StreamClosedException failure) {
        drop();
        sent = added;
        for (var first = promises.poll(); first != null; first = promises.poll()) {
            first.future.completeExceptionally(failure);
        }
    }
}
