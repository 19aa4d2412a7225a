package whirlwind.http.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that speaks HTTP/2, RFC 9113: what clients and servers do alike. Frames,
 * their compression and the windows are Netty's.
 *
 * <p>What coroutines ask for is kept until the end of the turn, and then done on the loop's own
 * thread, with one flush for all of it.
 */
public abstract class Http2Endpoint extends Http2ConnectionHandler implements Corks.Corked {
    /** What the other end may send on one stream before some of it is consumed. */
    public static final int STREAM_WINDOW = 256 << 10;

    private final Corks corks;
    private final int connectionWindow;

    @SuppressWarnings("NullAway.Init") // set before any other call, by handlerAdded
    private ChannelHandlerContext ctx;

    private boolean corked;

    /** An endpoint that lets {@code connectionWindow} bytes come before some are consumed. */
    protected Http2Endpoint(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            Corks corks,
            int connectionWindow) {
        super(decoder, encoder, settings);
        this.corks = corks;
        this.connectionWindow = connectionWindow;
    }

    // ---- what it is told ----

    /** Told of the frames that come, of which messages are made alike at both ends. */
    public abstract static class Frames<E extends Http2Endpoint> extends Http2FrameAdapter {
        /** Who is told. */
        protected final E endpoint;

        /** For an endpoint. */
        protected Frames(E endpoint) {
            this.endpoint = endpoint;
        }

        @Override
        public final int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
            return endpoint.data(id, data, padding, last);
        }

        /** Netty's decoder tells it all heads, whether they have a priority or not. */
        @Override
        public final void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers fields,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            endpoint.headers(id, fields, last);
        }
    }

    /** A head has come, or what comes behind a body. */
    protected abstract void headers(int id, Http2Headers fields, boolean last)
            throws Http2Exception;

    /** A piece of a body has come; how many of its bytes are done with. */
    protected abstract int data(int id, ByteBuf data, int padding, boolean last);

    /** Does what there is to do at the end of the turn; what it writes is flushed behind it. */
    protected abstract void endTurn();

    /** The connection has broken, as they do every day; it is closed. */
    protected abstract void broke(Throwable cause);

    // ---- life ----

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        super.handlerAdded(ctx);
        var flow = connection().local().flowController();
        var whole = connection().connectionStream();
        flow.incrementWindowSize(whole, connectionWindow - flow.windowSize(whole));
        flush(ctx);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (HangUp.isEveryday(cause)) {
            broke(HangUp.reason(cause));
            ctx.close();
        } else {
            onError(ctx, false, cause);
        }
    }

    /** The other end is told which rule it has broken, and nothing of what went wrong here. */
    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception http2) {
        var told = http2 != null ? http2 : new Http2Exception(Http2Error.INTERNAL_ERROR);
        super.onConnectionError(ctx, outbound, cause, told);
    }

    @Override
    public final void drop() {
        ctx.close();
    }

    // ---- what it does ----

    /** Where it is in its channel's pipeline. */
    public final ChannelHandlerContext ctx() {
        return ctx;
    }

    /** There is something to do at the end of the turn. Also for coroutines. */
    protected final void cork() {
        if (!corked) {
            corked = true;
            corks.add(this);
        }
    }

    @Override
    public final void uncork() {
        corked = false;
        endTurn();
        flush(ctx); // the handler's own, which sends what the windows allow
    }

    /** Gives the other end leave to send as much again on a stream; none is one that is over. */
    public final void consumed(@Nullable Http2Stream stream, int bytes) {
        try {
            if (stream != null) {
                connection().local().flowController().consumeBytes(stream, bytes);
            }
        } catch (Http2Exception e) {
            onError(ctx, true, e);
        }
    }

    /** Ends a stream in both directions; none is one that is over. */
    public final void reset(@Nullable Http2Stream stream, Http2Error why) {
        if (stream != null
                && stream.state() != Http2Stream.State.CLOSED
                && ctx.channel().isActive()) {
            resetStream(ctx, stream.id(), why.code(), ctx.newPromise());
            cork(); // which flushes
        }
    }
}
