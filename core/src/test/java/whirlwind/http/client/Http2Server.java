package whirlwind.http.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server for HTTP/2 made of Netty's parts, with prior knowledge or behind TLS. */
final class Http2Server implements AutoCloseable {
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;
    private final Answer answer;
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<Long> resets = new CopyOnWriteArrayList<>();

    /** What is done with a request that is whole. */
    @FunctionalInterface
    interface Answer {
        void to(Stream stream);
    }

    Http2Server(SslContext tls, Http2Settings settings, Answer answer) {
        this.answer = answer;
        listening =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        init(channel, tls, settings);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .syncUninterruptibly()
                        .channel();
    }

    private void init(Channel channel, SslContext tls, Http2Settings settings) {
        connections.incrementAndGet();
        channel.closeFuture().addListener(done -> closed.incrementAndGet());
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        channel.pipeline()
                .addLast(
                        Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
                        new Http2MultiplexHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Stream());
                                    }
                                }));
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    HttpRequest get(String path) {
        return HttpRequest.of("http://127.0.0.1:" + port() + path)
                .withHttp2(whirlwind.http.transport.Http2Mode.PRIOR_KNOWLEDGE);
    }

    /** A request, and what the server does with it; on its own thread. */
    final class Stream extends ChannelInboundHandlerAdapter {
        private ChannelHandlerContext ctx;
        Http2Headers head;
        long received;
        final StringBuilder body = new StringBuilder();

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            this.ctx = ctx;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            boolean last = false;
            if (message instanceof Http2HeadersFrame frame) {
                head = frame.headers();
                last = frame.isEndStream();
                if ("100-continue".contentEquals(head.get("expect", ""))) {
                    head("100", false);
                }
            } else if (message instanceof Http2DataFrame frame) {
                received += frame.content().readableBytes();
                body.append(frame.content().toString(StandardCharsets.UTF_8));
                last = frame.isEndStream();
                frame.release();
            }
            if (last) {
                requests.add(head.method() + " " + head.path());
                answer.to(this);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                resets.add(reset.errorCode());
            }
        }

        void head(String status, boolean last, String... namesAndValues) {
            var headers = new DefaultHttp2Headers().status(status);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                headers.add(namesAndValues[i], namesAndValues[i + 1]);
            }
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers, last));
        }

        void trailers(String name, String value) {
            var headers = new DefaultHttp2Headers().add(name, value);
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
        }

        void data(byte[] bytes, boolean last) {
            data(Unpooled.wrappedBuffer(bytes), last);
        }

        private void data(ByteBuf bytes, boolean last) {
            ctx.writeAndFlush(new DefaultHttp2DataFrame(bytes, last));
        }

        void text(String text) {
            head("200", false, "content-type", "text/plain");
            data(text.getBytes(StandardCharsets.UTF_8), true);
        }

        void reset(Http2Error error) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(error));
        }

        void goAway() {
            ctx.channel().parent().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        }

        /** And hangs up. */
        void goAway(Http2Error error, String why) {
            var text = Unpooled.copiedBuffer(why, StandardCharsets.UTF_8);
            ctx.channel()
                    .parent()
                    .writeAndFlush(new DefaultHttp2GoAwayFrame(error, text).setExtraStreamIds(1))
                    .addListener(done -> hangUp());
        }

        void hangUp() {
            ctx.channel().parent().close();
        }
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
