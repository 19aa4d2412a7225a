package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.MemoryQuota;
import whirlwind.http.codec.Output;

/**
 * The body of a request that is being read. Memory grows with what comes, not with what is
 * announced: many clients may announce much.
 */
final class RequestBody {
    /** What is reserved for a body before any of it is there: so much doesn't count. */
    private static final int FIRST_CAPACITY = MemoryQuota.FREE;

    private final int limit;
    private final @Nullable RequestDecoding decoding;
    private final MemoryQuota quota;
    private byte[] bytes;
    private int length;

    private RequestBody(
            int limit, int capacity, @Nullable RequestDecoding decoding, MemoryQuota quota) {
        this.limit = limit;
        this.decoding = decoding;
        this.quota = quota;
        this.bytes = new byte[capacity];
    }

    /**
     * An empty body that will take one of that length.
     *
     * @param decoding null: it is taken as it comes
     * @param quota bounds what the bodies of all take
     * @throws HttpInputException (413) if more is announced than is allowed
     */
    static RequestBody of(
            long announced, int ownLimit, @Nullable RequestDecoding decoding, MemoryQuota quota) {
        int limit = quota.atMost(ownLimit);
        if (announced == BodyLength.IN_CHUNKS) {
            return new RequestBody(limit, FIRST_CAPACITY, decoding, quota);
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
                decoding,
                quota);
    }

    /**
     * Takes a piece.
     *
     * @throws HttpInputException (413) if that makes it too long; (503) if all together have too
     *     much in memory; (400) if its coding is corrupt
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
            grow((int) Math.min(doubled, limit));
        }
        piece.readBytes(bytes, length, size);
        length += size;
    }

    private void grow(int capacity) {
        if (!quota.grow(bytes.length, capacity)) {
            throw new HttpInputException(
                    503, "no room for a body of more than " + length + " bytes beside the others");
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    /**
     * All of it, which ends its reading. It counts until this is closed.
     *
     * @throws HttpInputException (400) if its coding ends too early
     */
    byte[] bytes() {
        if (decoding != null) {
            decoding.end();
            decoding.close();
        }
        if (length < bytes.length) {
            quota.resized(bytes.length, length);
            bytes = Arrays.copyOf(bytes, length);
        }
        return bytes;
    }

    /** Whether it takes so much that it counts. */
    boolean counts() {
        return bytes.length > MemoryQuota.FREE;
    }

    /** Lets go of it, and of what the coding needed; twice is once. */
    void close() {
        quota.resized(bytes.length, 0);
        bytes = Output.NOTHING;
        if (decoding != null) {
            decoding.close();
        }
    }
}
