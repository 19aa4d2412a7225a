package whirlwind.http.codec.stream;

import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a client's streams, as far as it must be known when something comes for one
 * that is no more. Most of that is harmless, for we may have reset a stream while the client was
 * sending; what a client can only do wrong ends the connection, RFC 9113 section 5.1.
 */
final class StreamHistory {
    /** Streams that ended longer ago are not remembered. */
    private static final int REMEMBERED = 8;

    private final int[] ended = new int[REMEMBERED];
    private int next;
    private int last = -1;
    private int skippedFrom;
    private int skippedTo = -1;

    /** The client has begun a stream, and given up those below that it hasn't. */
    void opened(int id) {
        if (id > last + 2) {
            skippedFrom = last + 2;
            skippedTo = id - 2;
        }
        last = Math.max(last, id);
    }

    /** A stream is closed of which the client had said that it would send nothing more. */
    void ended(int id) {
        ended[next] = id;
        next = (next + 1) % REMEMBERED;
    }

    /** How the client has broken the rules by sending something for a closed stream, if it has. */
    @Nullable Http2Error offence(int id) {
        if (id >= skippedFrom && id <= skippedTo) {
            return Http2Error.PROTOCOL_ERROR;
        }
        for (int known : ended) {
            if (known == id) {
                return Http2Error.STREAM_CLOSED;
            }
        }
        return null;
    }
}
