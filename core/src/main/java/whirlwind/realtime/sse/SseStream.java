package whirlwind.realtime.sse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import whirlwind.check.Check;
import whirlwind.http.server.HttpExchange;
import whirlwind.loop.IOLoop;
import whirlwind.web.RequestHandler;

/**
 * A response that tells one client of events, as long as it listens. A handler opens it, and may
 * end: the stream goes on, and whoever knows it sends.
 *
 * {@snippet :
 * class PricesHandler extends RequestHandler {
 *     protected void get() {
 *         var stream = SseStream.open(this);
 *         prices.since(stream.lastEventId()).forEach(stream::send);
 *         listeners.add(stream);
 *         stream.onClose(() -> listeners.remove(stream));
 *     }
 * }
 * listeners.forEach(stream -> stream.trySend(event));   // encoded once for all
 * }
 *
 * <p>A handler that has something to tell by and by stays, and ends the stream with its block; when
 * the client leaves, its coroutine is cancelled:
 *
 * {@snippet :
 * try (var stream = SseStream.open(this)) {
 *     for (var word : answer) {
 *         Async.await(stream.send(SseEvent.of(word)));
 *     }
 * }
 * }
 *
 * <p>A browser's {@code EventSource} connects again whenever a stream ends; only the status 204
 * stops it. When the server {@linkplain whirlwind.web.Application#onDrain drains}, each stream is
 * told to come back in one to five seconds and ended, unless it has an {@link #onDrain}, a hundred
 * in each turn of the loop.
 *
 * <p>Every {@link whirlwind.web.ApplicationSettings#sseKeepAlive} a comment goes out, so that no
 * proxy takes the stream for dead; a client that doesn't take what waits for it within three of
 * them is cut off. Confined to its loop.
 */
public final class SseStream implements AutoCloseable {
    private static final byte[] COMMENT = {':', '\n'};
    private static final int PATIENCE = 3;
    private static final CompletableFuture<@Nullable Void> TAKEN =
            CompletableFuture.completedFuture(null);

    private final HttpExchange exchange;
    private final OpenStreams openStreams;
    private final @Nullable String lastEventId;
    private @Nullable Runnable onClose;
    private @Nullable Runnable onDrain;
    private boolean ended;

    /** Its place among the open streams. */
    int place;

    /** Done when the client has taken what had been sent when it last had taken everything. */
    private CompletableFuture<@Nullable Void> taken = TAKEN;

    /** So many comments were due since. */
    private byte overdue;

    private SseStream(
            HttpExchange exchange, OpenStreams openStreams, @Nullable String lastEventId) {
        this.exchange = exchange;
        this.openStreams = openStreams;
        this.lastEventId = lastEventId;
    }

    /**
     * Answers a handler's request with a stream of events. Headers that the handler has set go with
     * it.
     *
     * @throws IllegalStateException if the handler has sent something already
     */
    public static SseStream open(RequestHandler handler) {
        var openStreams = OpenStreams.of(handler.application());
        var lastEventId = handler.request().headers().get("Last-Event-ID");
        handler.setHeader("Content-Type", "text/event-stream");
        handler.setHeader("Cache-Control", "no-store");
        handler.setHeader("X-Accel-Buffering", "no"); // nginx would wait for more
        var stream = new SseStream(handler.keepOpen(), openStreams, decoded(lastEventId));
        openStreams.add(stream);
        stream.exchange.onClose(stream::end);
        return stream;
    }

    /** Headers come as Latin-1, and this one is UTF-8. */
    private static @Nullable String decoded(@Nullable String lastEventId) {
        return lastEventId == null
                ? null
                : new String(
                        lastEventId.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * The id of the last event that the client heard on the stream that this one goes on from; null
     * if there is none. It is what the client says: check it.
     */
    public @Nullable String lastEventId() {
        return lastEventId;
    }

    /** Whether events can be sent. */
    public boolean isOpen() {
        return !ended && !exchange.isFinished();
    }

    /**
     * Sends an event; those of one turn of the loop go out together. The future is done when the
     * client can take more, which is at once unless it is slow, and fails with {@link
     * UncheckedIOException} if the stream has ended. Whoever sends much awaits it: a client for
     * which more than {@code HttpServerOptions.maxWriteBuffer} waits is cut off.
     */
    public CompletableFuture<@Nullable Void> send(SseEvent event) {
        return write(event.encoded());
    }

    /**
     * Sends an event unless the client is behind: for what may be left out, such as a price that is
     * followed by another.
     *
     * @return whether it was sent; false if more than {@code HttpServerOptions.writeHighWater}
     *     waits for the client, or the stream has ended
     */
    public boolean trySend(SseEvent event) {
        if (!isOpen() || !taken.isDone()) {
            return false;
        }
        write(event.encoded());
        return true;
    }

    /**
     * Tells the client how long to wait before it connects again, should the stream end; its own
     * choice is three to five seconds.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public void retryAfter(Duration pause) {
        Check.notNegative("pause", pause);
        write(("retry: " + pause.toMillis() + "\n\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Runs something in a callback of the loop when the stream has ended, on whichever side; soon
     * if it has already. Several run in the order they were added.
     */
    public void onClose(Runnable callback) {
        if (ended) {
            IOLoop.current().addCallback(callback);
            return;
        }
        var before = onClose;
        onClose =
                before == null
                        ? callback
                        : () -> {
                            try {
                                before.run();
                            } finally {
                                callback.run();
                            }
                        };
    }

    /**
     * What to do when the server drains, instead of telling the client to come back in a moment and
     * ending the stream. What is not ended by itself goes on until the server drops it.
     */
    public void onDrain(Runnable callback) {
        onDrain = callback;
    }

    /** Ends the stream behind what has been sent. The client will connect again. Twice is once. */
    @Override
    public void close() {
        if (isOpen()) {
            exchange.finish();
        }
        end();
    }

    /** Cuts the client off at once, with whatever was to be sent. */
    public void abort() {
        exchange.abort();
        end();
    }

    private CompletableFuture<@Nullable Void> write(byte[] bytes) {
        if (!isOpen()) {
            var message = "the stream of events has ended";
            return CompletableFuture.failedFuture(
                    new UncheckedIOException(message, new IOException(message)));
        }
        var written = exchange.write(bytes);
        if (taken.isDone()) {
            taken = written;
            overdue = 0;
        }
        return written;
    }

    /** The end, from whatever side. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        openStreams.remove(this);
        if (onClose != null) {
            IOLoop.current().addCallback(onClose);
            onClose = null;
        }
    }

    /** The server ends. */
    void drain(Duration pause) {
        if (onDrain != null) {
            onDrain.run();
        } else {
            retryAfter(pause);
            close();
        }
    }

    /** A comment is due. */
    void keepAlive() {
        if (taken.isDone()) {
            write(COMMENT);
        } else if (++overdue >= PATIENCE) {
            abort();
        }
    }

    /** For example {@code SseStream[open]}. */
    @Override
    public String toString() {
        return isOpen() ? "SseStream[open]" : "SseStream[ended]";
    }
}
