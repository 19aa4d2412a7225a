package whirlwind.demos.upload;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.Async;
import whirlwind.web.HttpError;

/**
 * A file that is being received. Disks block, so they are written by other threads, in large
 * blocks: one block is written while the next one fills. The file gets its name when it is whole.
 */
final class Incoming {
    private static final int BLOCK_BYTES = 256 << 10;

    private final Path name;
    private final Path partial;
    private final FileChannel channel;
    private ByteBuffer filling = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private ByteBuffer spare = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private CompletableFuture<@Nullable Void> written = CompletableFuture.completedFuture(null);
    private long size;

    private Incoming(Path name, Path partial, FileChannel channel) {
        this.name = name;
        this.partial = partial;
        this.channel = channel;
    }

    /**
     * Begins a file; suspends the coroutine, as all methods do.
     *
     * @throws HttpError 409 if a folder has its name
     */
    static Incoming at(Path name) {
        var opening = Async.offload(() -> open(name));
        try {
            return Async.await(Async.shield(opening));
        } catch (CancellationException e) {
            var _ = opening.thenAccept(file -> Async.spawn(file::discard));
            throw e;
        }
    }

    private static Incoming open(Path name) throws IOException {
        if (Files.isDirectory(name)) {
            throw new HttpError(409, name.getFileName() + " is a folder");
        }
        var partial = Files.createTempFile(name.getParent(), ".", ".part");
        return new Incoming(name, partial, FileChannel.open(partial, WRITE));
    }

    /** Adds a piece to the file. */
    void write(byte[] piece) {
        for (int from = 0; from < piece.length; ) {
            int part = Math.min(piece.length - from, filling.remaining());
            filling.put(piece, from, part);
            from += part;
            if (!filling.hasRemaining()) {
                writeBlock();
            }
        }
        size += piece.length;
    }

    private void writeBlock() {
        Async.await(Async.shield(written));
        var block = filling.flip();
        filling = spare.clear();
        spare = block;
        written = Async.offload(() -> writeAll(block));
    }

    private @Nullable Void writeAll(ByteBuffer block) throws IOException {
        while (block.hasRemaining()) {
            channel.write(block);
        }
        return null;
    }

    /** The file is whole; a file that had its name is replaced. Returns its size in bytes. */
    long finish() {
        writeBlock();
        Async.await(Async.shield(written));
        Async.await(
                Async.offload(() -> {
                    channel.close();
                    return Files.move(partial, name, REPLACE_EXISTING);
                }));
        return size;
    }

    /** The rest will not come. After {@link #finish} that changes nothing. */
    void discard() {
        var last = written;
        Async.await(
                Async.shield(
                        Async.offload(() -> {
                            last.handle((_, _) -> null).join();
                            channel.close();
                            return Files.deleteIfExists(partial);
                        })));
    }
}
