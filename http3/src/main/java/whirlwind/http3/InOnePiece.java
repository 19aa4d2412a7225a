package whirlwind.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Writes a frame's head and its content as one buffer. Netty's streams take several, but lose the
 * error then that the client has said STOP_SENDING, and wait for it to read on.
 */
@Sharable
final class InOnePiece extends ChannelOutboundHandlerAdapter {
    static final InOnePiece INSTANCE = new InOnePiece();

    private InOnePiece() {}

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf parts) || parts.nioBufferCount() == 1) {
            ctx.write(message, promise);
            return;
        }
        try {
            var whole = ctx.alloc().directBuffer(parts.readableBytes());
            ctx.write(whole.writeBytes(parts), promise);
        } finally {
            parts.release();
        }
    }
}
