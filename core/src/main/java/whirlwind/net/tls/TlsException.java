package whirlwind.net.tls;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;

/** A TLS handshake failed. The message names the peer; the type says what is wrong with it. */
public sealed class TlsException extends UncheckedIOException {
    @Serial private static final long serialVersionUID = 1;

    private TlsException(String message, IOException cause) {
        super(message, cause);
    }

    /** The peer's certificate, or one above it, has expired or is not valid yet. */
    public static final class Expired extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private Expired(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The server's certificate is for another name. */
    public static final class WrongHost extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private WrongHost(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** Nobody whom we trust vouches for the peer's certificate; it may be self-signed. */
    public static final class Untrusted extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private Untrusted(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** The peer's certificate, or one above it, was revoked. */
    public static final class Revoked extends TlsException {
        @Serial private static final long serialVersionUID = 1;

        private Revoked(String message, IOException cause) {
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
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException
                    || t instanceof CertificateNotYetValidException
                    || hasReason(t, BasicReason.EXPIRED)
                    || hasReason(t, BasicReason.NOT_YET_VALID)) {
                return new Expired(start + "its certificate is not valid now", cause);
            }
            if (t instanceof CertificateRevokedException || hasReason(t, BasicReason.REVOKED)) {
                return new Revoked(start + "its certificate was revoked", cause);
            }
        }
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertificateException && t.getCause() == null) {
                // The only check that the JDK makes itself, without a path validator behind it.
                return new WrongHost(
                        start + "its certificate is for another name: " + t.getMessage(), cause);
            }
            if (t instanceof CertificateException) {
                return new Untrusted(
                        start + "nobody trusted vouches for its certificate: " + t.getMessage(),
                        cause);
            }
        }
        return new TlsException(start + reason(failure), cause);
    }

    private static boolean hasReason(Throwable t, BasicReason reason) {
        return t instanceof CertPathValidatorException e && e.getReason() == reason;
    }

    private static String reason(Throwable failure) {
        var message = failure.getMessage();
        return message != null ? message : failure.getClass().getSimpleName();
    }
}
