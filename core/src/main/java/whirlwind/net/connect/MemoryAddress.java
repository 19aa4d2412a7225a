package whirlwind.net.connect;

import java.net.SocketAddress;

/**
 * Where a server can be reached from within its process, without sockets and so without descriptors
 * and ports: for tests, and for more connections than a process may have sockets. Everything above
 * the socket is the same, TLS included.
 *
 * <p>An address is equal to itself only. {@code HttpServer.listen(address)} and {@code
 * TcpServer.listen(address)} listen on it, {@code IOStream.connect(address)} connects to it, from
 * any loop of the process.
 */
public final class MemoryAddress extends SocketAddress {
    private static final long serialVersionUID = 1;

    private final String name;

    /** A new address. The name is for people. */
    public MemoryAddress(String name) {
        this.name = name;
    }

    /** The name after {@code memory:}. */
    @Override
    public String toString() {
        return "memory:" + name;
    }
}
