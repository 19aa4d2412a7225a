package whirlwind.net;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What a {@link TcpServer} does with each connection. */
@FunctionalInterface
public interface StreamHandler {
    /**
     * Called in a coroutine of its own; it may wait as long as it likes. The stream is its to
     * close, in time or later: {@code try (stream)} does so at the end. What it throws is logged,
     * unless it is that the other end has gone, and closes the stream. With TLS the handshake may
     * not be done yet; see {@link IOStream#waitForHandshake}.
     *
     * @param address of the client, behind a trusted proxy as that tells it; null if it has none
     * @throws Exception for any reason
     */
    void handleStream(IOStream stream, @Nullable SocketAddress address) throws Exception;
}
