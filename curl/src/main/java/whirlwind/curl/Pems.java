package whirlwind.curl;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.Trust;

/** Certificates and keys as libcurl reads them, in PEM (RFC 7468). */
final class Pems {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Map<Trust, byte[]> authorities = new WeakHashMap<>();

    byte[] of(Trust trust) {
        return authorities.computeIfAbsent(
                trust, made -> chain(Arrays.asList(made.manager().getAcceptedIssuers())));
    }

    byte[] ofChain(Identity.Credentials credentials) {
        return chain(credentials.chain());
    }

    byte[] ofKey(Identity.Credentials credentials) {
        return block("PRIVATE KEY", credentials.key().getEncoded())
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] chain(List<X509Certificate> certificates) {
        var text = new StringBuilder();
        for (var certificate : certificates) {
            try {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("certificate without encoding", e);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, LINES.encodeToString(content), label);
    }
}
