package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;
import whirlwind.loop.IOLoop;
import whirlwind.loop.Timeout;

/**
 * Reads the header that a proxy puts before a connection (the PROXY protocol, version 1 or 2), and
 * makes way for what follows. A connection without one is closed.
 */
public final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    /** How long a proxy may take for its header. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ProxyHeader.class);

    private final SocketAddress proxy;
    private final Consumer<@Nullable SocketAddress> client;
    private final Timeout timeout;
    private boolean refused;

    private ProxyHeader(
            SocketAddress proxy, Consumer<@Nullable SocketAddress> client, Timeout timeout) {
        this.proxy = proxy;
        this.client = client;
        this.timeout = timeout;
    }

    /**
     * Reads the header of a registered channel that doesn't read by itself.
     *
     * @param client told the client's address, or the proxy's own if it speaks for itself; adds the
     *     handlers for what follows
     */
    public static void read(
            IOLoop loop, Channel channel, Consumer<@Nullable SocketAddress> client) {
        var proxy = channel.remoteAddress();
        var timeout =
                loop.callLater(
                        LIMIT,
                        () -> refuse(channel, proxy, "none came in " + DurationText.of(LIMIT)));
        channel.closeFuture().addListener(closed -> timeout.cancel());
        channel.pipeline()
                .addLast(new HAProxyMessageDecoder(), new ProxyHeader(proxy, client, timeout));
        channel.read();
    }

    private static void refuse(Channel channel, SocketAddress proxy, @Nullable String why) {
        log.warn(
                "connection from {} closed, for it needs a PROXY header: {}",
                Addresses.textOf(proxy),
                why);
        channel.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
        var address = addressIn(header, proxy);
        timeout.cancel();
        ctx.pipeline().remove(this);
        client.accept(address);
    }

    /** The client's address, or that of the proxy where the header has none. */
    static SocketAddress addressIn(HAProxyMessage header, SocketAddress proxy) {
        var source = header.sourceAddress();
        if (header.command() == HAProxyCommand.LOCAL || source == null) {
            return proxy;
        }
        return switch (header.proxiedProtocol().addressFamily()) {
            case AF_IPv4, AF_IPv6 ->
                    new InetSocketAddress(InetAddress.ofLiteral(source), header.sourcePort());
            case AF_UNIX -> UnixDomainSocketAddress.of(source);
            case AF_UNSPEC -> proxy;
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!refused) { // the decoder complains once more when its channel is closed
            refused = true;
            refuse(ctx.channel(), proxy, cause.getMessage());
        }
    }
}
