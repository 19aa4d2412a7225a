package whirlwind.http.transport;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Where the body of a streamed request goes. */
public interface BodySink {
    /**
     * Sends a piece, which is the sink's from now on.
     *
     * @return done when more may be sent; fails if the request has ended
     */
    CompletableFuture<@Nullable Void> write(byte[] piece);

    /** That was all. */
    void end();
}
