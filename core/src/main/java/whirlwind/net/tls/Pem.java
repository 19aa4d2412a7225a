package whirlwind.net.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** PEM files (RFC 7468), as far as certificates, revocation lists and private keys go. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----");

    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");

    private static final byte SEQUENCE = 0x30;
    private static final byte OCTET_STRING = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final byte[] RSA_ENCRYPTION =
            HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

    /** Context-specific tag 0 of an EC key (RFC 5915), which holds the curve. */
    private static final byte CURVE = (byte) 0xa0;

    private Pem() {}

    private record Block(String label, byte[] content) {}

    static List<X509Certificate> certificates(byte[] file) throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var certificates = new ArrayList<X509Certificate>();
        for (var block : blocks(file)) {
            if (block.label.endsWith("CERTIFICATE")) {
                var der = new ByteArrayInputStream(block.content);
                certificates.add((X509Certificate) factory.generateCertificate(der));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("there is no BEGIN CERTIFICATE in it");
        }
        return certificates;
    }

    static Collection<? extends CRL> revocations(byte[] file) throws GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var lists = new ArrayList<CRL>();
        for (var block : blocks(file)) {
            if (block.label.equals("X509 CRL")) {
                lists.add(factory.generateCRL(new ByteArrayInputStream(block.content)));
            }
        }
        if (lists.isEmpty()) {
            throw new IllegalArgumentException("there is no BEGIN X509 CRL in it");
        }
        return lists;
    }

    static PrivateKey privateKey(byte[] file, @Nullable String password)
            throws GeneralSecurityException {
        for (var block : blocks(file)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return decode(new PKCS8EncodedKeySpec(block.content));
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return decode(decrypt(block.content, password));
                }
                case "RSA PRIVATE KEY" -> {
                    return decode(wrap(RSA_ENCRYPTION, block.content));
                }
                case "EC PRIVATE KEY" -> {
                    var algorithm = der(SEQUENCE, EC_PUBLIC_KEY, curveOf(block.content));
                    return decode(wrap(algorithm, block.content));
                }
                default -> {}
            }
        }
        throw new IllegalArgumentException("there is no BEGIN PRIVATE KEY in it");
    }

    private static List<Block> blocks(byte[] file) {
        return BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1))
                .results()
                .map(match ->
                        new Block(match.group(1), Base64.getMimeDecoder().decode(match.group(2))))
                .toList();
    }

    private static PrivateKey decode(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException notThisOne) {
                continue;
            }
        }
        throw new InvalidKeyException("the private key is broken, or none of " + ALGORITHMS);
    }

    private static PKCS8EncodedKeySpec decrypt(byte[] content, @Nullable String password)
            throws GeneralSecurityException {
        if (password == null) {
            throw new IllegalArgumentException("the private key is encrypted: give its password");
        }
        try {
            var encrypted = new EncryptedPrivateKeyInfo(content);
            var parameters = encrypted.getAlgParameters();
            // Of PBES2 the class says the algorithm's name only in its parameters.
            var name =
                    encrypted.getAlgName().equals("PBES2") || isOid(encrypted.getAlgName())
                            ? parameters.toString()
                            : encrypted.getAlgName();
            var key =
                    SecretKeyFactory.getInstance(name)
                            .generateSecret(new PBEKeySpec(password.toCharArray()));
            var cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, key, parameters);
            return encrypted.getKeySpec(cipher);
        } catch (IOException | InvalidKeySpecException | InvalidKeyException e) {
            throw new InvalidKeyException(
                    "the private key can't be decrypted; is its password right?", e);
        }
    }

    private static boolean isOid(String name) {
        return !name.isEmpty() && Character.isDigit(name.charAt(0));
    }

    /** The older forms hold only the key itself; PKCS #8 puts its algorithm before it. */
    private static PKCS8EncodedKeySpec wrap(byte[] algorithm, byte[] key) {
        return new PKCS8EncodedKeySpec(der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, key)));
    }

    /** The curve's identifier, which in every key that OpenSSL writes stands after the number. */
    private static byte[] curveOf(byte[] ecKey) throws InvalidKeyException {
        for (int i = 0; i + 4 < ecKey.length; i++) {
            int length = ecKey[i + 1];
            if (ecKey[i] == CURVE
                    && ecKey[i + 2] == 0x06
                    && length == ecKey[i + 3] + 2
                    && i + 2 + length <= ecKey.length) {
                return Arrays.copyOfRange(ecKey, i + 2, i + 2 + length);
            }
        }
        throw new InvalidKeyException("the EC private key doesn't name its curve");
    }

    private static byte[] der(byte tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
