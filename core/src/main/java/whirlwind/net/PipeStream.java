package whirlwind.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import whirlwind.loop.FdEvent;
import whirlwind.loop.IOLoop;
import whirlwind.net.channel.Descriptor;

/**
 * A stream over a file descriptor of Unix: an end of a pipe, a terminal, a socket, but not a file
 * on a disk. What it is not open for fails. Where {@link IOLoop#addHandler} works: on the
 * transports epoll and io_uring.
 *
 * <p>Tornado: {@code iostream.PipeIOStream}.
 */
public final class PipeStream extends ByteStream {
    private final Descriptor descriptor;

    /** What the kernel has not taken of the piece that was written last. */
    private @Nullable ByteBuf blocked;

    /** What the loop watches the descriptor for; null if it doesn't. */
    private @Nullable Set<FdEvent> watched;

    private boolean corked;

    /** As {@link #PipeStream(int, StreamOptions)} with {@link StreamOptions#DEFAULTS}. */
    public PipeStream(int descriptor) {
        this(descriptor, StreamOptions.DEFAULTS);
    }

    /**
     * A stream for the loop that is current over a descriptor that is open. It stops blocking, for
     * every process that shares it, and is the stream's to close.
     *
     * @throws IllegalArgumentException if the descriptor is not open
     * @throws UnsupportedOperationException on a transport that can't watch descriptors
     */
    public PipeStream(int descriptor, StreamOptions options) {
        super(IOLoop.current(), options);
        loop.io().checkDescriptors();
        this.descriptor = Descriptor.of(descriptor);
        watch();
    }

    private void watch() {
        var wanted = wanted();
        if (Objects.equals(wanted, watched)) {
            return;
        }
        int number = descriptor.number();
        if (wanted == null) {
            loop.removeHandler(number);
        } else if (watched == null) {
            loop.addHandler(number, (fd, events) -> ready(events), events(wanted));
        } else {
            loop.updateHandler(number, events(wanted));
        }
        watched = wanted;
    }

    /**
     * Who can only write listens always, to hear of the reader's end. Who reads doesn't while it
     * pauses: a writer that has gone would be reported all the time.
     */
    private @Nullable Set<FdEvent> wanted() {
        var wanted = EnumSet.noneOf(FdEvent.class);
        if (descriptor.isReadable() && wantsMore()) {
            wanted.add(FdEvent.READ);
        }
        if (blocked != null) {
            wanted.add(FdEvent.WRITE);
        }
        boolean listens = !wanted.isEmpty() || !descriptor.isReadable();
        return listens && !closed() ? wanted : null;
    }

    private static FdEvent[] events(Set<FdEvent> set) {
        return set.toArray(FdEvent[]::new);
    }

    @Override
    void readMore() {
        if (reading() && !descriptor.isReadable()) {
            shut(new IOException("it is open for writing only"));
        } else {
            watch();
        }
    }

    @Override
    void writeMore() {
        if (!corked) {
            corked = true;
            loop.addCallback(this::uncork);
        }
    }

    @Override
    void release() {
        loop.addCallback(() -> {
            uncork();
            dropBlocked();
            watch();
            writes.fail(closedWhile("writing"));
            closeDescriptor();
        });
    }

    private void closeDescriptor() {
        try {
            descriptor.close();
        } catch (IOException e) {
            log.warn("{} could not be closed", this, e);
        }
    }

    // ---- on the loop's own thread ----

    private void ready(Set<FdEvent> events) {
        boolean broken = events.contains(FdEvent.ERROR);
        if (events.contains(FdEvent.WRITE)) {
            uncork();
        }
        if (descriptor.isReadable() && (broken || events.contains(FdEvent.READ))) {
            read();
        } else if (broken) {
            ended();
            shut(null);
        }
        watch();
    }

    private void read() {
        var chunk = ByteBufAllocator.DEFAULT.directBuffer(options.readChunkSize());
        try {
            var bytes = chunk.internalNioBuffer(0, options.readChunkSize());
            int start = bytes.position();
            int count = descriptor.read(bytes);
            if (count > 0) {
                received(bytes.limit(bytes.position()).position(start));
                settle();
            } else if (count < 0) {
                ended();
            }
        } catch (IOException e) {
            shut(e);
        } finally {
            chunk.release();
        }
    }

    private void uncork() {
        corked = false;
        try {
            int left = WriteQueue.BYTES_PER_TURN;
            while (left > 0 && nextPiece() instanceof ByteBuf piece) {
                int count = write(piece);
                if (piece.isReadable()) {
                    break;
                }
                left -= count;
                dropBlocked();
            }
        } catch (IOException e) {
            shut(e);
        }
        if (blocked == null && writes.peek() != null) {
            writeMore();
        }
        watch();
    }

    private @Nullable ByteBuf nextPiece() {
        if (blocked == null && writes.peek() != null) {
            blocked = writes.nextPiece(ByteBufAllocator.DEFAULT);
        }
        return blocked;
    }

    private int write(ByteBuf piece) throws IOException {
        int count =
                descriptor.write(
                        piece.internalNioBuffer(piece.readerIndex(), piece.readableBytes()));
        piece.skipBytes(count);
        writes.sent(count);
        return count;
    }

    private void dropBlocked() {
        if (blocked != null) {
            blocked.release();
            blocked = null;
        }
    }

    @Override
    public String toString() {
        return "pipe on descriptor " + descriptor.number();
    }
}
