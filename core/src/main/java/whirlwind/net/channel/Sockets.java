package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectFailedException;
import whirlwind.net.connect.MemoryAddress;

/** Opens sockets to addresses, one attempt each, from one source. On the loop's own thread. */
final class Sockets {
    /** Netty puts the system call before the reason: finishConnect(..) failed with error(-111). */
    private static final Pattern SYSTEM_CALL =
            Pattern.compile("^.*failed with error\\(-?\\d+\\): ");

    private final IOLoop loop;
    private final EventLoop own;
    private final @Nullable InetAddress sourceAddress;
    private final int sourcePort;

    /** A null address and port 0 leave the source to the system. */
    Sockets(IOLoop loop, @Nullable InetAddress sourceAddress, int sourcePort) {
        this.loop = loop;
        this.own = loop.io().eventLoop();
        this.sourceAddress = sourceAddress;
        this.sourcePort = sourcePort;
    }

    /** Now if the caller is the loop's own thread, else as a callback. */
    void onOwnThread(Runnable action) {
        if (own.inEventLoop()) {
            action.run();
        } else {
            loop.addCallback(action);
        }
    }

    /**
     * Connects to one address. Cancelling the future closes the socket.
     *
     * @param name what is connected to, for messages
     * @param handlers to be there before the connection is
     */
    CompletableFuture<Channel> open(SocketAddress remote, String name, ChannelHandler... handlers) {
        return open(remote, remote, name, handlers);
    }

    /**
     * The same with another address for the handlers to see: they may connect elsewhere.
     *
     * @param kind an address of the kind that the socket will be connected to
     */
    CompletableFuture<Channel> open(
            SocketAddress kind, SocketAddress remote, String name, ChannelHandler... handlers) {
        try {
            var channel =
                    kind instanceof MemoryAddress
                            ? new MemoryChannel(loop)
                            : loop.io().transport().newChannelTo(kind);
            return connect(channel, kind, remote, name, handlers);
        } catch (ChannelException e) { // there is no descriptor left
            var reason = e.getCause() == null ? e : e.getCause();
            return CompletableFuture.failedFuture(failure("can't connect to " + name, reason));
        }
    }

    private CompletableFuture<Channel> connect(
            Channel channel,
            SocketAddress kind,
            SocketAddress remote,
            String name,
            ChannelHandler... handlers) {
        var opened = new CompletableFuture<Channel>();
        setOptions(channel);
        channel.pipeline().addLast(handlers).addLast(new EarlyInput());
        opened.whenComplete((connected, failure) -> {
            if (failure != null) {
                channel.close();
            }
        });
        own.register(channel);
        bind(channel, kind, opened);
        if (!opened.isDone()) {
            channel.connect(loop.io().transport().own(remote))
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            opened.complete(channel);
                        } else {
                            channel.close(); // the next attempt may want the same source port
                            opened.completeExceptionally(
                                    failure("can't connect to " + name, done.cause()));
                        }
                    });
        }
        return opened;
    }

    private void setOptions(Channel channel) {
        var config = channel.config();
        config.setAutoRead(false);
        config.setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        config.setOption(ChannelOption.TCP_NODELAY, true); // Unix sockets don't know it
        if (channel instanceof EpollSocketChannel && sourceAddress != null && sourcePort == 0) {
            config.setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
    }

    private void bind(Channel channel, SocketAddress remote, CompletableFuture<Channel> opened) {
        if (remote instanceof InetSocketAddress ip && (sourceAddress != null || sourcePort != 0)) {
            var address = sourceAddress != null ? sourceAddress : anyOfKind(ip.getAddress());
            var source = new InetSocketAddress(address, sourcePort);
            var failure = channel.bind(source).cause();
            if (failure != null) {
                opened.completeExceptionally(
                        failure("can't connect from " + name(source), failure));
            }
        }
    }

    private static InetAddress anyOfKind(InetAddress address) {
        return address instanceof Inet4Address
                ? InetAddress.ofLiteral("0.0.0.0")
                : InetAddress.ofLiteral("::");
    }

    private static ConnectFailedException failure(String what, Throwable cause) {
        var reason = String.valueOf(cause.getMessage());
        return new ConnectFailedException(
                what + ": " + SYSTEM_CALL.matcher(reason).replaceFirst(""),
                cause instanceof IOException io ? io : new IOException(cause));
    }

    /** For messages: {@code 127.0.0.1:80}, {@code [::1]:80}, or a path. */
    static String name(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress ip -> NetUtil.toSocketAddressString(ip);
            case UnixDomainSocketAddress unix -> unix.getPath().toString();
            default -> address.toString();
        };
    }
}
