package whirlwind.net.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.net.dns.Resolver;

/** What tests do with channels, from coroutines. */
final class Channels {
    private Channels() {}

    static void run(Callable<Void> body) {
        try (var loop = new IOLoop()) {
            loop.runSync(body);
        }
    }

    static CompletableFuture<Channel> connect(Destination destination) {
        return new Connector(IOLoop.current(), Resolver.create()).connect(destination);
    }

    static void close(Channel channel) {
        IOLoop.current().addCallback(channel::close);
    }

    static CompletableFuture<Void> closed(Channel channel) {
        var closed = new CompletableFuture<Void>();
        channel.closeFuture().addListener(done -> closed.complete(null));
        return closed;
    }

    /** What comes first. */
    static String read(Channel channel) {
        var text = new CompletableFuture<String>();
        IOLoop.current()
                .addCallback(() -> {
                    channel.pipeline()
                            .addLast(
                                    new SimpleChannelInboundHandler<ByteBuf>() {
                                        @Override
                                        protected void channelRead0(
                                                ChannelHandlerContext context, ByteBuf message) {
                                            text.complete(message.toString(StandardCharsets.UTF_8));
                                        }
                                    });
                    channel.read();
                });
        return Async.await(text);
    }
}
