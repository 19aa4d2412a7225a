package whirlwind.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import whirlwind.testing.OneEngine;

/** Keys and certificates in the forms in which tools and authorities write them. */
@OneEngine
class IdentityTest {
    private static final String PASSWORD = "sesame";

    @TempDir private Path folder;

    enum Algorithm {
        EC,
        RSA;

        X509Bundle bundle() throws Exception {
            var builder =
                    new CertificateBuilder()
                            .subject("CN=localhost")
                            .setIsCertificateAuthority(true);
            return (this == EC ? builder.ecp256() : builder.rsa2048()).buildSelfSigned();
        }
    }

    private Path write(String name, Object pem) throws Exception {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(pem);
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }

    /** As OpenSSL writes it, with the name of an EC key's curve. */
    private static Object inTheOldForm(PrivateKey key) throws Exception {
        return key instanceof ECPrivateKey ec
                ? new PemObject(
                        "EC PRIVATE KEY",
                        new org.bouncycastle.asn1.sec.ECPrivateKey(
                                        256, ec.getS(), SECObjectIdentifiers.secp256r1)
                                .getEncoded())
                : key;
    }

    private static void isThatOf(X509Bundle bundle, Identity identity) {
        // A key that isn't the certificate's is refused, so this one is.
        assertThat(identity.credentials().chain()).containsExactly(bundle.getCertificate());
    }

    @ParameterizedTest
    @EnumSource
    void aKeyOfTheOldForm(Algorithm algorithm) throws Exception {
        var bundle = algorithm.bundle();
        var key = write("key.pem", inTheOldForm(bundle.getKeyPair().getPrivate()));
        assertThat(key).content().contains("BEGIN " + algorithm + " PRIVATE KEY");

        isThatOf(bundle, Identity.pem(write("chain.pem", bundle.getCertificate()), key));
    }

    @ParameterizedTest
    @EnumSource
    void aKeyInPkcs8(Algorithm algorithm) throws Exception {
        var bundle = algorithm.bundle();
        var key = write("key.pem", new JcaPKCS8Generator(bundle.getKeyPair().getPrivate(), null));

        isThatOf(bundle, Identity.pem(write("chain.pem", bundle.getCertificate()), key));
    }

    @ParameterizedTest
    @EnumSource
    void anEncryptedKey(Algorithm algorithm) throws Exception {
        var bundle = algorithm.bundle();
        var encryptor =
                new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                        .setProvider(new BouncyCastleProvider())
                        .setPassword(PASSWORD.toCharArray())
                        .build();
        var key =
                write(
                        "key.pem",
                        new JcaPKCS8Generator(bundle.getKeyPair().getPrivate(), encryptor));
        var chain = write("chain.pem", bundle.getCertificate());

        isThatOf(bundle, Identity.pem(chain, key, PASSWORD));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.pem(chain, key))
                .withMessageContaining("the private key is encrypted: give its password");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.pem(chain, key, "open"))
                .withMessageContaining("is its password right?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void aKeyStore(String type) throws Exception {
        var bundle = Algorithm.EC.bundle();
        var store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setKeyEntry(
                "server",
                bundle.getKeyPair().getPrivate(),
                PASSWORD.toCharArray(),
                new Certificate[] {bundle.getCertificate()});
        var file = folder.resolve("store");
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }

        isThatOf(bundle, Identity.keyStore(file, PASSWORD));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.keyStore(file, "open"))
                .withMessageContaining(file + " can't be used");
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        var chain = write("chain.pem", Algorithm.EC.bundle().getCertificate());
        var other = Algorithm.EC.bundle().getKeyPair().getPrivate();
        var key = write("key.pem", new JcaPKCS8Generator(other, null));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.pem(chain, key))
                .withMessageContaining("the private key is not the one of the certificate");
    }

    @Test
    void filesThatAreNotThereAreNamed() throws Exception {
        var chain = write("chain.pem", Algorithm.EC.bundle().getCertificate());
        var missing = folder.resolve("missing.pem");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.pem(chain, missing))
                .withMessageContaining("the private key file " + missing + " doesn't exist");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Identity.keyStore(missing, PASSWORD))
                .withMessageContaining("the key store file " + missing + " doesn't exist");
    }
}
