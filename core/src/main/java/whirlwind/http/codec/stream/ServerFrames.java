package whirlwind.http.codec.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import whirlwind.http.codec.Http2Endpoint;
import whirlwind.http.codec.exchange.ConnectionContext;

/**
 * Makes the server's HTTP/2 connections, and tells them of the frames that come. What a client may
 * do to wear a server out, and how much of it, is decided here.
 */
final class ServerFrames extends AbstractHttp2ConnectionHandlerBuilder<ServerHttp2, ServerFrames> {
    /** Streams that a client may cancel, or make us cancel, in so many seconds. */
    private static final int MOST_RESETS = 200;

    private static final int RESETS_SECONDS = 30;

    /** Answers to SETTINGS and PING that may wait for a client which asks and doesn't read. */
    private static final int MOST_CONTROL_FRAMES = 1000;

    /** DATA frames in a row that bring nothing. */
    private static final int MOST_EMPTY_FRAMES = 2;

    /** CONTINUATION frames of one head that are smaller than they could be. */
    private static final int MOST_SMALL_CONTINUATIONS = 16;

    private final ConnectionContext context;
    private final String remoteIp;
    private final @Nullable SSLSession tls;

    private ServerFrames(ConnectionContext context, String remoteIp, @Nullable SSLSession tls) {
        this.context = context;
        this.remoteIp = remoteIp;
        this.tls = tls;
    }

    /** A connection, to be added to a channel that is connected. */
    static ServerHttp2 newConnection(
            ConnectionContext context, String remoteIp, @Nullable SSLSession tls) {
        return new ServerFrames(context, remoteIp, tls).make();
    }

    private ServerHttp2 make() {
        var streams = new DefaultHttp2Connection(true, 0);
        streams.remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(
                                streams, new UniformStreamByteDistributor(streams)));
        connection(streams);
        initialSettings(
                Http2Settings.defaultSettings()
                        .maxConcurrentStreams(context.limits().maxConcurrentStreams())
                        .initialWindowSize(Http2Endpoint.STREAM_WINDOW)
                        .maxHeaderListSize(context.limits().maxHeaderSize())
                        .connectProtocolEnabled(true));
        validateRequiredPseudoHeaders(true);
        decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS);
        encoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESETS_SECONDS);
        encoderEnforceMaxQueuedControlFrames(MOST_CONTROL_FRAMES);
        decoderEnforceMaxConsecutiveEmptyDataFrames(MOST_EMPTY_FRAMES);
        decoderEnforceMaxSmallContinuationFrames(MOST_SMALL_CONTINUATIONS);
        decoupleCloseAndGoAway(true);
        gracefulShutdownTimeoutMillis(0);
        return build();
    }

    @Override
    protected ServerHttp2 build(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        var made = new ServerHttp2(decoder, encoder, settings, context, remoteIp, tls);
        frameListener(new Listener(made));
        return made;
    }

    private static final class Listener extends Http2Endpoint.Frames<ServerHttp2> {
        Listener(ServerHttp2 connection) {
            super(connection);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
            endpoint.windowsChanged();
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int id, int increment) {
            endpoint.windowGrew(id);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            endpoint.pingAnswered(data);
        }
    }
}
