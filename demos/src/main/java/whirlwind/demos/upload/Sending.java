package whirlwind.demos.upload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Url;
import whirlwind.http.client.AsyncHttpClient;
import whirlwind.http.client.BodyWriter;
import whirlwind.http.client.HttpRequest;
import whirlwind.loop.Async;
import whirlwind.loop.IOLoop;
import whirlwind.loop.TaskGroup;
import whirlwind.sync.Semaphore;

/** The sender: files, some at a time, to a receiver. Confined to the loop. */
public final class Sending {
    private static final int AT_ONCE = 3;
    private static final int BLOCK_BYTES = 256 << 10;
    private static final Duration NONE = Duration.ZERO;

    private final String receiver;
    private final List<Path> files;
    private final long size;
    private final long startedMillis = IOLoop.current().time().toEpochMilli();
    private long sent;
    private int done;

    /**
     * @param receiver its address, which ends with a slash
     * @throws IOException if a file isn't there
     */
    public Sending(String receiver, List<Path> files) throws IOException {
        this.receiver = receiver;
        this.files = files;
        long size = 0;
        for (var file : files) {
            size += Files.size(file);
        }
        this.size = size;
    }

    /**
     * Sends the files; suspends the coroutine. The first one that fails ends it.
     *
     * @throws whirlwind.http.client.HttpClientException if the receiver refuses one, or what the
     *     network says
     */
    public void run() {
        var turns = new Semaphore(AT_ONCE);
        TaskGroup.run(group -> {
            for (var file : files) {
                group.spawn(() -> {
                    try (var _ = turns.acquire()) {
                        send(file);
                    }
                    return null;
                });
            }
            return null;
        });
    }

    private void send(Path file) throws IOException {
        var name = String.valueOf(file.getFileName());
        var request =
                HttpRequest.of(receiver + "files/" + Url.escapePath(name))
                        .withMethod("PUT")
                        .withHeader("Content-Length", Long.toString(Files.size(file)))
                        .withExpect100Continue(true)
                        .withRequestTimeout(NONE)
                        .withBodyProducer(out -> copy(file, out));
        Async.await(AsyncHttpClient.current().fetch(request));
        done++;
    }

    private void copy(Path file, BodyWriter out) throws IOException {
        try (var channel = FileChannel.open(file)) {
            var next = Async.offload(() -> next(channel));
            for (byte[] block; (block = Async.await(next)) != null; ) {
                next = Async.offload(() -> next(channel)); // while this one goes out
                Async.await(out.write(block));
                sent += block.length;
            }
        }
    }

    private static byte @Nullable [] next(FileChannel channel) throws IOException {
        var block = new byte[(int) Math.min(BLOCK_BYTES, channel.size() - channel.position())];
        var buffer = ByteBuffer.wrap(block);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new IOException("the file has become shorter while it was sent");
            }
        }
        return block.length == 0 ? null : block;
    }

    /** How far it is, in a line. */
    public String progress() {
        long percent = size == 0 ? 100 : 100 * sent / size;
        long millis = Math.max(1, IOLoop.current().time().toEpochMilli() - startedMillis);
        return "%3d %%  %,d of %,d MiB  %,d MiB/s  %d of %d files"
                .formatted(
                        percent,
                        sent >> 20,
                        size >> 20,
                        (sent >> 20) * 1000 / millis,
                        done,
                        files.size());
    }
}
