package whirlwind.curl;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.transport.BodySink;

/** A request's body on its way from the one who writes it to libcurl, which asks for it. */
final class Upload implements BodySink {
    /** Bytes that may wait before writers are told to. */
    private static final int HIGH_WATER = 64 << 10;

    private final Runnable goOn;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private int offset;
    private long waiting;
    private boolean complete;
    private boolean held;
    private @Nullable IOException failure;

    private record Piece(byte[] bytes, CompletableFuture<@Nullable Void> taken) {}

    /**
     * @param goOn lets libcurl ask again
     */
    Upload(Runnable goOn) {
        this.goOn = goOn;
    }

    /** Whether libcurl waits for more. */
    boolean isHeld() {
        return held;
    }

    @Override
    public CompletableFuture<@Nullable Void> write(byte[] bytes) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        var taken = new CompletableFuture<@Nullable Void>();
        if (bytes.length > 0) {
            pieces.add(new Piece(bytes, taken));
            waiting += bytes.length;
            release();
        }
        if (waiting <= HIGH_WATER) {
            taken.complete(null);
        }
        return taken;
    }

    @Override
    public void end() {
        complete = true;
        release();
    }

    private void release() {
        if (held) {
            held = false;
            goOn.run();
        }
    }

    /** libcurl asks for up to {@code size} bytes. */
    long read(long buffer, long size) {
        long copied = 0;
        while (copied < size && !pieces.isEmpty()) {
            copied += copy(pieces.element(), buffer + copied, size - copied);
        }
        if (copied == 0 && !complete) {
            held = true;
            return Code.READ_PAUSE;
        }
        return copied;
    }

    private int copy(Piece piece, long target, long room) {
        int size = (int) Math.min(room, piece.bytes.length - offset);
        MemorySegment.copy(piece.bytes, offset, Libcurl.MEMORY, JAVA_BYTE, target, size);
        waiting -= size;
        offset += size;
        if (offset == piece.bytes.length) {
            offset = 0;
            pieces.remove().taken.complete(null);
        }
        return size;
    }

    void fail(IOException cause) {
        failure = cause;
        pieces.forEach(piece -> piece.taken.completeExceptionally(cause));
        pieces.clear();
    }
}
