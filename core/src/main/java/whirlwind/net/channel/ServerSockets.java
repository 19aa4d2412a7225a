package whirlwind.net.channel;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.MemoryAddress;
import whirlwind.transport.Transport;

/** Listening channels of each transport for each kind of address. */
final class ServerSockets {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Whether a socket listens: {@code SO_ACCEPTCONN}, of level {@code SOL_SOCKET}. */
    private static final ChannelOption<Integer> ACCEPTS =
            new IntegerUnixChannelOption("SO_ACCEPTCONN", LINUX ? 1 : 0xffff, LINUX ? 30 : 0x0002);

    private ServerSockets() {}

    /** A channel that can be bound to the address. */
    static ServerChannel open(IOLoop loop, SocketAddress address, int backlog, boolean reusePort) {
        if (address instanceof MemoryAddress) {
            return new MemoryListener(loop);
        }
        var transport = loop.io().transport();
        boolean unix = address instanceof UnixDomainSocketAddress;
        var channel = unix ? forUnixSockets(transport) : transport.newServerChannel();
        var config = channel.config();
        config.setOption(ChannelOption.SO_BACKLOG, backlog);
        if (unix) {
            return channel;
        }
        config.setOption(ChannelOption.SO_REUSEADDR, true);
        if (reusePort) {
            if (transport == Transport.NIO) {
                config.setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
            } else {
                config.setOption(UnixChannelOption.SO_REUSEPORT, true);
            }
        }
        return channel;
    }

    private static ServerChannel forUnixSockets(Transport transport) {
        return switch (transport) {
            case EPOLL -> new EpollServerDomainSocketChannel();
            case IO_URING -> new IoUringServerDomainSocketChannel();
            case KQUEUE -> new KQueueServerDomainSocketChannel();
            case NIO -> new NioServerDomainSocketChannel();
        };
    }

    /**
     * A channel for a TCP socket that listens already.
     *
     * @throws IOException if it is none; then the descriptor stays the caller's
     */
    static ServerChannel adopt(Transport transport, int descriptor) throws IOException {
        try {
            var channel = adoptUnchecked(transport, descriptor);
            if (channel.config().getOption(ACCEPTS) == 0) {
                throw new IOException("it is a socket that doesn't listen");
            }
            return channel;
        } catch (ChannelException e) {
            throw new IOException("it is no open socket", e);
        }
    }

    private static ServerChannel adoptUnchecked(Transport transport, int descriptor) {
        return switch (transport) {
            case EPOLL -> new EpollServerSocketChannel(descriptor);
            case KQUEUE -> new KQueueServerSocketChannel(descriptor);
            case IO_URING, NIO ->
                    throw new UnsupportedOperationException(
                            "descriptor %d: transport %s can't take sockets over (use epoll)"
                                    .formatted(descriptor, transport));
        };
    }
}
