package whirlwind.curl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import whirlwind.net.tls.Identity;
import whirlwind.net.tls.Trust;

/** Certificates and keys as libcurl reads them, in PEM (RFC 7468). */
final class Pems {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Map<Trust, byte[]> authorities = new WeakHashMap<>();
    private final Map<Trust, Path> revocations = new HashMap<>();

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

    /** libcurl takes revocation lists from a file only. */
    Path fileOfRevocations(Trust trust) {
        return revocations.computeIfAbsent(trust, Pems::writeRevocations);
    }

    private static Path writeRevocations(Trust trust) {
        var text = new StringBuilder();
        try {
            for (var list : trust.revocations()) {
                text.append(block("X509 CRL", ((X509CRL) list).getEncoded()));
            }
            var file = Files.createTempFile("whirlwind-curl-", ".crl");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (CRLException e) {
            throw new IllegalArgumentException("revocation list without encoding", e);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write revocation lists for libcurl", e);
        }
    }

    /** Deletes what was written. */
    void close() {
        revocations.values().forEach(file -> file.toFile().delete());
        revocations.clear();
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
