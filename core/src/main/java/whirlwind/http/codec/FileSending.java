package whirlwind.http.codec;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.transport.PieceSink;
import whirlwind.loop.Async;

/**
 * A part of a file on its way out, window by window: each is brought into memory on the loop's
 * executor, and then sent. So the loop's own thread finds in the kernel's cache what it sends and
 * doesn't wait for a disk. Where the kernel can't send it, pieces are read and written instead.
 */
public final class FileSending implements Callable<@Nullable Void> {
    /** What the kernel sends at first: little, so that the first byte doesn't wait for the disk. */
    private static final int FIRST_WINDOW_BYTES = 512 << 10;

    /**
     * What the kernel sends at a time, after the windows have doubled: so much that going to the
     * executor costs nothing beside it. It takes no memory of ours.
     */
    private static final int WINDOW_BYTES = 8 << 20;

    /** What is read into this program at a time, where it has to be. */
    private static final int PIECE_BYTES = 128 << 10;

    private static final Path NOWHERE =
            Path.of(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null");

    private final PieceSink sink;
    private final FileChannel file;
    private final long end;
    private long at;

    /**
     * Sends when it is called, in a coroutine.
     *
     * @throws IllegalArgumentException if offset or count is negative
     */
    public FileSending(PieceSink sink, FileChannel file, long offset, long count) {
        Check.notNegative("offset", offset);
        Check.notNegative("count", count);
        this.sink = sink;
        this.file = file;
        this.at = offset;
        this.end = offset + count;
    }

    @Override
    public @Nullable Void call() {
        if (sink.sendsFiles()) {
            sendByKernel();
        } else {
            sendPieces();
        }
        return null;
    }

    /** While one window is sent, the next is brought into memory. */
    private void sendByKernel() {
        long window = Math.min(FIRST_WINDOW_BYTES, end - at);
        var ready = offloadLoad(at, window);
        while (at < end) {
            Async.await(ready);
            var sent = sink.writeFile(file, at, window);
            at += window;
            window = Math.min(Math.min(2 * window, WINDOW_BYTES), end - at);
            if (at < end) {
                ready = offloadLoad(at, window);
            }
            Async.await(sent);
        }
    }

    private CompletableFuture<@Nullable Void> offloadLoad(long position, long count) {
        return Async.offload(() -> intoMemory(position, count));
    }

    private void sendPieces() {
        while (at < end) {
            var piece = Async.await(Async.offload(() -> read(at, Math.min(PIECE_BYTES, end - at))));
            Async.await(sink.write(piece));
            at += piece.length;
        }
    }

    /**
     * Has the kernel read a window: on Linux it moves the pages to nowhere, which copies nothing,
     * but has to have them first.
     */
    private @Nullable Void intoMemory(long position, long count) throws IOException {
        try (var nowhere = FileChannel.open(NOWHERE, StandardOpenOption.WRITE)) {
            for (long done = 0; done < count; ) {
                long more = file.transferTo(position + done, count - done, nowhere);
                if (more <= 0) {
                    throw endsEarly(position + done);
                }
                done += more;
            }
        }
        return null;
    }

    private byte[] read(long position, long count) throws IOException {
        var buffer = ByteBuffer.allocate((int) count);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw endsEarly(position + buffer.position());
            }
        }
        return buffer.array();
    }

    private EOFException endsEarly(long where) {
        return new EOFException("the file ends at byte %d, before byte %d".formatted(where, end));
    }
}
