package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.loop.IOLoop;

/**
 * The body of a request whose handler reads it piece by piece, while it arrives. What comes faster
 * than it is read stays with the client: no more than {@link #HIGH_WATER} and what one read of the
 * socket brings is kept here. Confined to the loop.
 */
public final class StreamedBody {
    /** With that many bytes unread the client has to wait. */
    private static final int HIGH_WATER = 64 << 10;

    private final IOLoop loop;
    private final Source source;
    private final long announced;
    private final @Nullable RequestDecoding decoding;

    /** As they came, coded perhaps. */
    private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();

    private final Headers trailers = new Headers();

    private long limit;
    private long taken;
    private int unread;
    private boolean continueExpected;
    private boolean whole;
    private @Nullable RuntimeException failure;
    private @Nullable CompletableFuture<byte @Nullable []> reader;

    /** Where the body comes from; coroutines call it. */
    public interface Source {
        /** The client waits to be told that its body is wanted, RFC 9110 section 10.1.1. */
        void invite();

        /** So many bytes that were kept have been read; {@code room} if there was none before. */
        void taken(int bytes, boolean room);
    }

    /**
     * @param announced the length, or {@link BodyLength#IN_CHUNKS}
     * @param limit the length at which reading fails, until {@link #limit} says otherwise
     * @param decoding null: it is read as it comes
     */
    StreamedBody(
            IOLoop loop,
            Source source,
            long announced,
            long limit,
            boolean continueExpected,
            @Nullable RequestDecoding decoding) {
        this.loop = loop;
        this.source = source;
        this.announced = announced;
        this.decoding = decoding;
        this.limit = limit;
        this.continueExpected = continueExpected;
    }

    // ---- the connection's side ----

    /** Takes what came, on the loop's own thread; whether there is room for more. */
    boolean add(ByteBuf piece) {
        var bytes = new byte[piece.readableBytes()];
        piece.readBytes(bytes);
        if (failure == null) {
            pieces.add(bytes);
            unread += bytes.length;
            serve();
        }
        return unread < HIGH_WATER;
    }

    /** All of it has come. */
    void end() {
        whole = true;
        serve();
    }

    /** Whoever waits gets what is there; one that was cancelled leaves it to the next. */
    private void serve() {
        var waiting = reader;
        if (waiting == null || waiting.isDone() || failure != null) {
            return;
        }
        try {
            var piece = next(false);
            if (piece != null || whole) {
                reader = null;
                waiting.complete(piece);
            }
        } catch (HttpInputException e) {
            reader = null;
            waiting.completeExceptionally(e);
        }
    }

    /**
     * The next piece of what is here, or null.
     *
     * @param late whether the client is to be told, for what is taken has been kept for a while
     * @throws HttpInputException if that is too long, or its coding corrupt
     */
    private byte @Nullable [] next(boolean late) {
        while (true) {
            var piece = decoding == null ? null : decoding.next();
            if (piece == null) {
                var raw = pieces.poll();
                if (raw == null) {
                    break;
                }
                forget(raw.length, late);
                if (decoding != null) {
                    decoding.add(raw);
                    continue;
                }
                piece = raw;
            }
            if (piece.length > limit - taken) {
                throw tooLong();
            }
            taken += piece.length;
            return piece;
        }
        if (whole && decoding != null) {
            decoding.end();
        }
        return null;
    }

    private void forget(int size, boolean late) {
        boolean wasFull = unread >= HIGH_WATER;
        unread -= size;
        if (late) {
            source.taken(size, wasFull && unread < HIGH_WATER);
        }
    }

    /** No more comes; whoever reads gets {@code reason}. The first reason counts. */
    void fail(RuntimeException reason) {
        if (failure != null || whole) {
            return;
        }
        failure = reason;
        pieces.clear();
        unread = 0;
        close();
        if (reader != null) {
            reader.completeExceptionally(reason);
        }
    }

    /** Lets go of what the coding needed: nobody reads any more. */
    void close() {
        if (decoding != null) {
            decoding.close();
        }
    }

    /** What comes behind the body; none before it is whole. */
    Headers trailers() {
        return trailers;
    }

    /** The bytes that are kept here. */
    int unread() {
        return unread;
    }

    /** Whether all of it has come, though perhaps not been read. */
    public boolean isWhole() {
        return whole;
    }

    // ---- the handler's side ----

    /** Raises or lowers the length that may be read. */
    public void limit(long limit) {
        this.limit = limit;
    }

    /** The next piece; null after the last. */
    public CompletableFuture<byte @Nullable []> read() {
        if (reader != null && !reader.isDone()) {
            throw new IllegalStateException(
                    "the body is being read already: await one read before the next");
        }
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (announced > limit) {
            return CompletableFuture.failedFuture(tooLong());
        }
        try {
            var piece = next(true);
            if (piece != null || whole) {
                return CompletableFuture.completedFuture(piece);
            }
        } catch (HttpInputException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (continueExpected) {
            continueExpected = false;
            source.invite();
        }
        CompletableFuture<byte @Nullable []> next = loop.newFuture();
        reader = next;
        return next;
    }

    private HttpInputException tooLong() {
        return new HttpInputException(413, "the body is longer than " + limit + " bytes");
    }
}
