package whirlwind.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;

/**
 * What was written to a stream: what waits for the transport to take it, and who waits for the
 * kernel to have it.
 */
final class WriteQueue {
    /** Done when the kernel has taken so many bytes since the stream began. */
    private record Promise(long end, CompletableFuture<@Nullable Void> future) {}

    private final IOLoop loop;
    private final ArrayDeque<Output> waiting = new ArrayDeque<>(2);
    private final ArrayDeque<Promise> promises = new ArrayDeque<>(2);
    private long added;
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

    /** Takes what {@link #peek} gave. */
    void remove() {
        waiting.remove();
    }

    /** Goes on with that, the rest of what {@link #remove} has taken. */
    void putBack(Output rest) {
        waiting.addFirst(rest);
    }

    /** Takes bytes, up to the target's limit or the next part of a file. */
    void takeInto(ByteBuffer target) {
        while (target.hasRemaining() && waiting.peek() instanceof Output.Bytes(var bytes)) {
            int count = Math.min(bytes.remaining(), target.remaining());
            target.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            if (!bytes.hasRemaining()) {
                waiting.remove();
            }
        }
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

    /** Forgets everything; whoever waits gets the failure. */
    void fail(StreamClosedException failure) {
        waiting.clear();
        sent = added;
        for (var first = promises.poll(); first != null; first = promises.poll()) {
            first.future.completeExceptionally(failure);
        }
    }
}
