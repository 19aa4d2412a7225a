package whirlwind.net;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.check.Check;
import whirlwind.loop.IOLoop;

/**
 * Bytes that come and go without blocking: what a socket and a pipe have in common.
 *
 * <p>Every read and write gives a future; {@link whirlwind.loop.Async#await} waits for it. One read
 * at a time; any number of writes, which go out in their order, those of one turn of the loop
 * together. The kernel is asked for no more than the read that waits needs, and for one chunk when
 * none does, so a reader that is slow slows its peer. A stream on which nothing happens holds no
 * buffer.
 *
 * <p>When the other end closes, what came before can still be read; the read that can't be
 * satisfied any more closes the stream and fails with {@link StreamClosedException}. A stream that
 * is closed throws that at once, from reads that its buffer can't satisfy and from all writes. A
 * failure that nobody looks at is silent. Cancelling the future of a read takes the read back and
 * leaves the stream usable; cancelling that of a write has no effect on what is written.
 *
 * <p>Confined to its loop: methods may be called from callbacks and coroutines of it; elsewhere
 * they throw {@link IllegalStateException}. None waits.
 *
 * <p>Tornado: {@code iostream.BaseIOStream}.
 */
public abstract sealed class ByteStream implements AutoCloseable permits IOStream, PipeStream {
    static final Logger log = LoggerFactory.getLogger(ByteStream.class);

    private static final int UNLIMITED = Integer.MAX_VALUE;

    final IOLoop loop;
    final StreamOptions options;
    final WriteQueue writes;
    private final ReadBuffer received = new ReadBuffer();
    private @Nullable PendingRead<?> pending;
    private @Nullable Runnable closeCallback;
    private @Nullable String busy;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable error;

    /** A read that waits. */
    private record PendingRead<T>(ReadRequest<T> request, CompletableFuture<T> future) {}

    ByteStream(IOLoop loop, StreamOptions options) {
        this.loop = loop;
        this.options = options;
        this.writes = new WriteQueue(loop);
    }

    // ---- reading ----

    /** Reads exactly {@code count} bytes. */
    public CompletableFuture<byte[]> readBytes(int count) {
        return start(new ReadRequest.Bytes(Check.notNegative("count", count), false));
    }

    /**
     * Reads what is there, at least one byte and at most {@code count}; with a count of 0 none.
     * Tornado: {@code read_bytes(partial=True)}.
     */
    public CompletableFuture<byte[]> readAvailable(int count) {
        return start(new ReadRequest.Bytes(Check.notNegative("count", count), true));
    }

    /**
     * Fills what remains of a buffer, and gives the number of bytes. The buffer is the stream's
     * until then; if the read is cancelled, its position tells how much has been read.
     */
    public CompletableFuture<Integer> readInto(ByteBuffer target) {
        return start(new ReadRequest.Into(target, false));
    }

    /**
     * As {@link #readInto}, but done when there is at least one byte. Tornado: {@code
     * read_into(partial=True)}.
     */
    public CompletableFuture<Integer> readAvailableInto(ByteBuffer target) {
        return start(new ReadRequest.Into(target, true));
    }

    /** Reads up to a delimiter, in UTF-8, which is included. */
    public CompletableFuture<byte[]> readUntil(String delimiter) {
        return readUntil(delimiter, UNLIMITED);
    }

    /** As {@link #readUntil(byte[], int)} with a delimiter in UTF-8. */
    public CompletableFuture<byte[]> readUntil(String delimiter, int maxBytes) {
        return readUntil(delimiter.getBytes(StandardCharsets.UTF_8), maxBytes);
    }

    /** Reads up to a delimiter, which is included. */
    public CompletableFuture<byte[]> readUntil(byte[] delimiter) {
        return readUntil(delimiter, UNLIMITED);
    }

    /**
     * Reads up to a delimiter, which is included and has to end within the first {@code maxBytes}.
     * Otherwise the stream is closed and the future fails with {@link UnsatisfiableReadException}.
     */
    public CompletableFuture<byte[]> readUntil(byte[] delimiter, int maxBytes) {
        return start(new ReadRequest.Until(delimiter.clone(), maxBytes));
    }

    /** Reads up to the end of the first match; see {@link #readUntilRegex(Pattern, int)}. */
    public CompletableFuture<byte[]> readUntilRegex(Pattern pattern) {
        return readUntilRegex(pattern, UNLIMITED);
    }

    /**
     * Reads up to the end of the first match, where each byte counts as the character of that value
     * (ISO 8859-1). The match has to end within the first {@code maxBytes}; otherwise the stream is
     * closed and the future fails with {@link UnsatisfiableReadException}. What has come is
     * searched from its start each time more comes, so limit what strangers send.
     */
    public CompletableFuture<byte[]> readUntilRegex(Pattern pattern, int maxBytes) {
        return start(new ReadRequest.UntilMatch(pattern, maxBytes));
    }

    /** Reads everything until the other end closes. */
    public CompletableFuture<byte[]> readUntilClose() {
        return start(new ReadRequest.UntilClose());
    }

    private <T> CompletableFuture<T> start(ReadRequest<T> request) {
        checkReady();
        if (pending != null) {
            throw new IllegalStateException(
                    "%s: %s already; one read at a time".formatted(this, pending.request));
        }
        var read = new PendingRead<>(request, loop.<T>newFuture());
        if (closed) {
            startClosed(read);
            return read.future;
        }
        pending = read;
        settle();
        if (pending == read) {
            read.future.whenComplete((result, failure) -> takeBack(read));
        }
        readMore();
        return read.future;
    }

    private void startClosed(PendingRead<?> read) {
        satisfy(read);
        if (!read.future.isDone()) {
            throw closedWhile(read.request.toString());
        }
    }

    private void takeBack(PendingRead<?> read) {
        if (pending == read) {
            pending = null;
        }
    }

    private <T> void satisfy(PendingRead<T> read) {
        try {
            T result = closed ? read.request.takeLast(received) : read.request.take(received);
            if (result != null) {
                takeBack(read);
                read.future.complete(result);
            } else if (received.size() > options.maxBufferSize()) {
                overflow(read);
            }
        } catch (UnsatisfiableReadException e) {
            log.info("{}: {}", this, e.getMessage());
            fail(read, e);
        } catch (RuntimeException e) { // from a buffer of the caller's
            fail(read, e);
        }
    }

    private void overflow(PendingRead<?> read) {
        var failure =
                new StreamBufferFullException(
                        "%s: %d bytes have come while %s (at most %d)"
                                .formatted(
                                        this,
                                        received.size(),
                                        read.request,
                                        options.maxBufferSize()));
        log.error("{}", failure.getMessage());
        fail(read, failure);
    }

    private void fail(PendingRead<?> read, RuntimeException failure) {
        takeBack(read);
        shut(failure);
        read.future.completeExceptionally(failure);
    }

    // ---- writing ----

    /**
     * Writes bytes; the future is done when the kernel has taken the last of them. The array is the
     * stream's until then.
     *
     * @throws StreamClosedException if the stream is closed
     * @throws StreamBufferFullException if too much waits to be written; see {@link StreamOptions}
     */
    public CompletableFuture<@Nullable Void> write(byte[] data) {
        return write(new Output.Bytes(ByteBuffer.wrap(data)));
    }

    /**
     * As {@link #write(byte[])} with what remains of a buffer, whose position goes to its limit at
     * once.
     */
    public CompletableFuture<@Nullable Void> write(ByteBuffer data) {
        var written = write(new Output.Bytes(data.slice()));
        data.position(data.limit());
        return written;
    }

    /** As {@link #write(byte[])} with a text in UTF-8. */
    public CompletableFuture<@Nullable Void> write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }

    final CompletableFuture<@Nullable Void> write(Output output) {
        checkReady();
        if (closed) {
            throw closedWhile("writing " + output);
        }
        long waiting = writes.size();
        if (output instanceof Output.Bytes
                && waiting + output.size() > options.maxWriteBufferSize()) {
            throw new StreamBufferFullException(
                    "%s: %d bytes can't be written while %d wait (at most %d together)"
                            .formatted(this, output.size(), waiting, options.maxWriteBufferSize()));
        }
        var written = writes.add(output);
        if (!written.isDone()) {
            writeMore();
        }
        return written;
    }

    // ---- state ----

    /**
     * Calls back once, when the stream is closed, by either end: after everything else that is
     * queued on the loop now. It replaces the callback set before; null only removes that. While
     * bytes wait to be read, the other end's closing is not noticed.
     */
    public void setCloseCallback(@Nullable Runnable callback) {
        checkAccess();
        closeCallback = callback;
        if (closed) {
            callBack();
        } else {
            settle();
        }
    }

    private void callBack() {
        var callback = closeCallback;
        closeCallback = null;
        if (callback != null) {
            loop.addCallback(callback);
        }
    }

    /** Whether the stream is closed. What was received before can still be read. */
    public boolean closed() {
        return closed;
    }

    /** Whether a read waits. */
    public boolean reading() {
        return pending != null;
    }

    /** Whether the kernel has not taken everything that was written. */
    public boolean writing() {
        return writes.size() > 0;
    }

    /**
     * Why the stream is closed: the failure; null if it is open, or was closed by either end
     * without one.
     */
    public @Nullable Throwable error() {
        return error;
    }

    /**
     * Closes the stream. Of what was written, the kernel gets what it takes without waiting; the
     * rest is lost, so wait for the futures of writes first. A read that waits gets what has come
     * if that will do, and fails otherwise. Twice is once.
     */
    @Override
    public void close() {
        checkAccess();
        shut(null);
    }

    // ---- for the transports ----

    /** Whether the kernel should be asked for a chunk. */
    final boolean wantsMore() {
        return !closed && !ended && (pending != null || received.isEmpty());
    }

    /** Bytes have come; {@link #settle} follows. */
    final void received(ByteBuffer bytes) {
        if (closed) {
            return;
        }
        if (pending != null && received.isEmpty()) {
            takeDirectly(pending, bytes);
        }
        if (bytes.hasRemaining()) {
            received.append(bytes);
        }
    }

    private void takeDirectly(PendingRead<?> read, ByteBuffer bytes) {
        try {
            read.request.takeDirectly(bytes);
        } catch (RuntimeException e) {
            fail(read, e);
        }
    }

    /** What came and was not read. */
    final byte[] takeReceived() {
        return received.take(received.size());
    }

    /** Nothing more will come. */
    final void ended() {
        ended = true;
        settle();
    }

    /**
     * Refuses reads and writes until {@link #ready}.
     *
     * @throws IllegalStateException if one is pending
     */
    final void occupy(String action) {
        checkReady();
        if (closed) {
            throw closedWhile(action);
        }
        if (pending != null || writing()) {
            throw new IllegalStateException(
                    "%s: %s while %s"
                            .formatted(
                                    this, action, pending != null ? pending.request : "writing"));
        }
        busy = action;
    }

    final void ready() {
        busy = null;
    }

    /** Gives the read that waits what it waits for, and notices the end when its time has come. */
    final void settle() {
        if (pending != null) {
            satisfy(pending);
        }
        boolean noticed = pending != null || (received.isEmpty() && closeCallback != null);
        if (ended && noticed) {
            shut(null);
        }
    }

    /** Closes, for a reason or null. Twice is once. */
    final void shut(@Nullable Throwable why) {
        if (closed) {
            return;
        }
        closed = true;
        error = why;
        var read = pending;
        if (read != null) {
            satisfy(read);
            if (pending == read) {
                pending = null;
                read.future.completeExceptionally(closedWhile(read.request.toString()));
            }
        }
        release();
        callBack();
    }

    /** What fails because the stream is closed. */
    final StreamClosedException closedWhile(String action) {
        var why = error;
        if (why != null) {
            return new StreamClosedException(
                    "%s: broke while %s: %s".formatted(this, action, why.getMessage()), why);
        }
        return ended
                ? new StreamClosedException(
                        "%s: closed by the other end while %s".formatted(this, action),
                        new EOFException("closed by the other end"))
                : new StreamClosedException(
                        "%s: closed by this end while %s".formatted(this, action),
                        new ClosedChannelException());
    }

    private void checkReady() {
        checkAccess();
        if (busy != null && !closed) {
            throw new IllegalStateException("%s: %s is not done yet".formatted(this, busy));
        }
    }

    final void checkAccess() {
        if (!loop.isCurrent()) {
            throw new IllegalStateException(
                    "%s: called from %s, which %s doesn't run: use IOLoop.addCallback"
                            .formatted(this, Thread.currentThread(), loop.name()));
        }
    }

    /** Asks the kernel for a chunk unless that has been done, if {@link #wantsMore}. */
    abstract void readMore();

    /** Gives the kernel what waits, in the next turn. */
    abstract void writeMore();

    /** The stream is closed: writes what can be written at once, and lets the rest go. */
    abstract void release();

    /** For messages: what kind of stream to whom. */
    @Override
    public abstract String toString();
}
