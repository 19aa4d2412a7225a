package whirlwind.http.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import whirlwind.http.Headers;
import whirlwind.http.ResponseStartLine;

/**
 * Told what happens to one request, on the loop, in this order: connected, perhaps the request for
 * a body, head, pieces of the body, and then exactly one of {@link #end} and {@link #failed}. A
 * transport that repeats a request on a fresh connection, because a kept one turned out to be
 * closed, says {@link #reconnecting}, and then connected again.
 */
public interface ResponseListener {

    /**
     * There is a connection, and the request goes out.
     *
     * @param reused whether it has served other requests before
     */
    void connected(boolean reused);

    /** The connection was of no use, and the request waits for another. */
    void reconnecting();

    /**
     * The request's body is wanted now: for a {@linkplain TransportRequest#streamed streamed} one.
     */
    void sendBody(BodySink sink);

    /** The final response's head; interim ones (1xx) are not told. */
    void head(ResponseStartLine startLine, Headers headers);

    /** A piece of the body, its content coding undone; valid during the call. */
    void body(ByteBuffer piece);

    /**
     * The response is whole.
     *
     * @param trailers the fields that came behind the body; empty if there are none
     * @param timeInfo what the transport measured, by libcurl's names; may be empty
     */
    void end(Headers trailers, Map<String, Duration> timeInfo);

    /**
     * It came to nothing: a {@link whirlwind.http.HttpInputException} if the server broke the
     * protocol, an {@link java.io.EOFException} if the connection ended too early, or what the
     * network or TLS layer said.
     */
    void failed(Throwable cause);
}
