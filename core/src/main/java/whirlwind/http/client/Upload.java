package whirlwind.http.client;

import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpOutputException;
import whirlwind.http.codec.FileSending;
import whirlwind.http.transport.BodySink;
import whirlwind.loop.Async;
import whirlwind.loop.Task;

/** A body that a {@link BodyProducer} writes while it is sent. */
final class Upload implements BodyWriter {
    private final Fetch fetch;
    private final BodyProducer producer;
    private final BodySink sink;

    /** The length that {@code Content-Length} announces, or -1. */
    private final long announced;

    private long written;
    private @Nullable Task<?> task;
    private @Nullable Task<@Nullable Void> fileSent;
    private boolean over;

    Upload(Fetch fetch, Outgoing outgoing, BodySink sink) {
        this.fetch = fetch;
        this.producer = Objects.requireNonNull(outgoing.producer());
        this.sink = sink;
        this.announced = outgoing.contentLength();
    }

    void start() {
        task = Async.spawn("body producer", this::run);
    }

    private void run() {
        try {
            producer.produce(this);
            if (fileSent != null) {
                Async.await(fileSent);
            }
            if (announced >= 0 && written != announced) {
                throw wrongLength();
            }
            if (!over) {
                sink.end();
            }
        } catch (Throwable e) {
            if (!over) {
                task = null; // this coroutine is not to be cancelled
                fetch.fail(Failures.unchecked(e));
            }
        }
    }

    @Override
    public CompletableFuture<@Nullable Void> write(byte[] piece) {
        requireNoFile();
        written += piece.length;
        return isTooMuch() ? CompletableFuture.failedFuture(wrongLength()) : sink.write(piece);
    }

    @Override
    public CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        requireNoFile();
        var sending = new FileSending(sink, file, offset, count);
        written += count;
        if (isTooMuch()) {
            return CompletableFuture.failedFuture(wrongLength());
        }
        fileSent = Async.spawn("file", sending);
        return fileSent;
    }

    private void requireNoFile() {
        if (fileSent != null && !fileSent.isDone()) {
            throw new IllegalStateException("a file is being sent: await what writeFile returned");
        }
    }

    private boolean isTooMuch() {
        return announced >= 0 && written > announced;
    }

    private HttpOutputException wrongLength() {
        return new HttpOutputException("body producer wrote " + written + " bytes of " + announced);
    }

    void cancel() {
        over = true;
        if (task != null) {
            task.cancel();
        }
        if (fileSent != null) {
            fileSent.cancel();
        }
    }
}
