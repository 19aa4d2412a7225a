package whirlwind.http.codec.request;

import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Decompressor;
import io.netty.handler.codec.compression.Decompressor.Status;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.ContentDecoding;

/**
 * The content coding of a request's body, undone piece by piece as somebody asks for more: however
 * much a piece expands to, no more than 64 KiB of that is there at a time. Confined to the loop;
 * its buffers are of the heap, so that coroutines may use it.
 */
final class RequestDecoding {
    private final String coding;
    private final Decompressor decompressor;
    private boolean begun;
    private boolean closed;

    private RequestDecoding(String coding, Decompressor decompressor) {
        this.coding = coding;
        this.decompressor = decompressor;
    }

    /**
     * What undoes the coding that a head names, which is no longer called its coding then; null if
     * there is none, or it is beyond us. Tornado does the same to the fields.
     */
    static @Nullable RequestDecoding of(Headers headers) {
        var coding = headers.get("Content-Encoding");
        var decompressor =
                coding == null
                        ? null
                        : ContentDecoding.decompressor(coding, UnpooledByteBufAllocator.DEFAULT);
        if (coding == null || decompressor == null) {
            return null;
        }
        headers.remove("Content-Encoding");
        headers.add("X-Consumed-Content-Encoding", coding);
        return new RequestDecoding(coding, decompressor);
    }

    /**
     * Takes a piece of the coded body.
     *
     * @throws HttpInputException (400) if it is corrupt, or behind the end of the data
     */
    void add(byte[] piece) {
        if (closed || piece.length == 0) {
            return;
        }
        try {
            if (decompressor.status() == Status.COMPLETE) {
                throw new HttpInputException("bytes behind the end of " + coding + " data");
            }
            begun = true;
            decompressor.addInput(Unpooled.wrappedBuffer(piece));
        } catch (DecompressionException e) {
            throw corrupt(e);
        }
    }

    /**
     * The next piece of the body; null if more has to be added for that.
     *
     * @throws HttpInputException (400) if the data is corrupt
     */
    byte @Nullable [] next() {
        try {
            while (!closed && decompressor.status() == Status.NEED_OUTPUT) {
                var out = decompressor.takeOutput();
                try {
                    if (out.isReadable()) {
                        var bytes = new byte[out.readableBytes()];
                        out.readBytes(bytes);
                        return bytes;
                    }
                } finally {
                    out.release();
                }
            }
            return null;
        } catch (DecompressionException e) {
            throw corrupt(e);
        }
    }

    /**
     * The coded body has ended.
     *
     * @throws HttpInputException (400) if that was too early
     */
    void end() {
        try {
            if (!closed && begun && decompressor.status() != Status.COMPLETE) {
                decompressor.endOfInput();
                if (decompressor.status() != Status.COMPLETE) {
                    throw new HttpInputException(coding + " data that ends too early");
                }
            }
        } catch (DecompressionException e) {
            throw corrupt(e);
        }
    }

    private HttpInputException corrupt(DecompressionException e) {
        return new HttpInputException(400, "corrupt " + coding + " data: " + e.getMessage(), e);
    }

    /** Lets go of its memory, which may be native. Twice is once. */
    void close() {
        if (!closed) {
            closed = true;
            decompressor.close();
        }
    }
}
