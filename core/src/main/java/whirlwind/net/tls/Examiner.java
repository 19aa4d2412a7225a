package whirlwind.net.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes whom another believes, and says what is wrong with the others: the JDK has no word for a
 * certificate that vouches for itself or is meant for something else, and only here is the chain at
 * hand.
 */
final class Examiner extends X509ExtendedTrustManager {
    /** Extended key usages (RFC 5280 section 4.2.1.12). */
    private static final String ANY_USE = "2.5.29.37.0";

    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private final X509ExtendedTrustManager manager;

    Examiner(X509ExtendedTrustManager manager) {
        this.manager = manager;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private static void examine(X509Certificate[] chain, String use, Check check)
            throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw new Refusal(flaw(chain[0], use, e), e);
        }
    }

    private static Flaw flaw(X509Certificate certificate, String use, CertificateException e)
            throws CertificateException {
        var standard = Flaw.standard(e);
        if (standard != null) {
            return standard;
        }
        if (e.getCause() == null) { // the path is fine: the checks that come after it failed
            return isFor(use, certificate) ? Flaw.WRONG_HOST : Flaw.WRONG_USE;
        }
        return vouchesForItself(certificate) ? Flaw.SELF_SIGNED : Flaw.UNTRUSTED;
    }

    private static boolean isFor(String use, X509Certificate certificate)
            throws CertificateException {
        var uses = certificate.getExtendedKeyUsage();
        return uses == null || uses.contains(use) || uses.contains(ANY_USE);
    }

    private static boolean vouchesForItself(X509Certificate certificate) {
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException notByThisKey) {
            return false;
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        examine(chain, CLIENT, () -> manager.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        examine(chain, SERVER, () -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        examine(chain, CLIENT, () -> manager.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        examine(chain, SERVER, () -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        examine(chain, CLIENT, () -> manager.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        examine(chain, SERVER, () -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return manager.getAcceptedIssuers();
    }
}
