package whirlwind.http.client;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a {@link BodyProducer} writes to. On the client's loop. */
public interface BodyWriter {
    /**
     * Sends a piece of the body; the array must not change afterwards. An empty piece sends
     * nothing.
     *
     * @return done when the server has taken enough of what was written; whoever doesn't await it
     *     fills the memory. Fails if the request has ended
     */
    CompletableFuture<@Nullable Void> write(byte[] piece);

    /**
     * Sends a part of a file as a piece of the body. Over HTTP/1 without TLS the kernel sends it,
     * by the built-in transport, without this program's touching its bytes; else it is read in
     * pieces and each is sent before the next is read. Either way the disk is waited for on the
     * loop's executor. Nothing else may be written until the future is done; the file stays open
     * that long and is the caller's to close.
     *
     * @return done when all of it is off our hands; fails with {@link java.io.EOFException} if the
     *     file ends early, and if the request has ended
     * @throws IllegalArgumentException if offset or count is negative
     */
    CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count);

    /** As {@link #write(byte[])}, in UTF-8. */
    default CompletableFuture<@Nullable Void> write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }
}
