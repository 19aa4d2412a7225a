package whirlwind.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The ways to the kernel, in the order in which {@link #choose} tries them. */
public enum Transport {
    /*
     * epoll comes before io_uring: both cost the same for a request (benchmarks/README.md), but io_uring keeps a receive
     * buffer posted for every idle connection, and idle connections are what a loop has most of.
     */
    EPOLL(
            Epoll::isAvailable,
            EpollIoHandler::newFactory,
            EpollServerSocketChannel::new,
            EpollSocketChannel::new,
            EpollDomainSocketChannel::new,
            EpollDatagramChannel::new),
    IO_URING(
            IoUring::isAvailable,
            IoUringIoHandler::newFactory,
            IoUringServerSocketChannel::new,
            IoUringSocketChannel::new,
            IoUringDomainSocketChannel::new,
            IoUringDatagramChannel::new),
    KQUEUE(
            KQueue::isAvailable,
            KQueueIoHandler::newFactory,
            KQueueServerSocketChannel::new,
            KQueueSocketChannel::new,
            KQueueDomainSocketChannel::new,
            KQueueDatagramChannel::new),
    NIO(
            () -> true,
            NioIoHandler::newFactory,
            NioServerSocketChannel::new,
            NioSocketChannel::new,
            NioDomainSocketChannel::new,
            NioDatagramChannel::new);

    private final BooleanSupplier available;
    private final Supplier<IoHandlerFactory> handlers;
    private final Supplier<ServerChannel> serverChannels;
    private final Supplier<SocketChannel> socketChannels;
    private final Supplier<Channel> domainSocketChannels;
    private final Supplier<DatagramChannel> datagramChannels;

    Transport(
            BooleanSupplier available,
            Supplier<IoHandlerFactory> handlers,
            Supplier<ServerChannel> serverChannels,
            Supplier<SocketChannel> socketChannels,
            Supplier<Channel> domainSocketChannels,
            Supplier<DatagramChannel> datagramChannels) {
        this.available = available;
        this.handlers = handlers;
        this.serverChannels = serverChannels;
        this.socketChannels = socketChannels;
        this.domainSocketChannels = domainSocketChannels;
        this.datagramChannels = datagramChannels;
    }

    /** Whether this machine has it. */
    public boolean isAvailable() {
        return available.getAsBoolean();
    }

    /** A listening channel of this transport, not yet registered. */
    public ServerChannel newServerChannel() {
        return serverChannels.get();
    }

    /** A channel of this transport that can connect to an address of that kind; not registered. */
    public Channel newChannelTo(SocketAddress remote) {
        return remote instanceof InetSocketAddress
                ? socketChannels.get()
                : domainSocketChannels.get();
    }

    /** A TCP channel of this transport, not yet registered. */
    public SocketChannel newSocketChannel() {
        return socketChannels.get();
    }

    /** A UDP channel of this transport, not yet registered. */
    public DatagramChannel newDatagramChannel() {
        return datagramChannels.get();
    }

    /** An address as this transport's channels want it; only those of Unix sockets differ. */
    public SocketAddress own(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix && this != NIO
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }

    /**
     * Whether one thread, the first, must drive an event loop of this transport for all its life: a
     * ring is registered with the kernel for the thread that enters it.
     */
    public boolean isBoundToThread() {
        return this == IO_URING;
    }

    /**
     * Whether the kernel is told what to do, and says later that it did; the others do it at once.
     */
    public boolean answersLater() {
        return this == IO_URING;
    }

    IoHandlerFactory handlerFactory() {
        return handlers.get();
    }

    /**
     * The transport that a setting names: {@code auto} for the first one available, or {@code
     * epoll}, {@code io_uring}, {@code kqueue}, {@code nio}.
     *
     * @throws IllegalArgumentException for any other name, and for a transport that this machine
     *     lacks
     */
    public static Transport choose(String name) {
        if (name.equals("auto")) {
            return Arrays.stream(values()).filter(Transport::isAvailable).findFirst().orElse(NIO);
        }
        return Arrays.stream(values())
                .filter(t -> t.toString().equals(name) && t.isAvailable())
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "transport: '%s' (on this machine: auto, %s)"
                                        .formatted(name, names())));
    }

    private static String names() {
        return Arrays.stream(values())
                .filter(Transport::isAvailable)
                .map(Transport::toString)
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
