package whirlwind.http3;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Text;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.exchange.ServerConnection;
import whirlwind.http.codec.stream.ServerStream;
import whirlwind.http.codec.stream.StreamConnection;

/** A connection that speaks HTTP/3, with an {@link Http3Stream} for each request. */
final class Http3Connection extends StreamConnection {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    /**
     * Streams that a client may cancel in so many seconds: each has begun a request for nothing.
     */
    private static final int MOST_RESETS = 200;

    private static final Duration RESETS_TIME = Duration.ofSeconds(30);

    /**
     * The decoder drops the connection at that many times the size that headers may have; up to
     * there the client is told 431.
     */
    private static final int HEADER_MARGIN = 4;

    /** Requests have numbers in steps of that, RFC 9000 section 2.1. */
    private static final int STEP = 4;

    private final ConnectionContext context;
    private final QuicChannel quic;
    private final String remoteIp;
    private long next;
    private boolean goingAway;
    private int resets;
    private Instant resetsSince = Instant.MIN;

    private Http3Connection(
            ConnectionContext context, QuicChannel quic, Duration handshakeTimeout) {
        super(context, handshakeTimeout);
        this.context = context;
        this.quic = quic;
        this.remoteIp = ipOf(quic);
    }

    /** Handles a connection from its first packet on. */
    static void begin(ConnectionContext context, QuicChannel quic, Duration handshakeTimeout) {
        var connection = new Http3Connection(context, quic, handshakeTimeout);
        var settings = new DefaultHttp3SettingsFrame();
        long most = (long) HEADER_MARGIN * context.limits().maxHeaderSize();
        settings.settings().maxFieldSectionSize(most);
        quic.pipeline()
                .addLast(
                        connection.new Life(),
                        new Http3ServerConnectionHandler(
                                new ChannelInitializer<QuicStreamChannel>() {
                                    @Override
                                    protected void initChannel(QuicStreamChannel stream) {
                                        connection.begin(stream);
                                    }
                                },
                                null,
                                null,
                                settings,
                                true));
    }

    private static String ipOf(QuicChannel quic) {
        return quic.remoteSocketAddress() instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress()
                : "0.0.0.0";
    }

    /** Hears when the connection opens and closes. */
    private final class Life extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            opened();
            ctx.fireChannelActive();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed();
            ctx.fireChannelInactive();
        }

        @Override
        public void channelUnregistered(ChannelHandlerContext ctx) {
            closed(); // it may never have been active
            ctx.fireChannelUnregistered();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.info("Connection of {} is dropped: {}", remoteIp, Text.oneLine(cause.getMessage()));
            ctx.close();
        }
    }

    // ---- streams ----

    private void begin(QuicStreamChannel channel) {
        if (goingAway) {
            channel.shutdown(Http3ErrorCode.H3_REQUEST_REJECTED.code());
            return;
        }
        next = Math.max(next, channel.streamId() + STEP);
        var stream = new Http3Stream(this, channel);
        channel.pipeline().addFirst(InOnePiece.INSTANCE).addLast(stream);
        add(stream.stream());
    }

    ServerStream newStream(Http3Stream wire) {
        return new ServerStream(context, wire);
    }

    void wake(ServerStream stream) {
        ready(stream);
    }

    void end(ServerStream stream) {
        remove(stream);
    }

    /** A client has cancelled a request. */
    void countReset() {
        var now = context.time();
        if (resetsSince.plus(RESETS_TIME).isBefore(now)) {
            resetsSince = now;
            resets = 0;
        }
        resets++;
        if (resets > MOST_RESETS) {
            log.info("Connection of {} is dropped: too many streams are reset", remoteIp);
            quic.close(true, Http3ErrorCode.H3_EXCESSIVE_LOAD.code(), Unpooled.EMPTY_BUFFER);
        }
    }

    String remoteIp() {
        return remoteIp;
    }

    @Nullable SSLSession tls() {
        return Objects.requireNonNull(quic.sslEngine()).getSession();
    }

    // ---- its end ----

    @Override
    protected void goAway() {
        goingAway = true;
        var control = Http3.getLocalControlStream(quic);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(next));
        }
    }

    @Override
    protected void close() {
        quic.close(true, Http3ErrorCode.H3_NO_ERROR.code(), Unpooled.EMPTY_BUFFER);
    }

    @Override
    protected void flush() {
        quic.flush();
    }

    @Override
    public void drop() {
        quic.close();
    }
}
