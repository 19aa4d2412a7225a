package whirlwind.benchmarks.peer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.URI;

/** The leanest client that Netty's parts make: a connection for each GET, and nothing kept. */
final class NettyGets {
    private NettyGets() {}

    static void start(URI uri, int inFlight) {
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        for (int i = 0; i < inFlight; i++) {
            int number = i;
            new Bootstrap()
                    .group(group)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .handler(
                            new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel channel) {
                                    channel.pipeline()
                                            .addLast(new HttpClientCodec(), new Get(uri, number));
                                }
                            })
                    .connect(uri.getHost(), uri.getPort());
        }
    }

    private static final class Get extends SimpleChannelInboundHandler<HttpObject> {
        private final URI uri;
        private final int number;
        private int status;
        private int length;

        Get(URI uri, int number) {
            this.uri = uri;
            this.number = number;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            var request =
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            HttpMethod.GET,
                            uri.getRawPath(),
                            Unpooled.EMPTY_BUFFER);
            request.headers().set(HttpHeaderNames.HOST, uri.getAuthority());
            ctx.writeAndFlush(request, ctx.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part instanceof HttpResponse response) {
                status = response.status().code();
                length = 0;
            }
            if (part instanceof HttpContent content) {
                length += content.content().readableBytes();
                if (content instanceof LastHttpContent && Gets.done(number, status, length)) {
                    send(ctx);
                }
            }
        }
    }
}
