package whirlwind.net.tls;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a certificate. */
enum Flaw {
    EXPIRED("its certificate has expired", TlsException.Expired::new),
    NOT_YET_VALID(
            "its certificate is not valid yet, unless this machine's clock is wrong",
            TlsException.NotYetValid::new),
    REVOKED("its certificate was revoked", TlsException.Revoked::new),
    WRONG_HOST("its certificate is for another name", TlsException.WrongHost::new),
    WRONG_USE("its certificate is for something else", TlsException.WrongUse::new),
    SELF_SIGNED(
            "its certificate vouches for itself, and is not one that is trusted",
            TlsException.SelfSigned::new),
    UNTRUSTED("nobody trusted vouches for its certificate", TlsException.Untrusted::new);

    private final String sentence;
    private final BiFunction<String, IOException, TlsException> type;

    Flaw(String sentence, BiFunction<String, IOException, TlsException> type) {
        this.sentence = sentence;
        this.type = type;
    }

    /** What a failed handshake tells about the peer's certificate; null if nothing. */
    static @Nullable Flaw in(Throwable failure) {
        var refusal = find(Refusal.class, failure);
        if (refusal != null) {
            return refusal.flaw();
        }
        var flaw = standard(failure);
        var certificate = find(CertificateException.class, failure);
        if (flaw != null || certificate == null) {
            return flaw;
        }
        // The only check that the JDK makes itself, without a path validator behind it.
        return certificate.getCause() == null ? WRONG_HOST : UNTRUSTED;
    }

    /** What has an exception or a reason of its own in the JDK; null for the rest. */
    static @Nullable Flaw standard(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException || hasReason(t, BasicReason.EXPIRED)) {
                return EXPIRED;
            }
            if (t instanceof CertificateNotYetValidException
                    || hasReason(t, BasicReason.NOT_YET_VALID)) {
                return NOT_YET_VALID;
            }
            if (t instanceof CertificateRevokedException || hasReason(t, BasicReason.REVOKED)) {
                return REVOKED;
            }
        }
        return null;
    }

    private static boolean hasReason(Throwable t, BasicReason reason) {
        return t instanceof CertPathValidatorException e && e.getReason() == reason;
    }

    /** The first of a kind among the causes: Netty wraps what trust managers throw. */
    private static <T extends Throwable> @Nullable T find(Class<T> kind, Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return kind.cast(t);
            }
        }
        return null;
    }

    TlsException toException(String start, Throwable failure, IOException cause) {
        var refusal = find(Refusal.class, failure);
        var certificate = find(CertificateException.class, failure);
        var detail = refusal != null ? refusal : certificate != null ? certificate : failure;
        return type.apply(start + sentence + ": " + detail.getMessage(), cause);
    }
}
