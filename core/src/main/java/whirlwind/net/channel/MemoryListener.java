package whirlwind.net.channel;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.MemoryAddress;

/** Listens on a {@link MemoryAddress}. On its loop's own thread, but for {@link #connect}. */
public final class MemoryListener extends AbstractServerChannel {
    private static final ConcurrentMap<MemoryAddress, MemoryListener> LISTENING =
            new ConcurrentHashMap<>();

    private final MemoryChannels group;
    private final ChannelConfig config = new DefaultChannelConfig(this);

    /** Connections that nobody has accepted. */
    private final ArrayDeque<MemoryChannel> waiting = new ArrayDeque<>();

    private volatile @Nullable MemoryAddress address;
    private volatile boolean open = true;
    private boolean readAsked;

    /** One of the loop that calls. */
    MemoryListener(IOLoop loop) {
        this.group = MemoryChannels.of(loop);
    }

    /**
     * Connects to whoever listens on an address. Any thread.
     *
     * @param client the other end of what is returned, the server's end
     * @throws ConnectException if nobody listens
     */
    public static MemoryChannel connect(MemoryAddress address, MemoryEnd client)
            throws ConnectException {
        var listener = LISTENING.get(address);
        if (listener == null) {
            throw new ConnectException("nobody listens on " + address);
        }
        var accepted = new MemoryChannel(listener.group, listener, address, client);
        if (listener.group.isOnLoop()) {
            listener.arrive(accepted);
        } else if (!listener.group.execute(() -> listener.arrive(accepted))) {
            throw new ConnectException("nobody listens any more on " + address);
        }
        return accepted;
    }

    private void arrive(MemoryChannel connection) {
        if (!open || !group.add(connection)) {
            connection.refuse();
            return;
        }
        waiting.add(connection);
        acceptWaiting();
    }

    private void acceptWaiting() {
        while (readAsked && !waiting.isEmpty()) {
            readAsked = false;
            pipeline().fireChannelRead(waiting.remove());
            pipeline().fireChannelReadComplete(); // asks for the next, if more are wanted
        }
    }

    @Override
    protected void doBeginRead() {
        readAsked = true;
        if (!waiting.isEmpty()) {
            group.execute(this::acceptWaiting);
        }
    }

    @Override
    protected void doBind(SocketAddress local) throws BindException {
        var wanted = (MemoryAddress) local;
        if (LISTENING.putIfAbsent(wanted, this) != null) {
            throw new BindException(wanted + " is in use");
        }
        address = wanted;
        group.add(this);
    }

    @Override
    protected void doClose() {
        open = false;
        if (address != null) {
            LISTENING.remove(address, this);
            group.remove(this);
        }
        waiting.forEach(MemoryChannel::refuse);
        waiting.clear();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && address != null;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return address;
    }
}
