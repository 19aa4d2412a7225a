package whirlwind.transport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
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
    EPOLL(Epoll::isAvailable, EpollIoHandler::newFactory, EpollServerSocketChannel::new),
    IO_URING(IoUring::isAvailable, IoUringIoHandler::newFactory, IoUringServerSocketChannel::new),
    KQUEUE(KQueue::isAvailable, KQueueIoHandler::newFactory, KQueueServerSocketChannel::new),
    NIO(() -> true, NioIoHandler::newFactory, NioServerSocketChannel::new);

    private final BooleanSupplier available;
    private final Supplier<IoHandlerFactory> handlers;
    private final Supplier<ServerChannel> serverChannels;

    Transport(
            BooleanSupplier available,
            Supplier<IoHandlerFactory> handlers,
            Supplier<ServerChannel> serverChannels) {
        this.available = available;
        this.handlers = handlers;
        this.serverChannels = serverChannels;
    }

    /** Whether this machine has it. */
    public boolean isAvailable() {
        return available.getAsBoolean();
    }

    /** A listening channel of this transport, not yet registered. */
    public ServerChannel newServerChannel() {
        return serverChannels.get();
    }

    /**
     * Whether one thread, the first, must drive an event loop of this transport for all its life: a
     * ring is registered with the kernel for the thread that enters it.
     */
    public boolean isBoundToThread() {
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
