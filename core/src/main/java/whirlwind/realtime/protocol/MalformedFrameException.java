package whirlwind.realtime.protocol;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.MalformedJsonException;

/** A client sent something that isn't in the protocol. The message is for the client. */
public final class MalformedFrameException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final @Nullable Long id;

    MalformedFrameException(@Nullable Long id, String message) {
        super(message);
        this.id = id;
    }

    MalformedFrameException(MalformedJsonException cause) {
        super("no JSON", cause);
        this.id = null;
    }

    /** The frame's id, as far as it could be read. */
    public @Nullable Long id() {
        return id;
    }
}
