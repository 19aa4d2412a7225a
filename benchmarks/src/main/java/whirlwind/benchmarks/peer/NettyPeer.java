package whirlwind.benchmarks.peer;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;

/**
 * The same service as the bench demo on bare Netty, as lean as it gets: one epoll loop for
 * everything, a codec and one shared handler per connection. It leaves out what a framework owes
 * its users: no router, no limits, no Date header, no check of header values, no timeouts, no look
 * at malformed input, no check that text messages are text.
 */
public final class NettyPeer {
    private static final int READ_BYTES = 4096;
    private static final int BACKLOG = 4096;

    private NettyPeer() {}

    /** The arguments are the port and, if it is to take {@link Orders}, the word {@code orders}. */
    public static void main(String[] args) throws InterruptedException {
        int port = Integer.parseInt(args[0]);
        boolean ordering = args.length > 1 && args[1].equals("orders");
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var listener =
                new ServerBootstrap()
                        .group(group)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new FixedRecvByteBufAllocator(READ_BYTES))
                        .childHandler(new Connections(ordering))
                        .bind("127.0.0.1", port)
                        .sync()
                        .channel();
        System.out.println("listening on http://localhost:" + port);
        listener.closeFuture().sync();
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        private final HttpDecoderConfig decoding =
                new HttpDecoderConfig()
                        .setHeadersFactory(
                                DefaultHttpHeadersFactory.headersFactory().withValidation(false));
        private final NettyRequests requests = new NettyRequests();
        private final boolean ordering;

        Connections(boolean ordering) {
            this.ordering = ordering;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline().addLast(new HttpServerCodec(decoding));
            if (ordering) {
                channel.pipeline().addLast(new NettyOrders());
            }
            channel.pipeline().addLast(requests);
        }
    }
}
