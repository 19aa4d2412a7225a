package whirlwind.http.codec;

import java.nio.channels.FileChannel;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What goes out over a connection, in order. */
sealed interface Output
        permits ResponseHead, ClientHead, Output.Bytes, Output.FileRange, SharedFrame {
    /** About how many bytes of memory wait with it. */
    int size();

    /** Bytes as they are. */
    record Bytes(byte[] bytes) implements Output {
        @Override
        public int size() {
            return bytes.length;
        }
    }

    /**
     * A part of a file, which the kernel sends.
     *
     * @param sent done when it has, and the file may be closed
     */
    record FileRange(
            FileChannel file, long offset, long count, CompletableFuture<@Nullable Void> sent)
            implements Output {
        @Override
        public int size() {
            return 0;
        }
    }
}
