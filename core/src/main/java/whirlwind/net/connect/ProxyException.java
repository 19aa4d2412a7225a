package whirlwind.net.connect;

import java.io.IOException;
import java.io.Serial;

/**
 * A proxy was reached and didn't connect: it refused, wanted other credentials, or gave no answer
 * that makes sense.
 */
public final class ProxyException extends ConnectFailedException {
    @Serial private static final long serialVersionUID = 1;

    /** A failure that names the proxy and what it said. */
    public ProxyException(String message, IOException cause) {
        super(message, cause);
    }
}
