package whirlwind.net;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A stream was closed before it could do what was asked of it. The message names the other end and
 * what was being done; {@link #getCause} says why the stream closed: {@link java.io.EOFException}
 * if the other end closed it, {@link java.nio.channels.ClosedChannelException} if this end did, or
 * the failure itself.
 *
 * <p>It may be seen before the stream's close callback runs. Tornado: {@code
 * iostream.StreamClosedError}.
 */
public sealed class StreamClosedException extends UncheckedIOException
        permits UnsatisfiableReadException {
    @Serial private static final long serialVersionUID = 1;

    StreamClosedException(String message, Throwable cause) {
        super(message, cause instanceof IOException e ? e : new IOException(cause));
    }

    /** Why the stream closed. */
    @Override
    public synchronized @Nullable IOException getCause() {
        return super.getCause();
    }
}
