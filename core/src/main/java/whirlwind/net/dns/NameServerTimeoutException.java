package whirlwind.net.dns;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import whirlwind.check.DurationText;

/** A name server did not answer in time. The message names the host and the server. */
public final class NameServerTimeoutException extends ResolveException {
    @Serial private static final long serialVersionUID = 1;

    private final InetSocketAddress server;

    NameServerTimeoutException(
            String host, InetSocketAddress server, Duration limit, @Nullable Throwable cause) {
        super(
                host,
                "name server "
                        + server.getAddress().getHostAddress()
                        + ":"
                        + server.getPort()
                        + " has not answered within "
                        + DurationText.of(limit),
                cause);
        this.server = server;
    }

    /** The server that was asked last. */
    public InetSocketAddress server() {
        return server;
    }
}
