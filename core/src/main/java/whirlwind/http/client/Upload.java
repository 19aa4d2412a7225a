package whirlwind.http.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.http.HttpOutputException;
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
            if (announced >= 0 && written != announced) {
                throw new HttpOutputException(
                        "body producer wrote " + written + " bytes of " + announced);
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
        written += piece.length;
        if (announced >= 0 && written > announced) {
            return CompletableFuture.failedFuture(
                    new HttpOutputException(
                            "body producer wrote " + written + " bytes of " + announced));
        }
        return sink.write(piece);
    }

    void cancel() {
        over = true;
        if (task != null) {
            task.cancel();
        }
    }
}
