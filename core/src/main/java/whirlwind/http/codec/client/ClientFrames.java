package whirlwind.http.codec.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
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

    private static final class Listener extends Http2Endpoint.Frames<ClientHttp2> {
        Listener(ClientHttp2 connection) {
            super(connection);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long errorCode) {
            endpoint.resetByServer(id, errorCode);
        }

        @Override
        public void onGoAwayRead(
                ChannelHandlerContext ctx, int last, long errorCode, ByteBuf debugData) {
            endpoint.goAway(last, errorCode, debugData);
        }
    }
}
