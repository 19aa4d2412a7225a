package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import whirlwind.http.codec.Http2Endpoint;

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
        server(false);
        gracefulShutdownTimeoutMillis(0);
        initialSettings(
                Http2Settings.defaultSettings()
                        .pushEnabled(false)
                        .initialWindowSize(Http2Endpoint.STREAM_WINDOW)
                        .maxHeaderListSize(context.options.maxHeaderSize()));
        return build();
    }

    @Override
    protected ClientHttp2 build(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        var made = new ClientHttp2(decoder, encoder, settings, context, pool);
        frameListener(new Listener(made));
        return made;
    }

    private static final class Listener extends Http2FrameAdapter {
        private final ClientHttp2 connection;

        Listener(ClientHttp2 connection) {
            this.connection = connection;
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean last) {
            return connection.data(id, data, padding, last);
        }

        /** Netty's decoder tells it all heads, whether they have a priority or not. */
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
            connection.headers(id, headers, last);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
            connection.resetByServer(id, errorCode);
        }

        @Override
        public void onGoAwayRead(
                ChannelHandlerContext ctx, int last, long errorCode, ByteBuf debugData) {
            connection.goAway(last, errorCode, debugData);
        }
    }
}
