package whirlwind.benchmarks.peer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends what a member says to all members: one buffer with one frame, which each gets a view of. As
 * lean as a broadcast gets.
 */
@Sharable
final class NettyRoom extends ChannelInboundHandlerAdapter {
    private static final int LONGEST = 125;

    private final List<ChannelHandlerContext> members = new ArrayList<>();

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        members.add(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        members.remove(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case TextWebSocketFrame text -> tellAll(context, text.content());
                case CloseWebSocketFrame _ -> context.close();
                default -> {} // the end of the request, or a pong
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void tellAll(ChannelHandlerContext speaker, ByteBuf text) {
        int length = text.readableBytes();
        if (length > LONGEST) {
            throw new IllegalArgumentException("a message of " + length + " bytes");
        }
        var frame = speaker.alloc().directBuffer(2 + length);
        frame.writeByte(0x81).writeByte(length).writeBytes(text);
        for (var member : members) {
            member.writeAndFlush(frame.retainedDuplicate(), member.voidPromise());
        }
        frame.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
