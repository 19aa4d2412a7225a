package whirlwind.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Addresses;
import whirlwind.net.channel.Connector;
import whirlwind.net.dns.BlockingResolver;

/**
 * A connection over TCP or a Unix-domain socket, plain or with TLS. {@link TcpServer} makes them.
 *
 * <p>Tornado: {@code iostream.IOStream} and {@code SSLIOStream}.
 */
public final class IOStream extends ByteStream {
    /** When Netty calls a channel not writable: then what waits, waits on the heap. */
    private static final WriteBufferWaterMark WATER_MARK =
            new WriteBufferWaterMark(WriteQueue.PIECE, 2 * WriteQueue.PIECE);

    private final Channel channel;
    private final @Nullable SocketAddress remote;
    private final Runnable read = this::read;
    private final Runnable uncork = this::uncork;
    private boolean readAsked;
    private boolean corked;
    private long written;

    /** On the loop's own thread, with a channel that is registered there. */
    IOStream(IOLoop loop, Channel channel, StreamOptions options) {
        super(loop, options);
        this.channel = channel;
        this.remote = Addresses.ofJdk(channel.remoteAddress());
        var config = channel.config();
        config.setAutoRead(false);
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(options.readChunkSize()));
        channel.pipeline().addLast(new Receiver());
        readMore();
    }

    /** As {@link #connect(SocketAddress, StreamOptions)} with {@link StreamOptions#DEFAULTS}. */
    public static CompletableFuture<IOStream> connect(SocketAddress address) {
        return connect(address, StreamOptions.DEFAULTS);
    }

    /**
     * Connects to one address, for the loop that is current: an {@link InetSocketAddress} that is
     * resolved, or a {@link java.net.UnixDomainSocketAddress}. Cancelling the future gives up.
     *
     * <p>Fails with {@link whirlwind.net.connect.ConnectFailedException}.
     */
    public static CompletableFuture<IOStream> connect(
            SocketAddress address, StreamOptions options) {
        var loop = IOLoop.current();
        return of(loop, new Connector(loop, new BlockingResolver()).connect(address), options);
    }

    /** The stream over a channel that is being connected; cancelling it gives up. */
    static CompletableFuture<IOStream> of(
            IOLoop loop, CompletableFuture<Channel> connecting, StreamOptions options) {
        var stream = loop.<IOStream>newFuture();
        stream.whenComplete((made, failure) -> connecting.cancel(true));
        connecting.whenComplete((channel, failure) -> {
            if (failure != null) {
                stream.completeExceptionally(failure);
            } else {
                stream.complete(new IOStream(loop, channel, options));
            }
        });
        return stream;
    }

    /**
     * The address of the other end: an {@link java.net.InetSocketAddress}, or a {@link
     * java.net.UnixDomainSocketAddress}, whose path is mostly empty; null if it has none.
     */
    public @Nullable SocketAddress remoteAddress() {
        return remote;
    }

    /** The address of this end, as {@link #remoteAddress}; null once the stream is closed. */
    public @Nullable SocketAddress localAddress() {
        return Addresses.ofJdk(channel.localAddress());
    }

    /**
     * Whether small writes go out at once ({@code TCP_NODELAY}), as they do unless this is called,
     * or wait for the answer to those before. Without effect on a Unix-domain socket or a stream
     * that is closed.
     */
    public void setNodelay(boolean nodelay) {
        checkAccess();
        if (!closed() && remote instanceof InetSocketAddress) {
            loop.addCallback(() -> {
                if (channel.isOpen()) {
                    channel.config().setOption(ChannelOption.TCP_NODELAY, nodelay);
                }
            });
        }
    }

    // ---- between the loop's own thread and coroutines ----

    @Override
    void readMore() {
        if (!readAsked && wantsMore()) {
            readAsked = true;
            runSoon(read);
        }
    }

    private void read() {
        if (wantsMore()) {
            channel.read();
        } else {
            readAsked = false;
        }
    }

    @Override
    void writeMore() {
        if (!corked) {
            corked = true;
            loop.addCallback(uncork);
        }
    }

    @Override
    void release() {
        runSoon(() -> {
            uncork();
            channel.close();
            writes.fail(closedWhile("writing"));
        });
    }

    /** Now on the loop's own thread; a coroutine hands over. */
    private void runSoon(Runnable action) {
        if (channel.eventLoop().inEventLoop()) {
            action.run();
        } else {
            loop.addCallback(action);
        }
    }

    // ---- writing, on the loop's own thread ----

    private void uncork() {
        corked = false;
        long turnEnd = written + WriteQueue.BYTES_PER_TURN;
        while (canWrite() && written < turnEnd) {
            writeNext();
            if (!canWrite() || written >= turnEnd) {
                channel.flush();
            }
        }
        if (canWrite()) {
            writeMore();
        }
    }

    private boolean canWrite() {
        return channel.isWritable() && writes.peek() != null;
    }

    private void writeNext() {
        switch (writes.peek()) {
            case Output.Bytes bytes -> writeBytes();
            case Output.FileRange range -> throw new IllegalStateException();
            case null -> {}
        }
    }

    private void writeBytes() {
        var piece = writes.nextPiece(channel.alloc());
        write(piece, piece.readableBytes());
    }

    private void write(Object message, long count) {
        written += count;
        channel.write(message).addListener((ChannelFuture done) -> sent(done, count));
    }

    private void sent(ChannelFuture done, long count) {
        var failure = done.cause();
        if (failure == null) {
            writes.sent(count);
        } else {
            broke(failure);
        }
    }

    /** Disconnects are everyday; whoever reads or writes hears of them, and the log doesn't. */
    private void broke(Throwable failure) {
        if (!closed() && !(failure instanceof IOException)) {
            log.warn("{}: error on the connection, which is closed", this, failure);
        }
        shut(failure);
    }

    /** The end of the pipeline: what comes is copied, so that nothing of Netty's is kept. */
    private final class Receiver extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            var bytes = (ByteBuf) message;
            try {
                received(bytes.nioBuffer());
            } finally {
                bytes.release();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            readAsked = false;
            settle();
            readMore();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (canWrite()) {
                writeMore();
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ended();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            broke(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended();
            shut(null);
        }
    }

    @Override
    public String toString() {
        return "stream with " + Addresses.textOf(remote);
    }
}
