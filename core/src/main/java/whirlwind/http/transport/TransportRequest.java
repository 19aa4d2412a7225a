package whirlwind.http.transport;

import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;

/**
 * A request as it goes out, complete but for what frames the message on the wire.
 *
 * @param route where it goes, and how
 * @param method a token
 * @param target path and query, percent-encoded
 * @param headers all of them, {@code Host} too, and {@code Content-Length} if it is known; the
 *     transport adds {@code Transfer-Encoding} and {@code Connection} as its protocol has them
 * @param body null if there is none or it is streamed
 * @param streamed whether the body is asked for with {@link ResponseListener#sendBody}
 * @param expectContinue whether the body waits for {@code 100 Continue}, for a second at most; it
 *     is never sent if another status comes first
 * @param decompress whether to send {@code Accept-Encoding} and to undo the response's content
 *     coding; then {@code Content-Encoding} comes as {@code X-Consumed-Content-Encoding}, and
 *     {@code Content-Length} is left out
 * @param hook what only one kind of transport understands; null for nothing
 * @param repeatable whether it does no harm to send it twice, RFC 9110 section 9.2.2
 */
public record TransportRequest(
        HttpRoute route,
        String method,
        String target,
        Headers headers,
        byte @Nullable [] body,
        boolean streamed,
        boolean expectContinue,
        boolean decompress,
        @Nullable TransportHook hook,
        boolean repeatable) {}
