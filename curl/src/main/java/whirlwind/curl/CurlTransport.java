package whirlwind.curl;

import whirlwind.http.transport.ConnectionOptions;
import whirlwind.http.transport.HttpTransport;
import whirlwind.http.transport.ResponseListener;
import whirlwind.http.transport.TransportRequest;
import whirlwind.loop.IOLoop;

/**
 * Requests sent by the system's libcurl: an alternative to the transport that is built into {@link
 * whirlwind.http.client.AsyncHttpClient}, for all clients or for one:
 *
 * {@snippet :
 * AsyncHttpClient.configure(ClientOptions.DEFAULTS.withTransport(CurlTransport::new));
 * }
 *
 * <p>The loop drives libcurl's multi interface: it watches its sockets and its timer, and no thread
 * is made for it, but for those in which libcurl itself may look up names. So it needs a loop that
 * watches descriptors ({@link IOLoop#addHandler}): on epoll or io_uring. libcurl 7.77 or newer is
 * expected. What it does otherwise than the built-in transport is told in the guide.
 *
 * <p>Confined to its loop. Tornado: {@code CurlAsyncHTTPClient}.
 */
public final class CurlTransport implements HttpTransport {
    private final Engine engine;

    /**
     * A transport on a loop; most often made by a client.
     *
     * @throws IllegalStateException if the system has no libcurl; says what to install
     */
    public CurlTransport(IOLoop loop, ConnectionOptions options) {
        LibcurlFile.load();
        engine = new Engine(loop, options);
    }

    @Override
    public Exchange send(TransportRequest request, ResponseListener listener) {
        engine.requireOpen();
        var transfer = new Transfer(engine, request, listener);
        transfer.start();
        return transfer;
    }

    @Override
    public void close() {
        engine.close();
    }
}
