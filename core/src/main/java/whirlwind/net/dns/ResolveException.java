package whirlwind.net.dns;

import java.io.Serial;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A name has no address, or none could be found out. The message names the host and says why. */
public class ResolveException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    private final String host;

    /**
     * A failure to resolve {@code host}.
     *
     * @param why ends the sentence "can't resolve 'host': "
     */
    public ResolveException(String host, String why, @Nullable Throwable cause) {
        super("can't resolve '" + host + "': " + why, asUnknownHost(host, cause));
        this.host = host;
    }

    private static UnknownHostException asUnknownHost(String host, @Nullable Throwable cause) {
        if (cause instanceof UnknownHostException unknown) {
            return unknown;
        }
        var unknown = new UnknownHostException(host);
        if (cause != null) {
            unknown.initCause(cause);
        }
        return unknown;
    }

    /** The name that was asked for. */
    public String host() {
        return host;
    }
}
