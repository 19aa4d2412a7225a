package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Text;
import whirlwind.http.HttpInputException;
import whirlwind.http.codec.Http2Endpoint;

/** A connection to a server that speaks HTTP/2, with many requests at a time: a stream for each. */
final class ClientHttp2 extends Http2Endpoint implements ClientPeer {
    /** So wide that a stream that is paused doesn't hold up the others. */
    private static final int CONNECTION_WINDOW = 8 << 20;

    private static final int NO_MORE_STREAMS = Integer.MAX_VALUE - 1;

    private final ClientContext context;
    private final ClientPool pool;
    private final Map<Integer, ClientStream> streams = new HashMap<>();
    private final ArrayDeque<Runnable> toDo = new ArrayDeque<>();
    private final Pulse pulse;

    /** Calls that have been given to this and have no stream yet. */
    private int starting;

    private boolean used;
    private boolean closing;

    /** The server takes no more requests on this connection. */
    private boolean goingAway;

    private int idleSince;
    private @Nullable Throwable broken;

    ClientHttp2(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ClientContext context,
            ClientPool pool) {
        super(decoder, encoder, settings, context.corks, CONNECTION_WINDOW);
        this.context = context;
        this.pool = pool;
        this.idleSince = context.tick;
        this.pulse = new Pulse(context.loop, () -> later(this::ping));
    }

    private void ping() {
        encoder().writePing(ctx(), false, 0, ctx().newPromise());
    }

    // ---- calls ----

    @Override
    public boolean hasRoom() {
        return !closing
                && !goingAway
                && ctx().channel().isActive()
                && pulse.isTrusted()
                && connection().local().numActiveStreams() + starting
                        < connection().local().maxActiveStreams()
                && connection().local().lastStreamCreated() < NO_MORE_STREAMS;
    }

    @Override
    public void start(ClientCall call) {
        starting++;
        boolean reused = used;
        used = true;
        var stream = new ClientStream(this, call);
        later(stream::open);
        call.connected(stream, reused);
    }

    /** The stream's turn has come; on the loop's own thread. The number it gets, or -1. */
    int opened(ClientStream stream) {
        starting--;
        if (!hasRoom() || stream.isOver()) {
            return -1;
        }
        int id = connection().local().incrementAndGetNextStreamId();
        streams.put(id, stream);
        stream.sentAt(pulse.sending());
        return id;
    }

    /** A request got no whole response, or none at all, and nobody wants it any more. */
    void givenUp(Instant sentAt) {
        pulse.givenUp(sentAt);
    }

    /** Does it at the end of the turn, on the loop's own thread. */
    void later(Runnable action) {
        toDo.add(action);
        cork();
    }

    /** What the server did that HTTP/2 forbids, or null. */
    @Nullable HttpInputException offence() {
        return broken instanceof HttpInputException offence ? offence : null;
    }

    ClientContext context() {
        return context;
    }

    ClientPool pool() {
        return pool;
    }

    @Override
    public void cancel(ClientCall call) {
        // its stream is its link
    }

    @Override
    public void pause(ClientCall call, boolean paused) {
        // its stream is its link
    }

    @Override
    protected void endTurn() {
        if (closing && ctx().channel().isActive()) {
            drop();
        } else {
            doAll();
        }
    }

    private void doAll() {
        for (var action = toDo.poll(); action != null; action = toDo.poll()) {
            action.run();
        }
    }

    /** A stream is over, and there is room for another. */
    void ended(int id) {
        if (streams.remove(id) == null) {
            return;
        }
        idleSince = context.tick;
        settle();
    }

    /** A stream has ended, or was never begun. */
    void settle() {
        if (isIdle() && (goingAway || !pulse.isTrusted())) {
            drop();
        } else if (ctx().channel().isActive()) {
            pool.roomAt(this);
        }
    }

    // ---- frames, told by ClientFrames ----

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        boolean trusted = pulse.isTrusted();
        pulse.heard();
        super.channelRead(ctx, message);
        if (!trusted) {
            settle(); // it was kept from calls that wait
        }
    }

    @Override
    protected void headers(int id, Http2Headers headers, boolean last) {
        var stream = streams.get(id);
        if (stream != null) {
            stream.headers(headers, last);
        }
    }

    @Override
    protected int data(int id, ByteBuf data, int padding, boolean last) {
        var stream = streams.get(id);
        return stream == null ? data.readableBytes() + padding : stream.data(data, padding, last);
    }

    void resetByServer(int id, long errorCode) {
        var stream = streams.get(id);
        if (stream != null) {
            stream.resetByServer(errorCode);
        }
    }

    /** No more requests; those beyond {@code last} were not looked at, and may be sent again. */
    void goAway(int last, long errorCode, ByteBuf why) {
        goingAway = true;
        if (errorCode != Http2Error.NO_ERROR.code() && broken == null) {
            broken =
                    new EOFException(
                            "the server ended the connection: %s %s"
                                    .formatted(
                                            Http2Error.valueOf(errorCode),
                                            Text.quoted(why.toString(StandardCharsets.UTF_8))));
        }
        pool.noRoomAt(this);
        for (var entry : List.copyOf(streams.entrySet())) {
            if (entry.getKey() > last) {
                entry.getValue().refused();
            }
        }
        if (isIdle()) {
            drop();
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, StreamException http2) {
        if (!outbound && http2.error() == Http2Error.FLOW_CONTROL_ERROR) {
            // RFC 9113 section 6.9.1 leaves the choice: who sends without leave won't stop here.
            onConnectionError(ctx, false, cause, http2);
            return;
        }
        var stream = streams.get(http2.streamId());
        super.onStreamError(ctx, outbound, cause, http2);
        if (stream != null) {
            stream.failed(new HttpInputException(400, String.valueOf(http2.getMessage()), http2));
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception http2) {
        if (broken == null) {
            broken =
                    http2 == null
                            ? cause
                            : new HttpInputException(
                                    400, String.valueOf(http2.getMessage()), http2);
        }
        closing = true;
        super.onConnectionError(ctx, outbound, cause, http2); // which closes behind the goodbye
    }

    @Override
    protected void broke(Throwable cause) {
        broken = cause;
    }

    // ---- the end ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        closing = true;
        var failure = broken != null ? broken : new EOFException("connection closed");
        var left = new ArrayList<>(streams.values());
        streams.clear();
        super.channelInactive(ctx);
        left.forEach(stream -> stream.lost(failure));
        doAll(); // streams that have not begun find no room
        pool.left(this); // at last: a pool without connections and calls is forgotten
    }

    @Override
    public void close() {
        closing = true;
        cork();
    }

    @Override
    public void fail(Throwable cause) {
        List.copyOf(streams.values()).forEach(stream -> stream.lost(cause));
        close();
    }

    @Override
    public boolean isIdle() {
        return streams.isEmpty() && starting == 0;
    }

    @Override
    public int idleSince() {
        return idleSince;
    }

    /** What Netty knows of a stream; null for one that has not begun, or is over. */
    @Nullable Http2Stream known(int id) {
        return connection().stream(id);
    }

    static Http2Headers newHeaders() {
        return new DefaultHttp2Headers(false);
    }
}
