package whirlwind.http.codec;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** How connections end. */
public final class HangUp {
    private HangUp() {}

    /** Whether a connection has broken as they do every day, and nobody here is to blame. */
    public static boolean isEveryday(Throwable failure) {
        return failure instanceof IOException || failure.getCause() instanceof SSLException;
    }

    /** What has happened, without what Netty's decoders put around it. */
    public static Throwable reason(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof DecoderException && cause != null ? cause : failure;
    }

    /** Closes behind what has been written. */
    public static void behindOutput(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /**
     * Ends the output behind what has been written, though the peer may still be sending. Closing a
     * socket that has unread input resets it, and the peer may lose what was sent last; so it is
     * left to the peer to close.
     */
    public static void endOutput(ChannelHandlerContext ctx) {
        var channel = (DuplexChannel) ctx.channel();
        var tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(_ -> channel.shutdownOutput());
        } else {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.shutdownOutput());
        }
    }
}
