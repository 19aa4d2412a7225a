package whirlwind.net.channel;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;

/** Reads PROXY headers without a connection, for whoever tries out what can be in them. */
public final class ProxyHeaders {
    private ProxyHeaders() {}

    /** Whose connection it is by the header, if it is one. */
    public static void read(byte[] header) {
        var channel = new EmbeddedChannel(new HAProxyMessageDecoder(), new Refusing());
        channel.writeInbound(Unpooled.wrappedBuffer(header));
        if (channel.readInbound() instanceof HAProxyMessage message) {
            try {
                ProxyHeader.addressIn(message, new InetSocketAddress("127.0.0.1", 1));
            } finally {
                message.release();
            }
        }
        channel.finishAndReleaseAll();
    }

    /** Malformed headers close the connection. */
    private static final class Refusing extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable malformed) {
            context.close();
        }
    }
}
