package whirlwind.http.codec.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.codec.Outbox;
import whirlwind.http.codec.Output;
import whirlwind.http.codec.exchange.ConnectionContext;

/**
 * What goes out over a stream of HTTP/2 or HTTP/3: a head, pieces, the end. It waits here, on the
 * heap, until the windows let it go. Coroutines add; what sends is called on the loop's own thread.
 */
final class StreamOutput {
    /** What one stream sends before another has its turn. */
    private static final int PIECE = 32 << 10;

    private final ConnectionContext context;
    private final StreamWire wire;
    private final Runnable onEnd;

    /** Heads before the response's own; null for none. */
    private @Nullable ArrayDeque<StreamHead> interim;

    private @Nullable StreamHead head;
    private Outbox outbox = new Outbox();
    private @Nullable Headers trailers;

    /** It is all there. */
    private boolean ending;

    /** Its end has been handed over. */
    private boolean ended;

    /** With what to do when the end has been written. */
    StreamOutput(ConnectionContext context, StreamWire wire, Runnable onEnd) {
        this.context = context;
        this.wire = wire;
        this.onEnd = onEnd;
    }

    // ---- what there is ----

    /** A head before the response's own, of a status below 200. */
    void inform(StreamHead head) {
        if (interim == null) {
            interim = new ArrayDeque<>(1);
        }
        interim.add(head);
    }

    void add(StreamHead head, boolean last) {
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
        return !needsWindow || !wire.isBlocked();
    }

    /** Whether there is nothing to send, and may be later. */
    boolean isIdle() {
        return !ended && !isWaiting();
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
            interim.forEach(early -> write(early, false));
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
        write(first, isLast());
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
        int room = Math.min(PIECE, wire.room());
        if (room <= 0) {
            return false;
        }
        var piece = outbox.poll(room, wire.alloc(), context.corks().pen());
        boolean last = isLast();
        written(wire.writeData(piece, last), last);
        outbox.settle();
        return true;
    }

    private boolean isLast() {
        return ending && outbox.isEmpty() && trailers == null;
    }

    private void sendEnd() {
        written(
                trailers == null
                        ? wire.writeData(Unpooled.EMPTY_BUFFER, true)
                        : wire.writeFields(null, context.http2Fields().of(trailers), true),
                true);
    }

    private void write(StreamHead head, boolean last) {
        var status = HttpResponseStatus.valueOf(head.status()).codeAsText();
        var fields =
                head.status() < 200
                        ? context.http2Fields().of(head.headers())
                        : context.http2Fields()
                                .ofResponse(head.headers(), head.given(), head.length());
        written(wire.writeFields(status, fields, last), last);
    }

    private void written(ChannelFuture future, boolean last) {
        if (last) {
            ended = true;
            future.addListener(_ -> onEnd.run());
        }
    }
}
