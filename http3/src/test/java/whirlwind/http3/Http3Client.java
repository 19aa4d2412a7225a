package whirlwind.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.X509TrustManager;
import whirlwind.net.tls.Identity;

/** Netty's client for HTTP/3, which sends requests well formed or not, and tells what came back. */
final class Http3Client implements AutoCloseable {
    /** A JVM that has just started, on a busy machine, takes a millisecond for each datagram. */
    private static final long PATIENCE_SECONDS = 60;

    private static final EventLoopGroup LOOPS =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** What came back for one request. */
    record Response(
            int status, Map<String, String> headers, String body, Map<String, String> trailers) {}

    private final Channel socket;
    private final QuicChannel quic;
    private final CompletableFuture<Long> goAway;
    private final CompletableFuture<Integer> closed;

    /** Packets that came before the first that isn't a Retry. */
    private final AtomicInteger retries;

    private Http3Client(
            Channel socket,
            QuicChannel quic,
            CompletableFuture<Long> goAway,
            CompletableFuture<Integer> closed,
            AtomicInteger retries) {
        this.socket = socket;
        this.quic = quic;
        this.goAway = goAway;
        this.closed = closed;
        this.retries = retries;
    }

    static Http3Client connect(int port, X509TrustManager trust) throws Exception {
        return connect(port, trust, null, "localhost");
    }

    static Http3Client connect(int port, X509TrustManager trust, Identity identity, String name)
            throws Exception {
        var tls = QuicSslContextBuilder.forClient().trustManager(trust).applicationProtocols("h3");
        if (identity != null) {
            var credentials = identity.credentials();
            tls.keyManager(
                    credentials.key(),
                    null,
                    credentials.chain().toArray(java.security.cert.X509Certificate[]::new));
        }
        var context = tls.build();
        var codec =
                Http3.newQuicClientCodecBuilder()
                        .sslEngineProvider(q -> context.newEngine(q.alloc(), name, port))
                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .initialMaxStreamDataBidirectionalLocal(64 << 10)
                        .build();
        var retries = new AtomicInteger();
        var socket =
                new Bootstrap()
                        .group(LOOPS)
                        .channel(NioDatagramChannel.class)
                        .handler(
                                new io.netty.channel.ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new RetryCount(retries), codec);
                                    }
                                })
                        .bind(0)
                        .sync()
                        .channel();
        var goAway = new CompletableFuture<Long>();
        var closed = new CompletableFuture<Integer>();
        var quic =
                QuicChannel.newBootstrap(socket)
                        .handler(
                                new io.netty.channel.ChannelInitializer<QuicChannel>() {
                                    @Override
                                    protected void initChannel(QuicChannel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        new CloseWatch(closed),
                                                        new Http3ClientConnectionHandler(
                                                                new GoAwayWatch(goAway),
                                                                null,
                                                                null,
                                                                null,
                                                                true));
                                    }
                                })
                        .remoteAddress(new InetSocketAddress("127.0.0.1", port))
                        .connect()
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return new Http3Client(socket, quic, goAway, closed, retries);
    }

    /** Counts packets of type Retry, RFC 9000 section 17.2.5. */
    private static final class RetryCount extends ChannelInboundHandlerAdapter {
        private final AtomicInteger count;

        RetryCount(AtomicInteger count) {
            this.count = count;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var packet = ((io.netty.channel.socket.DatagramPacket) message).content();
            int first = packet.getUnsignedByte(packet.readerIndex());
            if ((first & 0xf0) == 0xf0) {
                count.incrementAndGet();
            }
            ctx.fireChannelRead(message);
        }
    }

    private static final class CloseWatch extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Integer> closed;

        CloseWatch(CompletableFuture<Integer> closed) {
            this.closed = closed;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof QuicConnectionCloseEvent close) {
                closed.complete(close.error());
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            closed.complete(-1);
            ctx.fireChannelInactive();
        }
    }

    private static final class GoAwayWatch extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Long> goAway;

        GoAwayWatch(CompletableFuture<Long> goAway) {
            this.goAway = goAway;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http3GoAwayFrame frame) {
                goAway.complete(frame.id());
            }
            io.netty.util.ReferenceCountUtil.release(message);
        }
    }

    int retries() {
        return retries.get();
    }

    /** The stream from which on the server looks at none. */
    CompletableFuture<Long> goAway() {
        return goAway;
    }

    /** With which error the connection was closed; -1 if nobody said. */
    CompletableFuture<Integer> closed() {
        return closed;
    }

    /** Whether the server lets it send another request now. */
    boolean mayOpen() {
        return quic.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0;
    }

    /** A request's pseudo-headers; more can be added. */
    static DefaultHttp3Headers head(String method, String path) {
        var head = new DefaultHttp3Headers(false);
        head.method(method).scheme("https").authority("localhost").path(path);
        return head;
    }

    Response get(String path) throws Exception {
        return send(head("GET", path), null).response();
    }

    Response post(String path, byte[] body) throws Exception {
        return send(head("POST", path), body).response();
    }

    /** Sends a whole request. */
    Call send(DefaultHttp3Headers head, byte[] body) throws Exception {
        var call = open(head, body == null);
        if (body != null) {
            call.write(body, true);
        }
        return call;
    }

    /** Begins a request, if the connection is still there. */
    CompletableFuture<Call> begin(DefaultHttp3Headers head) {
        var begun = new CompletableFuture<Call>();
        var reader = new Reader();
        Http3.newRequestStream(quic, reader)
                .addListener(opened -> {
                    if (opened.isSuccess()) {
                        var stream = (QuicStreamChannel) opened.getNow();
                        stream.writeAndFlush(new DefaultHttp3HeadersFrame(head));
                        begun.complete(new Call(stream, reader));
                    } else {
                        begun.completeExceptionally(opened.cause());
                    }
                });
        return begun;
    }

    /** Begins a request. */
    Call open(DefaultHttp3Headers head, boolean last) throws Exception {
        var reader = new Reader();
        var stream = Http3.newRequestStream(quic, reader).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        var call = new Call(stream, reader);
        var written = stream.writeAndFlush(new DefaultHttp3HeadersFrame(head));
        if (last) {
            written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }
        return call;
    }

    /** One request on its way. */
    record Call(QuicStreamChannel stream, Reader reader) {
        /** Sends a piece of the body; done when windows have taken it. */
        io.netty.channel.ChannelFuture write(byte[] piece, boolean last) {
            var frame = new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(piece));
            var written = stream.writeAndFlush(frame);
            if (last) {
                written.addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
            }
            return written;
        }

        void sendTrailers(String name, String value) {
            var trailers = new DefaultHttp3Headers(false);
            trailers.add(name, value);
            stream.writeAndFlush(new DefaultHttp3HeadersFrame(trailers))
                    .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
        }

        Response response() throws Exception {
            return reader.response.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        /** The error with which the server has reset the stream. */
        long reset() throws Exception {
            return reader.reset.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        void cancel() {
            stream.shutdown(0x10c); // H3_REQUEST_CANCELLED
        }

        /** Reads nothing more, until {@link #resume}. */
        void pause() {
            stream.config().setAutoRead(false);
        }

        void resume() {
            stream.config().setAutoRead(true);
        }
    }

    static final class Reader extends Http3RequestStreamInboundHandler {
        final CompletableFuture<Integer> status = new CompletableFuture<>();
        final CompletableFuture<Response> response = new CompletableFuture<>();
        final CompletableFuture<Long> reset = new CompletableFuture<>();
        final AtomicLong received = new AtomicLong();
        final AtomicInteger interim = new AtomicInteger();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final Map<String, String> trailers = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
            var code = frame.headers().status();
            if (code != null && code.charAt(0) == '1') {
                interim.set(Integer.parseInt(code.toString()));
                return;
            }
            var into = headers.isEmpty() ? headers : trailers;
            for (var field : frame.headers()) {
                into.put(field.getKey().toString(), field.getValue().toString());
            }
            if (code != null) {
                status.complete(Integer.valueOf(code.toString()));
            }
        }

        @Override
        protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame)
                throws Exception {
            ByteBuf content = frame.content();
            received.addAndGet(content.readableBytes());
            content.readBytes(body, content.readableBytes());
            frame.release();
        }

        @Override
        protected void channelInputClosed(ChannelHandlerContext ctx) {
            if (status.isDone()) {
                response.complete(
                        new Response(
                                status.join(),
                                headers,
                                body.toString(StandardCharsets.UTF_8),
                                trailers));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof QuicStreamResetException stream) {
                reset.complete(stream.applicationProtocolCode());
            }
            response.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            response.completeExceptionally(new IllegalStateException("closed"));
        }
    }

    @Override
    public void close() throws Exception {
        quic.close().sync();
        socket.close().sync();
    }
}
