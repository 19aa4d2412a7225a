package whirlwind.http3;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.EpollQuicUtils;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import whirlwind.http.codec.exchange.ConnectionContext;
import whirlwind.http.codec.stream.Http3Listener;
import whirlwind.net.tls.TlsServerOptions;

/** The UDP sockets of one server, and the connections that came over them. */
final class QuicListener implements Http3Listener {
    /** What a client may send on one stream before some of it is consumed. */
    private static final int STREAM_WINDOW = 256 << 10;

    /** And on all streams together. */
    private static final int CONNECTION_WINDOW = 2 << 20;

    /** Larger than a datagram of QUIC on any path so far. */
    private static final int DATAGRAM_BYTES = 2048;

    /** For the packets that come while the loop is busy. */
    private static final int SOCKET_BUFFER = 1 << 20;

    /** Packets that the kernel sends with one system call, where it can. */
    private static final int SEGMENTS = 10;

    private final ConnectionContext context;
    private final TlsServerOptions options;
    private final QuicTls tls;
    private final List<Socket> sockets = new ArrayList<>();
    private boolean stopped;

    /** A socket, and how many connections use it. */
    private static final class Socket {
        final Channel channel;
        int connections;

        Socket(Channel channel) {
            this.channel = channel;
        }
    }

    QuicListener(ConnectionContext context, TlsServerOptions options) {
        this.context = context;
        this.options = options;
        this.tls = new QuicTls(options);
    }

    @Override
    public void listen(InetSocketAddress address, boolean reusePort) throws IOException {
        var channel = context.newDatagramChannel();
        var socket = new Socket(channel);
        var config = channel.config();
        config.setOption(
                ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES));
        config.setOption(ChannelOption.SO_RCVBUF, SOCKET_BUFFER);
        if (reusePort) {
            config.setOption(UnixChannelOption.SO_REUSEPORT, true);
        }
        channel.pipeline().addLast(newCodec(socket));
        try {
            throwFailure(context.eventLoop().register(channel));
            throwFailure(channel.bind(address));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        stopped = false;
        sockets.add(socket);
    }

    private static void throwFailure(ChannelFuture done) throws IOException {
        var failure = done.cause();
        if (failure instanceof BindException
                || (failure instanceof Errors.NativeIoException e
                        && String.valueOf(e.getMessage()).contains("in use"))) {
            throw new BindException("UDP: " + failure.getMessage());
        }
        if (failure != null) {
            throw new IOException(failure);
        }
    }

    private ChannelHandler newCodec(Socket socket) {
        var limits = context.limits();
        var builder =
                Http3.newQuicServerCodecBuilder()
                        .sslEngineProvider(quic -> tls.newEngine(quic.alloc()))
                        .tokenHandler(new RetryTokens(context::time))
                        .maxIdleTimeout(limits.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .initialMaxData(CONNECTION_WINDOW)
                        .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                        .initialMaxStreamDataUnidirectional(STREAM_WINDOW)
                        .initialMaxStreamsBidirectional(limits.maxConcurrentStreams())
                        .initialMaxStreamsUnidirectional(
                                Http3.MIN_INITIAL_MAX_STREAMS_UNIDIRECTIONAL)
                        .streamOption(ChannelOption.AUTO_READ, false)
                        .handler(
                                new ChannelInitializer<QuicChannel>() {
                                    @Override
                                    protected void initChannel(QuicChannel quic) {
                                        begin(socket, quic);
                                    }
                                });
        if (socket.channel instanceof EpollDatagramChannel) {
            builder.option(
                    QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
                    EpollQuicUtils.newSegmentedAllocator(SEGMENTS));
        }
        return builder.build();
    }

    private void begin(Socket socket, QuicChannel quic) {
        if (stopped || context.isFull()) {
            quic.close();
            return;
        }
        socket.connections++;
        quic.closeFuture()
                .addListener(_ -> {
                    socket.connections--;
                    closeIfUnused(socket);
                });
        Http3Connection.begin(context, quic, options.handshakeTimeout());
    }

    @Override
    public void stop() {
        stopped = true;
        List.copyOf(sockets).forEach(this::closeIfUnused);
    }

    /** Its last connection has sent its goodbye by then. */
    private void closeIfUnused(Socket socket) {
        if (stopped && socket.connections == 0 && sockets.remove(socket)) {
            context.eventLoop().execute(socket.channel::close);
        }
    }
}
