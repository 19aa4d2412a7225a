package whirlwind.http.transport;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Takes the pieces of a body: bytes, and where the kernel can send them, parts of files. */
public interface PieceSink {
    /**
     * Sends a piece, which is the sink's from now on.
     *
     * @return done when more may be sent; fails if the message has ended
     */
    CompletableFuture<@Nullable Void> write(byte[] piece);

    /** Whether {@link #writeFile} may be called: nothing has to be done to the bytes. */
    default boolean sendsFiles() {
        return false;
    }

    /**
     * Sends a part of a file, which isn't empty, without touching its bytes.
     *
     * @return done when it has been sent and the file may be closed; fails if the message has ended
     * @throws UnsupportedOperationException unless it {@link #sendsFiles}
     */
    default CompletableFuture<@Nullable Void> writeFile(FileChannel file, long offset, long count) {
        throw new UnsupportedOperationException("files: read them, and write their bytes");
    }
}
