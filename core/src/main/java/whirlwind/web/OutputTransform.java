package whirlwind.web;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpServerRequest;

/**
 * Changes one response on its way out: its headers, its body, or both. Every response of an
 * application passes those that {@link Application#addTransform} was given, in their order, error
 * pages included; what has been taken over by a WebSocket or a {@link FallbackHandler} does not.
 *
 * <p>Called on the loop, once per flush, so it must not wait. What it throws ends the connection.
 * Tornado: {@code web.OutputTransform}.
 */
@FunctionalInterface
public interface OutputTransform {
    /** Makes the transform for the response to a request. */
    @FunctionalInterface
    interface Factory {
        /** The transform; null if it has nothing to do with this one. */
        @Nullable OutputTransform begin(HttpServerRequest request);
    }

    /**
     * The head is about to be sent, and with it the first piece of the body.
     *
     * @param status as it will be sent
     * @param headers to be changed; {@code Content-Length} is there only if the handler set it, and
     *     must go if the length changes
     * @param piece perhaps empty; not to be changed, but replaced
     * @param finishing whether this is the whole body
     * @return what to send instead of {@code piece}
     */
    byte[] transformFirstPiece(int status, Headers headers, byte[] piece, boolean finishing);

    /**
     * A further piece of the body, after a flush. Default: as it is; with {@link #changesBody}.
     *
     * @param finishing whether it is the last, perhaps an empty one
     * @return what to send instead of {@code piece}
     */
    default byte[] transformPiece(byte[] piece, boolean finishing) {
        return piece;
    }

    /**
     * Whether {@link #transformPiece} changes anything, asked when the head has been transformed;
     * if no transform does, files go out by the kernel alone. Default: no.
     */
    default boolean changesBody() {
        return false;
    }

    /** The response is over, sent as a whole or not. Default: nothing to do. */
    default void end() {}
}
