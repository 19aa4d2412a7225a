package whirlwind.http.codec.stream;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;

/** The UDP sockets on which one server speaks HTTP/3. Called on the loop's own thread. */
public interface Http3Listener {
    /**
     * Listens on an address.
     *
     * @throws BindException if it is in use, and for no other reason
     * @throws IOException if listening fails
     */
    void listen(InetSocketAddress address, boolean reusePort) throws IOException;

    /** Accepts no more connections. A socket is closed when none is left that uses it. */
    void stop();
}
