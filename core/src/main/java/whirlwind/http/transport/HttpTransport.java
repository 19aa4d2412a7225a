package whirlwind.http.transport;

import whirlwind.loop.IOLoop;
import whirlwind.net.connect.ConnectTimeoutException.Stage;

/**
 * Sends requests and reads responses, one call for each, without following redirects or retrying by
 * policy. Confined to its loop: calls come from its coroutines and callbacks, and so do those that
 * the transport makes.
 *
 * <p>Tornado: what subclasses of {@code AsyncHTTPClient} implement.
 */
public interface HttpTransport extends AutoCloseable {

    /** Makes transports; a client opens one for itself. */
    @FunctionalInterface
    interface Factory {
        /**
         * A transport on {@code loop}.
         *
         * @throws IllegalStateException if what it needs isn't there, saying what to install
         */
        HttpTransport open(IOLoop loop, ConnectionOptions options);
    }

    /** One request under way. */
    interface Exchange {
        /**
         * Stops it: the connection is closed, or the stream reset. The listener isn't called any
         * more. Harmless if it has ended.
         */
        void cancel();

        /** Reads no more of the response's body than is on the way, until {@link #resume}. */
        void pause();

        /** Goes on reading. */
        void resume();

        /** How far its connection has come; says nothing once the listener is told connected. */
        Stage connecting();
    }

    /**
     * Sends a request. The listener may be called before this returns, but for the end or a
     * failure.
     *
     * @throws IllegalArgumentException if this transport can't do what the request asks for; before
     *     anything is connected
     */
    Exchange send(TransportRequest request, ResponseListener listener);

    /**
     * Closes all connections. Requests under way fail with {@link java.io.IOException}. Twice is
     * once.
     */
    @Override
    void close();
}
