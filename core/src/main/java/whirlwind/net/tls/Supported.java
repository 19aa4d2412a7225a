package whirlwind.net.tls;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** What the options may name. Older protocols than TLS 1.2 are broken, and not to be had. */
final class Supported {
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private Supported() {}

    static List<String> protocols(List<String> chosen) {
        var copy = List.copyOf(chosen);
        if (copy.isEmpty() || !PROTOCOLS.containsAll(copy)) {
            throw new IllegalArgumentException("protocols: " + copy + " (of " + PROTOCOLS + ")");
        }
        return copy;
    }

    static List<String> ciphers(List<String> chosen) {
        var copy = List.copyOf(chosen);
        if (!copy.isEmpty()) {
            var known = Set.of(jdkCiphers());
            for (var cipher : copy) {
                if (!known.contains(cipher)) {
                    throw new IllegalArgumentException(
                            "ciphers: '"
                                    + cipher
                                    + "' is none that this JVM knows (for example"
                                    + " TLS_AES_128_GCM_SHA256)");
                }
            }
        }
        return copy;
    }

    private static String[] jdkCiphers() {
        try {
            return SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }
}
