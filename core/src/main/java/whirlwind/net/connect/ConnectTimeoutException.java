package whirlwind.net.connect;

import java.io.Serial;
import whirlwind.loop.AsyncTimeoutException;

/** A connection was not there within its limit. */
public final class ConnectTimeoutException extends AsyncTimeoutException {
    @Serial private static final long serialVersionUID = 1;

    /** How far an attempt to connect has come. */
    public enum Stage {
        /** Looking for the addresses of the name. */
        RESOLVE,
        /** Waiting for a connection. */
        CONNECT,
        /** Waiting for a proxy's answer. */
        PROXY,
        /** In the TLS handshake. */
        TLS
    }

    private final Stage stage;

    /** A timeout in a stage; the message names the address too. */
    public ConnectTimeoutException(Stage stage, String message) {
        super(message);
        this.stage = stage;
    }

    /** Where the time ran out. */
    public Stage stage() {
        return stage;
    }
}
