package whirlwind.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import whirlwind.net.channel.OpenFileRegion;

/**
 * Writes what waits in a stream's queue to its channel, no further than the kernel takes it: then
 * what waits, waits in the queue. A part of a file is left to the kernel, or read piece by piece
 * where it has to be encrypted. On the loop's own thread, but for {@link #runSoon}.
 */
final class ChannelWriter implements Runnable {
    private final IOStream stream;
    private final Channel channel;
    private final WriteQueue writes;
    private boolean corked;
    private boolean loadingFile;
    private long written;

    ChannelWriter(IOStream stream, Channel channel) {
        this.stream = stream;
        this.channel = channel;
        this.writes = stream.writes;
    }

    /** Writes in the next turn, with all that is in the queue by then. */
    void runSoon() {
        if (!corked) {
            corked = true;
            stream.loop.addCallback(this);
        }
    }

    /** Writes what can be written now, and no more than is fair in one turn. */
    @Override
    public void run() {
        corked = false;
        long turnEnd = written + WriteQueue.BYTES_PER_TURN;
        while (canWrite() && written < turnEnd) {
            writeNext();
            if (!canWrite() || written >= turnEnd) {
                channel.flush();
            }
        }
        if (canWrite()) {
            runSoon();
        }
    }

    boolean canWrite() {
        return channel.isWritable()
                && !loadingFile
                && !stream.isShakingHands()
                && writes.peek() != null;
    }

    private void writeNext() {
        switch (writes.peek()) {
            case Output.Bytes bytes -> writeBytes();
            case Output.FileRange range -> writeFile(range);
            case null -> {}
        }
    }

    private void writeBytes() {
        var piece = writes.nextPiece(channel.alloc());
        write(piece, piece.readableBytes());
    }

    private void writeFile(Output.FileRange range) {
        writes.remove();
        if (stream.tlsSession() == null) {
            write(new OpenFileRegion(range.file(), range.offset(), range.count()), range.count());
        } else {
            load(range);
        }
    }

    /** Puts the range's first piece and what is left of it back into the queue. */
    private void load(Output.FileRange range) {
        loadingFile = true;
        stream.loop
                .runInExecutor(null, range::read)
                .whenComplete((bytes, failure) -> {
                    loadingFile = false;
                    if (failure != null) {
                        stream.shut(failure);
                    }
                    if (stream.closed()) {
                        return;
                    }
                    var rest = range.after(bytes.remaining());
                    if (rest.count() > 0) {
                        writes.putBack(rest);
                    }
                    writes.putBack(new Output.Bytes(bytes));
                    runSoon();
                });
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
            stream.broke(failure);
        }
    }
}
