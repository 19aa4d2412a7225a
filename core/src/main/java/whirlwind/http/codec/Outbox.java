package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.OpenFileRegion;

/**
 * What waits to be written to one connection, and who waits for that. Coroutines add; the loop's
 * own thread {@linkplain #drain drains}, no further than the client takes it: what a slow client
 * leaves stays here, on the heap, where it can be counted, and not in direct memory.
 */
public class Outbox {
    /** What is put together for one write; larger bodies go in pieces of that size. */
    private static final int PIECE = 128 << 10;

    /**
     * Up to that size bytes are gathered with what comes before them, larger ones copied only once.
     */
    private static final int SMALL = 1024;

    /** What it takes on the heap to have one more thing wait, apart from its bytes. */
    private static final int NODE_BYTES = 64;

    /** What one connection may write before others have their turn. */
    private static final int BYTES_PER_TURN = 1 << 20;

    private static final CompletableFuture<@Nullable Void> DONE =
            CompletableFuture.completedFuture(null);

    private static final class Node {
        Output output;
        @Nullable Node next;

        Node(Output output) {
            this.output = output;
        }
    }

    private @Nullable Node first;
    private @Nullable Node last;

    /** How much of the first one has been written, if that is {@link Output.Bytes}. */
    private int offset;

    /** Files that are sent now. */
    private @Nullable ArrayDeque<Output.FileRange> withKernel;

    private long bytes;
    private int nodes;
    private @Nullable ArrayDeque<CompletableFuture<@Nullable Void>> waiters;

    /** Whether nothing waits. */
    public final boolean isEmpty() {
        return first == null;
    }

    /** About how much memory is taken by what waits, in bytes. */
    public final long size() {
        return bytes + (long) NODE_BYTES * nodes;
    }

    /** Puts something behind what waits. */
    public void add(Output output) {
        var node = new Node(output);
        if (last == null) {
            first = node;
        } else {
            last.next = node;
        }
        last = node;
        nodes++;
        bytes += output.size();
    }

    /** So much of {@link Output.Bytes} has been written. */
    protected void written(int size) {}

    /** Done at once if no more than {@code highWater} bytes wait, else when nothing does. */
    public final CompletableFuture<@Nullable Void> whenTaken(IOLoop loop, int highWater) {
        if (bytes <= highWater) {
            return DONE;
        }
        if (waiters == null) {
            waiters = new ArrayDeque<>();
        }
        // One future for each caller, for a coroutine that is cancelled cancels what it waits for.
        CompletableFuture<@Nullable Void> waiter = loop.newFuture();
        waiters.add(waiter);
        return waiter;
    }

    /** Writes while the channel takes it; whether nothing is left. On the loop's own thread. */
    public final boolean drain(ChannelHandlerContext ctx, Pen pen) {
        var channel = ctx.channel();
        int left = BYTES_PER_TURN;
        while (first != null && left > 0 && channel.isWritable()) {
            if (first.output instanceof Output.FileRange range) {
                removeFirst(0);
                left -= (int) Math.min(range.count(), left);
                write(ctx, range);
            } else {
                var piece = nextPiece(PIECE, ctx.alloc(), pen);
                left -= piece.readableBytes();
                ctx.write(piece, ctx.voidPromise());
            }
            if (!channel.isWritable() || first == null) {
                ctx.flush();
            }
        }
        if (first != null && left <= 0) {
            ctx.flush();
        }
        if (first == null) {
            completeWaiters();
        }
        return first == null;
    }

    /** One that breaks off breaks the message: then the connection is closed, and all fail. */
    private void write(ChannelHandlerContext ctx, Output.FileRange range) {
        var files = withKernel == null ? new ArrayDeque<Output.FileRange>(1) : withKernel;
        withKernel = files;
        files.add(range);
        ctx.write(new OpenFileRegion(range.file(), range.offset(), range.count()))
                .addListener(done -> {
                    if (done.isSuccess()) {
                        files.remove(range);
                        range.sent().complete(null);
                    } else {
                        ctx.close();
                    }
                });
    }

    /** Takes out bytes, at most so many; there must be some. */
    public final ByteBuf poll(int most, ByteBufAllocator allocator, Pen pen) {
        return nextPiece(most, allocator, pen);
    }

    /** Tells who waits, if nothing is left. */
    public final void settle() {
        if (first == null) {
            completeWaiters();
        }
    }

    private void completeWaiters() {
        if (waiters == null) {
            return;
        }
        var done = waiters;
        waiters = null;
        done.forEach(waiter -> waiter.complete(null));
    }

    /** Forgets what waits; whoever waits for it gets {@code failure}. */
    public void fail(RuntimeException failure) {
        if (withKernel != null) {
            withKernel.forEach(range -> range.sent().completeExceptionally(failure));
            withKernel = null;
        }
        for (var node = first; node != null; node = node.next) {
            if (node.output instanceof Output.FileRange range) {
                range.sent().completeExceptionally(failure);
            }
        }
        first = null;
        last = null;
        nodes = 0;
        bytes = 0;
        offset = 0;
        if (waiters == null) {
            return;
        }
        var failed = waiters;
        waiters = null;
        failed.forEach(waiter -> waiter.completeExceptionally(failure));
    }

    /** Heads and shared frames stay whole, whatever {@code most} says. */
    private ByteBuf nextPiece(int most, ByteBufAllocator allocator, Pen pen) {
        @Nullable ByteBuf piece = null;
        var scratch = pen.scratch;
        scratch.clear();
        while (first != null && size(piece) + scratch.length() < most) {
            switch (first.output) {
                case Output.Bytes(byte[] array) -> {
                    int room = most - size(piece) - scratch.length();
                    piece = takeBytes(array, room, scratch, piece, allocator);
                }
                case Output.Shared frame -> {
                    boolean alone = piece == null && scratch.length() == 0 && first == last;
                    if (alone) {
                        removeFirst(frame.size());
                        return pen.shared(frame, allocator);
                    }
                    int size = frame.size();
                    piece = moved(scratch, piece, allocator, size);
                    piece.writeBytes(frame.bytes);
                    removeFirst(size);
                }
                case Output.FileRange _ -> {
                    return moved(scratch, piece, allocator, 0); // what comes before it, first
                }
                case Output.Head head -> {
                    head.encode(scratch);
                    removeFirst(0);
                    takeBody(head.body(), scratch);
                }
            }
        }
        return moved(scratch, piece, allocator, 0);
    }

    private @Nullable ByteBuf takeBytes(
            byte[] array,
            int room,
            Scratch scratch,
            @Nullable ByteBuf piece,
            ByteBufAllocator allocator) {
        int size = Math.min(array.length - offset, room);
        var target = piece;
        if (size <= SMALL) {
            scratch.bytes(array, offset, size);
        } else {
            target = moved(scratch, piece, allocator, size);
            target.writeBytes(array, offset, size);
        }
        taken(array.length, size);
        return target;
    }

    private static int size(@Nullable ByteBuf piece) {
        return piece == null ? 0 : piece.readableBytes();
    }

    /** What was gathered in {@code scratch} goes into the piece, which is made if there is none. */
    private static ByteBuf moved(
            Scratch scratch, @Nullable ByteBuf piece, ByteBufAllocator allocator, int more) {
        var target = piece != null ? piece : allocator.directBuffer(scratch.length() + more);
        target.writeBytes(scratch.array(), 0, scratch.length());
        scratch.clear();
        return target;
    }

    private void taken(int length, int size) {
        offset += size;
        bytes -= size;
        written(size);
        if (offset == length) {
            offset = 0;
            removeFirst(0);
        }
    }

    private void removeFirst(int size) {
        bytes -= size;
        nodes--;
        first = Objects.requireNonNull(first).next;
        if (first == null) {
            last = null;
        }
    }

    /** The body of a head, which has been taken; its bytes have been counted with the head. */
    private void takeBody(byte[] body, Scratch scratch) {
        if (body.length <= SMALL) {
            scratch.bytes(body);
            bytes -= body.length;
            return;
        }
        var node = new Node(new Output.Bytes(body));
        node.next = first;
        first = node;
        nodes++;
        if (last == null) {
            last = node;
        }
    }
}
