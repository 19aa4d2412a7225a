package whirlwind.web;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import whirlwind.escape.Utf8;

/** A secret with which values are signed, ready to use from any thread. */
final class SigningKey {
    private static final Logger log = LoggerFactory.getLogger(SignedValues.class);
    private static final HexFormat HEX = HexFormat.of();

    /** Who has one signed value can try shorter secrets out; 16 random bytes nobody can. */
    private static final int MIN_BYTES = 16;

    /** Keyed once and never fed: a copy of one costs less than looking one up and keying it. */
    private final Mac sha1;

    private final Mac sha256;

    SigningKey(@Nullable String secret) { // what System.getenv gives may be null
        if (secret == null || secret.isBlank()) {
            throw new IllegalArgumentException(
                    "cookie secret: %s (something random, such as 'openssl rand -base64 32' makes; is the environment variable set?)"
                            .formatted(secret == null ? "null" : "blank"));
        }
        int bytes = Utf8.encode(secret).length;
        if (bytes < MIN_BYTES) {
            // Not refused: what was signed with it, perhaps by Tornado, is to be read for a while.
            log.warn(
                    "cookie secret: {} bytes (at least {}, or it can be found by trial): make one with"
                            + " 'openssl rand -base64 32', and give both to withCookieSecrets for a while",
                    bytes,
                    MIN_BYTES);
        }
        sha1 = keyed("HmacSHA1", secret);
        sha256 = keyed("HmacSHA256", secret);
    }

    private static Mac keyed(String algorithm, String secret) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(Utf8.encode(secret), algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + algorithm, e);
        }
    }

    /** The signature of version 1, in hexadecimal. */
    String sha1(byte[] text) {
        return HEX.formatHex(copy(sha1).doFinal(text));
    }

    /** The signature of version 2, in hexadecimal. */
    String sha256(byte[] text) {
        return HEX.formatHex(copy(sha256).doFinal(text));
    }

    /** Whether two signatures are the same, in a time that tells nothing of where they differ. */
    static boolean areSame(String one, String other) {
        return MessageDigest.isEqual(bytes(one), bytes(other));
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Mac copy(Mac mac) {
        try {
            return (Mac) mac.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("the JDK's own MACs can be copied", e);
        }
    }
}
