package whirlwind.demos.upload;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** What is sent before the progress is told. */
    private static final long PART_BYTES = 32 << 20;

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
            long size = channel.size();
            for (long at = 0; at < size; at += PART_BYTES) {
                long part = Math.min(PART_BYTES, size - at);
                Async.await(out.writeFile(channel, at, part));
                sent += part;
            }
        }
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
