package whirlwind.net.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/**
 * A TLS handshake failed. The message names the peer; the type says what is wrong with it, where
 * there is one for that. This type itself is for the rest: what the peer refused by an alert, and
 * two sides that have nothing in common.
 */
public sealed class TlsException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    private TlsException(String message, IOException cause) {
        super(message, cause);
    }

    /** The peer's certificate, or one above it, has expired. */
    public static final class Expired extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        Expired(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The peer's certificate, or one above it, is not valid yet. */
    public static final class NotYetValid extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        NotYetValid(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The server's certificate is for another name. */
    public static final class WrongHost extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        WrongHost(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The peer's certificate, or one above it, was revoked. */
    public static final class Revoked extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        Revoked(String message, IOException cause) {
            super(message, cause);
        }
    }

    /**
     * The peer's certificate is a good one, but for something else: its extended key usage leaves
     * out what the peer does with it.
     */
    public static final class WrongUse extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        WrongUse(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** Nobody whom we trust vouches for the peer's certificate. */
    public static sealed class Untrusted extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        Untrusted(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The peer's certificate vouches for itself, and is not one that we trust. */
    public static final class SelfSigned extends Untrusted {
        @Serial private static final long serialVersionUID = 1;

        SelfSigned(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** What the peer says is not TLS: most likely it expects plain text on this port. */
    public static final class NotTls extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private NotTls(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The peer closed or reset the connection in the middle of the handshake. */
    public static final class HungUp extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private HungUp(String message, IOException cause) {
            super(message, cause);
        }
    }

    /**
     * What went wrong in a handshake, told from what the JDK's or OpenSSL's engine reported.
     *
     * @param peer the other side, for the message: for example {@code example.com:443}
     */
    public static TlsException of(String peer, Throwable failure) {
        var cause = failure instanceof IOException io ? io : new IOException(failure);
        var start = "TLS handshake with " + peer + " failed: ";
        var flaw = Flaw.in(failure);
        if (flaw != null) {
            return flaw.toException(start, failure, cause);
        }
        var reason = reason(failure);
        if (failure instanceof NotSslRecordException) {
            return new NotTls(start + "it doesn't speak TLS: " + reason, cause);
        }
        if (failure instanceof ClosedChannelException) {
            return new HungUp(start + "it hung up", cause);
        }
        return failure instanceof IOException && !(failure instanceof SSLException)
                ? new HungUp(start + "the connection broke: " + reason, cause)
                : new TlsException(start + reason, cause);
    }

    private static String reason(Throwable failure) {
        var message = failure.getMessage();
        return message != null ? message : failure.getClass().getSimpleName();
    }
}
