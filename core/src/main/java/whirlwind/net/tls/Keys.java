package whirlwind.net.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether two keys are a pair, found out by signing something. */
final class Keys {
    private static final byte[] SAMPLE = new byte[32];

    private Keys() {}

    static boolean belongTogether(PrivateKey mine, PublicKey theirs) {
        if (!mine.getAlgorithm().equals(theirs.getAlgorithm()) && !isEdwards(mine, theirs)) {
            return false;
        }
        try {
            var signing = Signature.getInstance(algorithm(mine));
            signing.initSign(mine);
            signing.update(SAMPLE);
            var signature = signing.sign();
            signing.initVerify(theirs);
            signing.update(SAMPLE);
            return signing.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("its private key can't sign: " + e.getMessage(), e);
        }
    }

    private static boolean isEdwards(PrivateKey mine, PublicKey theirs) {
        return mine.getAlgorithm().startsWith("Ed") && theirs.getAlgorithm().startsWith("Ed");
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA", "DSA" -> "SHA256with" + key.getAlgorithm();
            default -> key.getAlgorithm();
        };
    }
}
