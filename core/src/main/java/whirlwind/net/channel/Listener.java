package whirlwind.net.channel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.DurationText;
import whirlwind.loop.IOLoop;

/** The listening sockets of one server. Called on the loop's own thread, see {@link OwnThread}. */
public final class Listener {
    /** Connections that may wait to be accepted, unless a server says otherwise. */
    public static final int BACKLOG = 128;

    /** After a failed accept, most likely for want of file descriptors. */
    private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);

    private static final int LINUX_EADDRINUSE = 98;
    private static final int BSD_EADDRINUSE = 48;

    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    private final IOLoop loop;
    private final EventLoop own;
    private final Consumer<Channel> accepted;
    private final List<Channel> listening = new ArrayList<>();
    private boolean paused;

    /**
     * A listener without sockets.
     *
     * @param accepted gets each connection, which is not registered yet
     */
    public Listener(IOLoop loop, Consumer<Channel> accepted) {
        this.loop = loop;
        this.own = loop.io().eventLoop();
        this.accepted = accepted;
    }

    /**
     * Listens on an address: TCP, or a Unix-domain socket, whose file gets mode 0600 and replaces
     * another socket of that name.
     *
     * @throws BindException if the address is in use, and for no other reason
     * @throws IOException if listening fails
     */
    public void bind(SocketAddress address, int backlog, boolean reusePort) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile.makeRoom(unix.getPath());
        }
        var channel = ServerSockets.open(loop, address, backlog, reusePort);
        start(channel, () -> channel.bind(loop.io().transport().own(address)));
        if (address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile.restrict(unix.getPath());
        }
    }

    /**
     * Listens on all TCP addresses of a name, or on none of them. Those of IPv6 are left out where
     * the machine doesn't have it. Port 0 means one port that is free for all.
     *
     * @throws BindException if an address is in use, and for no other reason
     * @throws IOException if listening fails
     */
    public void bindAll(List<InetSocketAddress> addresses, int backlog, boolean reusePort)
            throws IOException {
        int before = listening.size();
        int port = addresses.getFirst().getPort();
        @Nullable IOException left = null;
        try {
            for (var address : new LinkedHashSet<>(addresses)) {
                try {
                    bind(new InetSocketAddress(address.getAddress(), port), backlog, reusePort);
                    port = ((InetSocketAddress) listening.getLast().localAddress()).getPort();
                } catch (BindException e) {
                    throw e;
                } catch (IOException e) {
                    if (!(address.getAddress() instanceof Inet6Address)) {
                        throw e;
                    }
                    left = e;
                }
            }
        } catch (IOException e) {
            closeFrom(before);
            throw e;
        }
        if (left != null && listening.size() == before) {
            throw left;
        }
    }

    /**
     * Accepts from a TCP socket that listens already, given by its descriptor, which is this
     * listener's from now on.
     *
     * @throws UnsupportedOperationException if the transport can't
     */
    public void adopt(int descriptor) throws IOException {
        var channel = ServerSockets.adopt(loop.io().transport(), descriptor);
        start(channel, channel::newSucceededFuture);
    }

    private interface Bind {
        ChannelFuture start();
    }

    private void start(ServerChannel channel, Bind bind) throws IOException {
        channel.pipeline().addLast(new Accept());
        channel.config().setAutoRead(!paused);
        try {
            throwFailure(own.register(channel));
            throwFailure(bind.start());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        listening.add(channel);
        var address = Addresses.ofJdk(channel.localAddress());
        channel.closeFuture().addListener(closed -> left(channel, address)); // with its loop
    }

    private void left(Channel channel, @Nullable SocketAddress address) {
        if (listening.remove(channel) && address instanceof UnixDomainSocketAddress unix) {
            UnixSocketFile.remove(unix.getPath());
        }
    }

    private static void throwFailure(ChannelFuture done) throws IOException {
        var failure = done.cause();
        if (failure != null) {
            if (isInUse(failure)) {
                throw new BindException(failure.getMessage());
            }
            throw new IOException(failure);
        }
        if (!done.isDone()) {
            throw new IllegalStateException("on its own thread the loop binds at once");
        }
    }

    /** By its number where there is one, for the text may be in the machine's language. */
    private static boolean isInUse(Throwable failure) {
        return failure instanceof Errors.NativeIoException e
                ? e.expectedErr() == -LINUX_EADDRINUSE || e.expectedErr() == -BSD_EADDRINUSE
                : failure instanceof BindException
                        && String.valueOf(failure.getMessage()).contains("in use");
    }

    /** The addresses that it listens on, in the order of their binding. */
    public List<SocketAddress> addresses() {
        var addresses = new ArrayList<SocketAddress>(listening.size());
        for (var channel : listening) {
            var address = Addresses.ofJdk(channel.localAddress());
            if (address != null) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    /** The port of the first TCP address; -1 if there is none. */
    public int port() {
        return addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .mapToInt(address -> ((InetSocketAddress) address).getPort())
                .findFirst()
                .orElse(-1);
    }

    /** Whether it has a socket. */
    public boolean isListening() {
        return !listening.isEmpty();
    }

    /** Lets further connections wait in the kernel until {@link #resume}. */
    public void pause() {
        paused = true;
        listening.forEach(channel -> channel.config().setAutoRead(false));
    }

    /** Goes on accepting. */
    public void resume() {
        paused = false;
        acceptAgain();
    }

    /** Closes the socket that was bound last. */
    public void closeLast() {
        closeFrom(listening.size() - 1);
    }

    /** Closes the sockets, and removes the files of those that have one. */
    public void close() {
        closeFrom(0);
    }

    private void closeFrom(int first) {
        for (var channel : List.copyOf(listening.subList(first, listening.size()))) {
            var address = Addresses.ofJdk(channel.localAddress());
            channel.close();
            left(channel, address); // at once, also where the kernel closes it later
        }
    }

    private void acceptAgain() {
        if (!paused) {
            listening.forEach(channel -> channel.config().setAutoRead(true));
        }
    }

    /** The handler of a listening channel: what it reads are connections. */
    private final class Accept extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var connection = (Channel) message;
            if (ctx.channel().isOpen()) {
                accepted.accept(connection);
            } else {
                connection.unsafe().closeForcibly(); // this listener was closed in between
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.warn(
                    "Accepting connections failed; trying again in {}",
                    DurationText.of(ACCEPT_PAUSE),
                    cause);
            ctx.channel().config().setAutoRead(false);
            loop.callLater(ACCEPT_PAUSE, Listener.this::acceptAgain);
        }
    }
}
