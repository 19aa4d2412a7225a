package whirlwind.net.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.connect.MemoryAddress;

/**
 * An end of a connection in memory that looks like a socket to the handlers in its pipeline: what
 * is written is copied, what comes waits until it is read, whoever writes faster than the other end
 * reads has to wait, and each direction ends by itself. It needs nothing of the kernel, so any
 * event loop takes it.
 */
public final class MemoryChannel extends AbstractChannel implements DuplexChannel, MemoryEnd {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    /** What may wait to be read, in bytes, as in the buffers of a socket. */
    private static final int CAPACITY = 256 << 10;

    private final MemoryChannelConfig config = new MemoryChannelConfig(this);

    private final MemoryChannels group;

    /** Where it is in {@link MemoryChannels}, which keeps it. */
    int place;

    /** Null before it is connected. */
    private volatile @Nullable MemoryEnd peer;

    /** Of the listener; the other one has none. */
    private @Nullable MemoryAddress local;

    private @Nullable MemoryAddress remote;

    /** What has come and hasn't been read. */
    private @Nullable ByteBuf unread;

    /** Its size, and that of what is on its way here from another loop. */
    private final AtomicInteger unreadBytes = new AtomicInteger();

    private volatile boolean open = true;

    /** Something waits to be written until there is room. */
    private volatile boolean blocked;

    private boolean readAsked;
    private boolean scheduled;

    /** Nothing more will come. */
    private boolean ended;

    /** The handlers have been told so. */
    private boolean inputShutdown;

    private boolean outputShutdown;

    /** A client's end, not connected, on the loop that calls. */
    MemoryChannel(IOLoop loop) {
        super(null);
        this.group = MemoryChannels.of(loop);
        group.add(this);
    }

    /** The listener's end of a connection. */
    MemoryChannel(
            MemoryChannels group, MemoryListener listener, MemoryAddress local, MemoryEnd peer) {
        super(listener);
        this.group = group;
        this.local = local;
        this.peer = peer;
    }

    // ---- from the other end, on any thread ----

    @Override
    public void receive(ByteBuf bytes) {
        unreadBytes.addAndGet(bytes.readableBytes());
        if (group.isOnLoop()) {
            arrive(bytes);
            return;
        }
        var copy = alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
        boolean willArrive =
                group.execute(() -> {
                    arrive(copy);
                    copy.release();
                });
        if (!willArrive) {
            copy.release();
        }
    }

    private void arrive(ByteBuf bytes) {
        if (!open || inputShutdown) {
            taken(bytes.readableBytes());
            return;
        }
        if (unread == null) {
            unread = alloc().directBuffer(bytes.readableBytes());
        }
        unread.writeBytes(bytes);
        schedule();
    }

    private void taken(int count) {
        unreadBytes.addAndGet(-count);
        var from = peer;
        if (from != null) {
            from.room();
        }
    }

    @Override
    public void end() {
        if (group.isOnLoop()) {
            ended = true;
            schedule();
        } else {
            group.execute(this::end);
        }
    }

    @Override
    public void room() {
        if (blocked) {
            blocked = false;
            group.execute(((MemoryUnsafe) unsafe())::writeMore);
        }
    }

    @Override
    public boolean isFull() {
        return unreadBytes.get() >= CAPACITY;
    }

    /** Nobody will accept this. */
    void refuse() {
        unsafe().closeForcibly();
    }

    // ---- reading ----

    @Override
    protected void doBeginRead() {
        readAsked = true;
        if (unread != null || ended) {
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            group.execute((MemoryUnsafe) unsafe());
        }
    }

    /** Hands out what has come, all of it as one, and then the end. */
    private void deliver() {
        scheduled = false;
        if (!isRegistered() || !isActive()) {
            return; // scheduled again when it is
        }
        var bytes = unread;
        if (bytes != null && readAsked) {
            readAsked = false;
            unread = null;
            taken(bytes.readableBytes());
            pipeline().fireChannelRead(bytes);
            pipeline().fireChannelReadComplete();
        }
        if (ended && unread == null && isOpen() && (readAsked || !other().isOpen())) {
            endInput();
        }
    }

    private void endInput() {
        if (!config.allowsHalfClosure()) {
            unsafe().close(voidPromise());
        } else if (!inputShutdown) {
            inputShutdown = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    private MemoryEnd other() {
        var connected = peer;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        return connected;
    }

    // ---- writing ----

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf || message instanceof FileRegion) {
            return message;
        }
        throw new UnsupportedOperationException("message: " + message.getClass().getName());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer output) throws IOException {
        var to = other();
        for (Object message; (message = output.current()) != null; ) {
            if (!to.isOpen()) {
                throw new IOException("Connection reset by peer");
            }
            if (mustWait(to)) {
                return;
            }
            switch (message) {
                case ByteBuf bytes -> {
                    if (bytes.isReadable()) {
                        to.receive(bytes);
                    }
                    output.remove();
                }
                case FileRegion region -> {
                    send(region, to);
                    if (region.transferred() == region.count()) {
                        output.remove();
                    }
                }
                default -> throw new AssertionError(message);
            }
        }
    }

    /** Looks again after saying so, for the other end may be on another thread. */
    private boolean mustWait(MemoryEnd to) {
        if (!to.isFull()) {
            return false;
        }
        blocked = true;
        if (to.isFull()) {
            return true;
        }
        blocked = false;
        return false;
    }

    /** Sends a piece of a file. */
    private void send(FileRegion region, MemoryEnd to) throws IOException {
        var piece = alloc().heapBuffer();
        try (var channel = new PieceChannel(piece, CAPACITY)) {
            if (region.transferTo(channel, region.transferred()) <= 0) {
                throw new IOException("the file has become shorter while it was sent");
            }
            to.receive(piece);
        } finally {
            piece.release();
        }
    }

    // ---- life ----

    @Override
    protected void doClose() {
        open = false;
        group.remove(this);
        if (unread != null) {
            unread.release();
            unread = null;
        }
        if (peer != null) {
            peer.room(); // to find that this is closed
            peer.end();
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doShutdownOutput() {
        outputShutdown = true;
        other().end();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a connection in memory has no address of its own");
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new MemoryUnsafe();
    }

    /** Also what is run to {@link #deliver}. */
    private final class MemoryUnsafe extends AbstractUnsafe implements Runnable {
        @Override
        public void run() {
            deliver();
        }

        void writeMore() {
            flush0();
        }

        @Override
        public void connect(
                SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            try {
                remote = (MemoryAddress) to;
                peer = MemoryListener.connect(remote, MemoryChannel.this);
            } catch (IOException e) {
                promise.tryFailure(annotateConnectException(e, to));
                closeIfClosed();
                return;
            }
            promise.trySuccess();
            pipeline().fireChannelActive();
        }
    }

    // ---- what it is ----

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && peer != null;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    // ---- its two directions ----

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || !open;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
        } else {
            eventLoop().execute(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        if (eventLoop().inEventLoop()) {
            inputShutdown = true;
            promise.setSuccess();
        } else {
            eventLoop().execute(() -> shutdownInput(promise));
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownInput();
        return shutdownOutput(promise);
    }
}
