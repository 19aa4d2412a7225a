package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks4ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.net.connect.Proxy;
import whirlwind.net.connect.ProxyException;
import whirlwind.net.dns.Resolver;

/**
 * What is said to a proxy once it is connected. Netty's handlers speak as soon as they are; but
 * several connections to one proxy may race, so each is kept quiet until it has won.
 */
final class ProxyHandshake {
    private ProxyHandshake() {}

    /**
     * Connects to an address of the proxy; nothing is said yet.
     *
     * @param authorization the answer to the proxy's challenge, if it has made one
     */
    static CompletableFuture<Channel> open(
            Sockets sockets,
            Proxy proxy,
            InetSocketAddress address,
            Destination destination,
            @Nullable String authorization) {
        var handler = newHandler(proxy, address, authorization);
        handler.setConnectTimeoutMillis(0);
        return sockets.open(
                address,
                target(destination),
                proxy + " at " + Sockets.name(address),
                new Gate(),
                handler);
    }

    private static ProxyHandler newHandler(
            Proxy proxy, InetSocketAddress address, @Nullable String authorization) {
        var user = proxy.user();
        var password = Objects.requireNonNullElse(proxy.password(), "");
        return switch (proxy.type()) {
            case HTTP -> {
                if (user != null && !proxy.digest()) {
                    yield new HttpProxyHandler(address, user, password);
                }
                var headers = new DefaultHttpHeaders();
                if (authorization != null) {
                    headers.set(HttpHeaderNames.PROXY_AUTHORIZATION, authorization);
                }
                yield new HttpProxyHandler(address, headers);
            }
            case SOCKS4 -> new Socks4ProxyHandler(address, user);
            case SOCKS5 -> new Socks5ProxyHandler(address, user, password);
        };
    }

    /** A name stays a name: the proxy looks it up. */
    private static InetSocketAddress target(Destination destination) {
        var host = destination.host();
        return Resolver.isValidIp(host)
                ? new InetSocketAddress(InetAddress.ofLiteral(host), destination.port())
                : InetSocketAddress.createUnresolved(host, destination.port());
    }

    /**
     * Lets the proxy connect.
     *
     * @return null when it has; or, where it wants a digest, the answer to its challenge, for a
     *     connection anew
     */
    static CompletableFuture<@Nullable String> start(
            Channel channel, Proxy proxy, Destination destination) {
        var through = new CompletableFuture<@Nullable String>();
        var handler = channel.pipeline().get(ProxyHandler.class);
        handler.connectFuture()
                .addListener(done -> {
                    if (done.isSuccess()) {
                        channel.pipeline().remove(handler);
                        through.complete(null);
                        return;
                    }
                    var answer = answer(proxy, destination, done.cause());
                    if (answer != null) {
                        through.complete(answer);
                    } else {
                        through.completeExceptionally(failure(proxy, destination, done.cause()));
                    }
                });
        channel.pipeline().get(Gate.class).open();
        return through;
    }

    private static @Nullable String answer(Proxy proxy, Destination destination, Throwable cause) {
        if (!proxy.digest()
                || !(cause instanceof HttpProxyConnectException refused)
                || refused.headers() == null) {
            return null;
        }
        return DigestAuth.answer(
                refused.headers().getAll(HttpHeaderNames.PROXY_AUTHENTICATE),
                new DigestAuth.User(
                        Objects.requireNonNull(proxy.user()),
                        Objects.requireNonNullElse(proxy.password(), "")),
                "CONNECT",
                destination.hostAndPort());
    }

    static ProxyException failure(Proxy proxy, Destination destination, Throwable cause) {
        var message = String.valueOf(cause.getMessage());
        var reason = message.substring(message.lastIndexOf(", ") + 1).strip();
        return new ProxyException(
                proxy + " didn't connect to " + destination.hostAndPort() + ": " + reason,
                cause instanceof IOException io ? io : new IOException(cause));
    }

    /** Tells the handlers behind it that the channel is connected when it is opened. */
    private static final class Gate extends ChannelInboundHandlerAdapter {
        @SuppressWarnings("NullAway.Init") // before anything else
        private ChannelHandlerContext context;

        private boolean active;
        private boolean open;

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            this.context = context;
        }

        /** Netty says it after it has told who waited for the connection, and so perhaps late. */
        @Override
        public void channelActive(ChannelHandlerContext context) {
            active = true;
            pass();
        }

        void open() {
            open = true;
            pass();
        }

        private void pass() {
            if (open && active) {
                context.fireChannelActive();
                context.pipeline().remove(this);
            }
        }
    }
}
