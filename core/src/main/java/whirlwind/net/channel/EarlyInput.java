package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps what a channel has read before anybody asked, until somebody reads: the peer may speak
 * first and hang up at once, and a record of TLS or a hang-up brings its data unasked. Stands last
 * until then; the handlers that come after it must read when they are ready, and the first read
 * makes it go.
 */
final class EarlyInput extends ChannelDuplexHandler {
    /** Messages, and an exception or the end of the input perhaps. */
    private final Queue<Object> events = new ArrayDeque<>();

    private boolean halfClosure;

    /** Makes the channel outlive its input's end, until what came before it has been read. */
    static void keepEnd(Channel channel) {
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** The same for as long as the channel lives. */
    static void allowHalfClosure(Channel channel) {
        keepEnd(channel);
        var early = channel.pipeline().get(EarlyInput.class);
        if (early != null) {
            early.halfClosure = true;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        events.add(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        events.add(cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            events.add(event);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void read(ChannelHandlerContext context) {
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
        boolean any = !events.isEmpty();
        while (!events.isEmpty()) {
            switch (events.remove()) {
                case ChannelInputShutdownEvent end when halfClosure ->
                        context.fireUserEventTriggered(end);
                case ChannelInputShutdownEvent end -> context.close();
                case Throwable failure -> context.fireExceptionCaught(failure);
                case Object message -> context.fireChannelRead(message);
            }
        }
        if (any) {
            context.fireChannelReadComplete();
        }
        if (!context.isRemoved()) {
            context.read();
            context.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        events.forEach(ReferenceCountUtil::release);
        events.clear();
    }
}
