package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes HTTP/2 connections, and tells them of the frames that come. */
final class ClientFrames extends AbstractHttp2ConnectionHandlerBuilder<ClientHttp2, ClientFrames> {
    private final ClientContext context;
    private final ClientPool pool;

    private ClientFrames(ClientContext context, ClientPool pool) {
        this.context = context;
        this.pool = pool;
    }

    /** A connection, to be added to a channel that is connected. */
    static ClientHttp2 newConnection(ClientContext context, ClientPool pool) {
        return new ClientFrames(context, pool).make();
    }

    private ClientHttp2 make() {
        var listener = new Listener();
        server(false);
        gracefulShutdownTimeoutMillis(0);
        initialSettings(
                Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(ClientHttp2.STREAM_WINDOW)
                        .maxHeaderListSize(context.options.maxHeaderSize()));
        frameListener(listener);
        var made = build();
        listener.connection = made;
        return made;
    }

    @Override
    protected ClientHttp2 build(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        return new ClientHttp2(decoder, encoder, settings, context, pool);
    }

    private static final class Listener extends Http2FrameAdapter {
        @Nullable ClientHttp2 connection;

        private ClientHttp2 connection() {
            return Objects.requireNonNull(connection);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
            return connection().data(id, data, padding, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int padding,
                boolean last) {
            connection().headers(id, headers, last);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last) {
            connection().headers(id, headers, last);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
            connection().reset(id, errorCode);
        }

        @Override
        public void onGoAwayRead(
                ChannelHandlerContext ctx, int last, long errorCode, ByteBuf debugData) {
            connection().goAway(last, errorCode, debugData);
        }
    }
}
