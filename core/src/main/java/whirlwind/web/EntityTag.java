package whirlwind.web;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The default entity tag of a response: a digest of its body. It tells versions apart and protects
 * nothing.
 */
final class EntityTag {
    private static final MessageDigest PROTOTYPE = prototype();
    private static final HexFormat HEX = HexFormat.of();

    private EntityTag() {}

    static String of(byte[] body) {
        return '"' + HEX.formatHex(digest(body)) + '"';
    }

    private static byte[] digest(byte[] body) {
        try {
            return ((MessageDigest) PROTOTYPE.clone())
                    .digest(body); // looking one up by name costs more than this
        } catch (CloneNotSupportedException e) {
            return prototype().digest(body);
        }
    }

    private static MessageDigest prototype() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
    }
}
