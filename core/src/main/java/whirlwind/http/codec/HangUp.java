package whirlwind.http.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** How a connection is ended whose peer may still be sending. */
final class HangUp {
    private HangUp() {}

    /**
     * Ends the output behind what has been written. Closing a socket that has unread input resets
     * it, and the peer may lose what was sent last; so it is left to the peer to close.
     */
    static void afterOutput(ChannelHandlerContext ctx) {
        var channel = (DuplexChannel) ctx.channel();
        var tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
        } else {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.shutdownOutput());
        }
    }
}
