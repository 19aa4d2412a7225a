package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Decompressor;
import io.netty.handler.codec.compression.Decompressor.Status;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.ContentDecoding;

/**
 * A response's content coding, undone as it comes, in pieces of limited size however much the data
 * expands. What follows the end of the compressed data is ignored. On the loop's own thread.
 */
final class ClientDecoding {
    private final String coding;
    private final Decompressor decompressor;

    /** What has come and was not looked at. */
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

    private boolean paused;
    private boolean begun;
    private boolean complete;

    private ClientDecoding(String coding, Decompressor decompressor) {
        this.coding = coding;
        this.decompressor = decompressor;
    }

    /** What undoes a coding; null if that is beyond us, or nothing is to be done. */
    static @Nullable ClientDecoding of(String coding, ByteBufAllocator allocator) {
        var decompressor = ContentDecoding.decompressor(coding, allocator);
        return decompressor == null ? null : new ClientDecoding(coding, decompressor);
    }

    /** Gives away no more than it does now, whatever has come, until {@link #resume}. */
    void pause() {
        paused = true;
    }

    /** Goes on with the next {@link #decode}. */
    void resume() {
        paused = false;
    }

    /** Whether some of what has come waits, because this is paused. */
    boolean isHeld() {
        return paused
                && !complete
                && (!waiting.isEmpty() || decompressor.status() == Status.NEED_OUTPUT);
    }

    /**
     * Goes on, with a piece more of the compressed body perhaps, which stays the caller's, and
     * gives away what comes out of it; that is released afterwards. Ends early if this is paused or
     * closed meanwhile.
     *
     * @throws HttpInputException if it is corrupt
     */
    void decode(@Nullable ByteBuf piece, Consumer<ByteBuf> out) {
        if (piece != null && !complete) {
            waiting.add(piece.retainedSlice());
        }
        try {
            while (!complete && !paused && step(out)) {
                // until nothing is left
            }
        } catch (DecompressionException e) {
            throw corrupt(e);
        }
    }

    /** Whether there may be more to do. */
    private boolean step(Consumer<ByteBuf> out) {
        switch (decompressor.status()) {
            case NEED_INPUT -> {
                var next = waiting.poll();
                if (next == null) {
                    return false;
                }
                begun = true;
                decompressor.addInput(next);
            }
            case NEED_OUTPUT -> {
                var piece = decompressor.takeOutput();
                try {
                    if (piece.isReadable()) {
                        out.accept(piece);
                    }
                } finally {
                    piece.release();
                }
            }
            case COMPLETE -> forget();
        }
        return true;
    }

    /** Nothing more is wanted of what has come. */
    private void forget() {
        complete = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }

    /**
     * The compressed body has ended.
     *
     * @throws HttpInputException if it ended too early
     */
    void end() {
        try {
            if (begun && !complete && decompressor.status() != Status.COMPLETE) {
                decompressor.endOfInput();
            }
        } catch (DecompressionException e) {
            throw corrupt(e);
        }
    }

    private HttpInputException corrupt(DecompressionException e) {
        return new HttpInputException(400, "corrupt " + coding + " data: " + e.getMessage(), e);
    }

    void close() {
        forget();
        decompressor.close();
    }
}
