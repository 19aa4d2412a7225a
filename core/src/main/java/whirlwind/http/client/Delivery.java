package whirlwind.http.client;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.ResponseStartLine;
import whirlwind.http.transport.HttpTransport;
import whirlwind.loop.Async;
import whirlwind.loop.CheckedRunnable;
import whirlwind.loop.Task;

/**
 * A response on its way to the user's callbacks, which run in a coroutine, one after the other. No
 * more is read while much waits.
 */
final class Delivery {
    /** Bytes that may wait for the callback before no more is read. */
    private static final int HIGH_WATER = 64 << 10;

    private final Fetch fetch;
    private final HttpTransport.Exchange exchange;
    private final @Nullable StreamingCallback chunks;
    private final ArrayDeque<CheckedRunnable> steps = new ArrayDeque<>();
    private int bytes;
    private boolean paused;
    private boolean finished;
    private @Nullable Task<?> pump;

    Delivery(Fetch fetch, HttpTransport.Exchange exchange, @Nullable StreamingCallback chunks) {
        this.fetch = fetch;
        this.exchange = exchange;
        this.chunks = chunks;
    }

    void head(ResponseStartLine startLine, Headers headers, Consumer<String> lines) {
        add(() -> {
            lines.accept(startLine + "\r\n");
            headers.forEach((name, value) -> lines.accept(name + ": " + value + "\r\n"));
            lines.accept("\r\n");
        });
    }

    void chunk(byte[] chunk) {
        if (chunks == null) {
            return;
        }
        bytes += chunk.length;
        if (bytes > HIGH_WATER && !paused) {
            paused = true;
            exchange.pause();
        }
        add(() -> {
            bytes -= chunk.length;
            chunks.onChunk(chunk);
        });
    }

    /** When all has been delivered, does that. */
    void end(Runnable last) {
        add(() -> {
            finished = true;
            last.run();
        });
    }

    void cancel() {
        steps.clear();
        if (pump != null && !finished) {
            pump.cancel();
        }
    }

    private void add(CheckedRunnable step) {
        steps.add(step);
        if (pump == null) {
            pump = Async.spawn("response callbacks", this::run);
        }
    }

    private void run() {
        try {
            for (var step = steps.poll(); step != null; step = steps.poll()) {
                step.run();
                if (paused && bytes <= HIGH_WATER / 2) {
                    paused = false;
                    exchange.resume();
                }
            }
        } catch (Throwable e) {
            finished = true; // this coroutine is not to be cancelled
            fetch.fail(Failures.unchecked(e));
        } finally {
            pump = null;
        }
    }
}
