package whirlwind.http.client;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a {@link BodyProducer} writes to. On the client's loop. */
@FunctionalInterface
public interface BodyWriter {
    /**
     * Sends a piece of the body; the array must not change afterwards. An empty piece sends
     * nothing.
     *
     * @return done when the server has taken enough of what was written; whoever doesn't await it
     *     fills the memory. Fails if the request has ended
     */
    CompletableFuture<@Nullable Void> write(byte[] piece);

    /** As {@link #write(byte[])}, in UTF-8. */
    default CompletableFuture<@Nullable Void> write(String text) {
        return write(text.getBytes(StandardCharsets.UTF_8));
    }
}
