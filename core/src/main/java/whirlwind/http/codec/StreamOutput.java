package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * What goes out over a stream of HTTP/2: a head, pieces, the end. It waits here, on the heap, until
 * the windows let it go. Coroutines add; what sends is called on the loop's own thread.
 */
final class StreamOutput {
    /** What one stream sends before another has its turn. */
    private static final int PIECE = 32 << 10;

    private final ServerHttp2 connection;
    private final Http2Stream http2;
    private final Runnable onEnd;

    /** Heads before the response's own; null for none. */
    private @Nullable ArrayDeque<ResponseHead> interim;

    private @Nullable ResponseHead head;
    private Outbox outbox = new Outbox();
    private @Nullable Headers trailers;

    /** It is all there. */
    private boolean ending;

    /** Its end has been handed over. */
    private boolean ended;

    /** What has been handed over and isn't with the kernel yet. */
    private int inFlight;

    /** With what to do when the end has been written. */
    StreamOutput(ServerHttp2 connection, Http2Stream http2, Runnable onEnd) {
        this.connection = connection;
        this.http2 = http2;
        this.onEnd = onEnd;
    }

    // ---- what there is ----

    /** A head before the response's own, of a status below 200. */
    void inform(ResponseHead head) {
        if (interim == null) {
            interim = new ArrayDeque<>(1);
        }
        interim.add(head);
    }

    void add(ResponseHead head, boolean last) {
        this.head = head;
        ending = last;
    }

    void add(byte[] piece) {
        outbox.add(new Output.Bytes(piece));
    }

    void end(@Nullable Headers trailers) {
        this.trailers = trailers;
        ending = true;
    }

    /** From now on the pieces are those of a WebSocket. */
    void takeFrom(Outbox outbox) {
        this.outbox = outbox;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Sends nothing more, whatever there is. */
    void drop() {
        ended = true;
    }

    /** Whether there is something to send. */
    boolean isWaiting() {
        return !ended && (hasHeads() || ending || !outbox.isEmpty());
    }

    private boolean hasHeads() {
        return head != null || interim != null;
    }

    /** Whether there is something to send that doesn't wait for the stream's own window. */
    boolean isReady() {
        if (!isWaiting()) {
            return false;
        }
        boolean needsWindow = !hasHeads() && !outbox.isEmpty();
        return !needsWindow
                || inFlight > 0
                || connection.encoder().flowController().windowSize(http2) > 0;
    }

    /** Whether nothing is added any more, and something is left to send. */
    boolean isEnding() {
        return ending && isWaiting();
    }

    // ---- sending ----

    /** Sends what there is; whether the response's own head was among them. */
    boolean sendHeads() {
        if (ended) {
            return false;
        }
        if (interim != null) {
            interim.forEach(early -> write(connection.context().http2Fields.of(early), false));
            interim = null;
        }
        var first = head;
        if (first == null) {
            return false;
        }
        head = null;
        if (first.body().length > 0) {
            outbox.add(new Output.Bytes(first.body()));
        }
        write(connection.context().http2Fields.of(first), isLast());
        return true;
    }

    /**
     * Sends a piece if there is one, or the end, as far as the windows let it; whether any went.
     */
    boolean sendPiece() {
        if (ended) {
            return false;
        }
        if (outbox.isEmpty()) {
            if (ending) {
                sendEnd();
            }
            return ending;
        }
        int room = Math.min(PIECE, connection.room(http2, inFlight));
        if (room <= 0) {
            return false;
        }
        var context = connection.context();
        var piece = outbox.poll(room, connection.ctx().alloc(), context.scratch, context.encoding);
        write(piece, isLast());
        outbox.settle();
        return true;
    }

    private boolean isLast() {
        return ending && outbox.isEmpty() && trailers == null;
    }

    private void sendEnd() {
        if (trailers == null) {
            write(Unpooled.EMPTY_BUFFER, true);
        } else {
            write(connection.context().http2Fields.ofTrailers(trailers), true);
        }
    }

    private void write(Http2Headers fields, boolean last) {
        var ctx = connection.ctx();
        written(
                connection
                        .encoder()
                        .writeHeaders(ctx, http2.id(), fields, 0, last, ctx.newPromise()),
                last);
    }

    private void write(ByteBuf piece, boolean last) {
        int size = piece.readableBytes();
        inFlight += size;
        connection.handedOver(size);
        var ctx = connection.ctx();
        ChannelFuture future =
                connection
                        .encoder()
                        .writeData(ctx, http2.id(), piece, 0, last, ctx.newPromise())
                        .addListener(_ -> {
                            inFlight -= size;
                            connection.taken(size);
                        });
        written(future, last);
    }

    private void written(ChannelFuture future, boolean last) {
        if (last) {
            ended = true;
            future.addListener(_ -> onEnd.run());
        }
    }
}
