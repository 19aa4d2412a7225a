package whirlwind.net.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of our own and the certificates it gives, good and bad, as files in a folder. */
public final class TestCertificates {
    private final Path folder;
    private final X509Bundle authority;
    private int files;

    /** A new authority. */
    public TestCertificates(Path folder) throws Exception {
        this(folder, authority("Test Authority").buildSelfSigned());
    }

    private TestCertificates(Path folder, X509Bundle authority) {
        this.folder = folder;
        this.authority = authority;
    }

    /** An authority that this one vouches for, whose certificates come with its own. */
    public TestCertificates intermediate() throws Exception {
        return new TestCertificates(
                Files.createDirectories(folder.resolve("intermediate")),
                authority("Test Authority In Between").buildIssuedBy(authority));
    }

    private static CertificateBuilder authority(String name) {
        return builder(name)
                .setIsCertificateAuthority(true)
                .setKeyUsage(
                        true,
                        CertificateBuilder.KeyUsage.keyCertSign,
                        CertificateBuilder.KeyUsage.cRLSign);
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(Instant.now().minus(Duration.ofDays(2)))
                .notAfter(Instant.now().plus(Duration.ofDays(2)));
    }

    private static CertificateBuilder forNames(String... names) {
        var builder = builder(names[0]);
        for (var name : names) {
            if (Resolves.asIp(name)) {
                builder.addSanIpAddress(name);
            } else {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    private static final class Resolves {
        static boolean asIp(String name) {
            return name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        }
    }

    /** The authority's certificate in PEM. */
    public Path authority() throws IOException {
        return write("ca.pem", authority.getCertificatePEM());
    }

    /** A good certificate for names and addresses. */
    public Identity identity(String... names) throws Exception {
        return toIdentity(forNames(names).buildIssuedBy(authority));
    }

    /** One that has expired yesterday. */
    public Identity expired(String... names) throws Exception {
        return toIdentity(
                forNames(names)
                        .notAfter(Instant.now().minus(Duration.ofDays(1)))
                        .buildIssuedBy(authority));
    }

    /** One that is good from tomorrow on. */
    public Identity notYetValid(String... names) throws Exception {
        return toIdentity(
                forNames(names)
                        .notBefore(Instant.now().plus(Duration.ofDays(1)))
                        .buildIssuedBy(authority));
    }

    /** One that its bearer may use as a client only. */
    public Identity forClients(String... names) throws Exception {
        return toIdentity(forNames(names).addExtendedKeyUsageClientAuth().buildIssuedBy(authority));
    }

    /** One that its bearer may use as a server only. */
    public Identity forServers(String... names) throws Exception {
        return toIdentity(forNames(names).addExtendedKeyUsageServerAuth().buildIssuedBy(authority));
    }

    /** A good one, but without those of the authorities above it. */
    public Identity withoutChain(String... names) throws Exception {
        var content = forNames(names).buildIssuedBy(authority);
        var bundle = toBundle(content, content.getCertificatePEM());
        return Identity.pem(bundle.chain, bundle.key);
    }

    /** One that vouches for itself. */
    public Identity selfSigned(String... names) throws Exception {
        return toIdentity(forNames(names).setIsCertificateAuthority(true).buildSelfSigned());
    }

    /** What a certificate is, with the files it is in. */
    public Bundle bundle(String... names) throws Exception {
        return toBundle(forNames(names).buildIssuedBy(authority));
    }

    /** The files of a certificate and its key, in PEM, and what they hold. */
    public record Bundle(Path chain, Path key, X509Bundle content) {}

    /** The authority's list of revoked certificates, in PEM. */
    public Path revocationsOf(Identity... revoked) throws OperatorCreationException, IOException {
        return revocations(
                Arrays.stream(revoked)
                        .map(identity -> identity.credentials().chain().getFirst())
                        .toArray(X509Certificate[]::new));
    }

    /** The same, of an authority that this one has vouched for. */
    public Path revocationsOf(TestCertificates revoked) throws Exception {
        return revocations(revoked.authority.getCertificate());
    }

    private Path revocations(X509Certificate... revoked)
            throws OperatorCreationException, IOException {
        var list =
                new X509v2CRLBuilder(
                        new X500Name(
                                authority.getCertificate().getSubjectX500Principal().getName()),
                        Date.from(Instant.now().minus(Duration.ofDays(1))));
        list.setNextUpdate(Date.from(Instant.now().plus(Duration.ofDays(1))));
        for (var certificate : revoked) {
            list.addCRLEntry(
                    certificate.getSerialNumber(),
                    Date.from(Instant.now().minus(Duration.ofDays(1))),
                    CRLReason.keyCompromise);
        }
        var signer =
                new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(authority.getKeyPair().getPrivate());
        var encoded = Base64.getMimeEncoder().encodeToString(list.build(signer).getEncoded());
        return write(
                "crl.pem", "-----BEGIN X509 CRL-----\n" + encoded + "\n-----END X509 CRL-----\n");
    }

    private Identity toIdentity(X509Bundle content) throws IOException {
        var bundle = toBundle(content);
        return Identity.pem(bundle.chain, bundle.key);
    }

    private Bundle toBundle(X509Bundle content) throws IOException {
        return toBundle(
                content,
                content.isSelfSigned()
                        ? content.getCertificatePEM()
                        : content.getCertificatePathPEM());
    }

    private Bundle toBundle(X509Bundle content, String chain) throws IOException {
        files++;
        return new Bundle(
                write(files + ".crt", chain),
                write(files + ".key", content.getPrivateKeyPEM()),
                content);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
