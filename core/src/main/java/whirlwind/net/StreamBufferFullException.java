package whirlwind.net;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/**
 * A stream would have to keep more than its {@link StreamOptions} allow. When reading, the stream
 * is closed; when writing, nothing was written and the stream stays open: wait for the futures of
 * earlier writes. Tornado: {@code iostream.StreamBufferFullError}.
 */
public final class StreamBufferFullException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    StreamBufferFullException(String message) {
        super(message, new IOException(message));
    }
}
