package whirlwind.http.codec.request;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import whirlwind.http.Headers;
import whirlwind.http.HttpInputException;
import whirlwind.http.HttpServerRequest;
import whirlwind.http.HttpVersion;

/**
 * A request whose body is coming, over whatever carries it: the connection or the stream tells what
 * comes. {@link RequestBodies} make it. A request without a body is whole at once, and never one of
 * these. On the loop's own thread.
 */
public sealed interface IncomingRequest permits GatheredRequest, IncomingRequest.Streamed {
    /**
     * Whether the client waits to be told that its body is wanted. RFC 9110 section 10.1.1: there
     * is but one expectation, and HTTP/1.0 hasn't it.
     *
     * @throws HttpInputException (417) if the client expects something else
     */
    static boolean expectsContinue(HttpServerRequest head) {
        var expected = head.headers().get("Expect");
        if (expected == null || head.version() == HttpVersion.HTTP_1_0) {
            return false;
        }
        if (!expected.equalsIgnoreCase("100-continue")) {
            throw new HttpInputException(417, "unknown expectation");
        }
        return true;
    }

    /**
     * Takes a piece, not to be kept; whether there is room for more.
     *
     * @throws HttpInputException (400, 413, 503) if the body can't be taken
     */
    boolean add(ByteBuf piece);

    /** How many bytes have come that nobody has read. */
    int unread();

    /**
     * The end has come. The whole request, to be answered now; null if it is being answered.
     *
     * @throws HttpInputException (400) if the body's coding ends too early
     */
    @Nullable HttpServerRequest end(Headers trailers);

    /** Whether the body, now whole, counts in memory until this is closed. */
    boolean counts();

    /** No more comes; whoever reads is told why. */
    void fail(RuntimeException why);

    /** Lets go of the body and of what its coding needed: nobody reads any more. */
    void close();

    /** The request is answered by a handler that reads the body piece by piece, as it comes. */
    record Streamed(HttpServerRequest head, StreamedBody body) implements IncomingRequest {
        @Override
        public boolean add(ByteBuf piece) {
            return body.add(piece);
        }

        @Override
        public int unread() {
            return body.unread();
        }

        @Override
        public @Nullable HttpServerRequest end(Headers trailers) {
            body.trailers().addAll(trailers);
            body.end();
            return null;
        }

        @Override
        public boolean counts() {
            return false;
        }

        @Override
        public void fail(RuntimeException why) {
            body.fail(why);
        }

        @Override
        public void close() {
            body.close();
        }
    }
}
