package whirlwind.net.channel;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps what a channel has read before anybody asked, until somebody reads: the peer may speak
 * first, and a record of TLS or a hang-up brings its data unasked. Stands last until then; the
 * handlers that come after it must read when they are ready, and the first read makes it go.
 */
final class EarlyInput extends ChannelDuplexHandler {
    private final Queue<Object> messages = new ArrayDeque<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        messages.add(message);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        boolean any = !messages.isEmpty();
        while (!messages.isEmpty()) {
            context.fireChannelRead(messages.remove());
        }
        if (any) {
            context.fireChannelReadComplete();
        }
        context.read();
        context.pipeline().remove(this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        messages.forEach(ReferenceCountUtil::release);
        messages.clear();
    }
}
