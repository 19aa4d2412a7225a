package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
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
    private byte[] bytes;
    private int length;

    private RequestBody(int limit, int capacity) {
        this.limit = limit;
        this.bytes = new byte[capacity];
    }

    /**
     * An empty body that will take one of that length.
     *
     * @throws HttpInputException (413) if more is announced than is allowed
     */
    static RequestBody of(long announced, int limit) {
        if (announced == BodyLength.IN_CHUNKS) {
            return new RequestBody(limit, FIRST_CAPACITY);
        }
        if (announced > limit) {
            throw new HttpInputException(
                    413, "a body of " + announced + " bytes is announced (at most " + limit + ")");
        }
        return new RequestBody((int) announced, (int) Math.min(announced, FIRST_CAPACITY));
    }

    /**
     * Takes a piece.
     *
     * @throws HttpInputException (413) if that makes it too long
     */
    void add(ByteBuf piece) {
        int size = piece.readableBytes();
        if (size > limit - length) {
            throw new HttpInputException(413, "the body is longer than " + limit + " bytes");
        }
        if (length + size > bytes.length) {
            long doubled = Math.max(2L * bytes.length, length + size);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, limit));
        }
        piece.readBytes(bytes, length, size);
        length += size;
    }

    /** All of it; the array is the caller's. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
