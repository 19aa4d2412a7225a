package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpInputException;

/**
 * The body of a request that is being read. Memory grows with what comes, not with what is
 * announced: many clients may announce much.
 */
final class RequestBody {
    static final byte[] NONE = new byte[0];

    /** What is reserved for a body before any of it is there. */
    private static final int FIRST_CAPACITY = 16 << 10;

    private final int limit;
    private final @Nullable RequestDecoding decoding;
    private byte[] bytes;
    private int length;

    private RequestBody(int limit, int capacity, @Nullable RequestDecoding decoding) {
        this.limit = limit;
        this.decoding = decoding;
        this.bytes = new byte[capacity];
    }

    /**
     * An empty body that will take one of that length.
     *
     * @param decoding null: it is taken as it comes
     * @throws HttpInputException (413) if more is announced than is allowed
     */
    static RequestBody of(long announced, int limit, @Nullable RequestDecoding decoding) {
        if (announced == BodyLength.IN_CHUNKS) {
            return new RequestBody(limit, FIRST_CAPACITY, decoding);
        }
        if (announced > limit) {
            if (decoding != null) {
                decoding.close();
            }
            throw new HttpInputException(
                    413, "a body of " + announced + " bytes is announced (at most " + limit + ")");
        }
        return new RequestBody(
                decoding == null ? (int) announced : limit,
                (int) Math.min(announced, FIRST_CAPACITY),
                decoding);
    }

    /**
     * Takes a piece.
     *
     * @throws HttpInputException (413) if that makes it too long; (400) if its coding is corrupt
     */
    void add(ByteBuf piece) {
        if (decoding == null) {
            append(piece, piece.readableBytes());
            return;
        }
        var coded = new byte[piece.readableBytes()];
        piece.readBytes(coded);
        decoding.add(coded);
        for (byte[] plain; (plain = decoding.next()) != null; ) {
            append(Unpooled.wrappedBuffer(plain), plain.length);
        }
    }

    private void append(ByteBuf piece, int size) {
        if (size > limit - length) {
            throw new HttpInputException(413, "the body is longer than " + limit + " bytes");
        }
        if (length + size > bytes.length) {
            long doubled = Math.max(2L * bytes.length, (long) length + size);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, limit));
        }
        piece.readBytes(bytes, length, size);
        length += size;
    }

    /**
     * All of it; the array is the caller's.
     *
     * @throws HttpInputException (400) if its coding ends too early
     */
    byte[] bytes() {
        if (decoding != null) {
            decoding.end();
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Lets go of what the coding needed. */
    void close() {
        if (decoding != null) {
            decoding.close();
        }
    }
}
