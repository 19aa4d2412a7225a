package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
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
     * An empty body that will take what a request announces; null if there is none.
     *
     * @throws HttpInputException (413) if more is announced than is allowed, (501) for transfer
     *     codings other than chunks, RFC 9112 section 6.1
     */
    static @Nullable RequestBody announcedBy(Headers headers, int limit) {
        var coding = headers.get("Transfer-Encoding");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new HttpInputException(501, "transfer coding other than chunked");
            }
            return new RequestBody(limit, FIRST_CAPACITY);
        }
        var announced = headers.get("Content-Length");
        if (announced == null) {
            return null;
        }
        long length = Long.parseLong(announced); // the decoder has looked at it
        if (length > limit) {
            throw new HttpInputException(
                    413, "a body of " + length + " bytes is announced (at most " + limit + ")");
        }
        return length == 0
                ? null
                : new RequestBody((int) length, (int) Math.min(length, FIRST_CAPACITY));
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
