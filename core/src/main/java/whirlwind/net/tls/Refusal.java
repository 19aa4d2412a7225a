package whirlwind.net.tls;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A certificate was not believed, and why. */
final class Refusal extends CertificateException {
    @Serial private static final long serialVersionUID = 1;

    private final Flaw flaw;

    /** Takes the place of the failure, whose cause tells the engine which alert to send. */
    Refusal(Flaw flaw, CertificateException failure) {
        super(failure.getMessage(), failure.getCause() != null ? failure.getCause() : failure);
        this.flaw = flaw;
    }

    Flaw flaw() {
        return flaw;
    }
}
