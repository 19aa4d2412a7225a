package whirlwind.web;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Utf8;

/**
 * What a browser's cookie and the pages of its site have in common, and pages of other sites can't
 * know: a secret that the formats write in different ways, and when it was made.
 */
final class XsrfToken {
    private static final int SECRET_BYTES = 16;
    private static final int MASK_BYTES = 4;

    /** The latest time that is read has this many digits: some 30,000 years. */
    private static final int MAX_DIGITS = 12;

    private static final HexFormat HEX = HexFormat.of();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final long seconds;

    private XsrfToken(byte[] secret, long seconds) {
        this.secret = secret;
        this.seconds = seconds;
    }

    /** A new one, made so many seconds after 1970. */
    static XsrfToken random(long seconds) {
        return new XsrfToken(randomBytes(SECRET_BYTES), seconds);
    }

    /**
     * Reads a token in either format; null if it is none. The first one says no time, {@code
     * seconds} stands in.
     */
    static @Nullable XsrfToken parse(String text, long seconds) {
        if (text.isEmpty()) {
            return null;
        }
        int bar = text.indexOf('|');
        if (bar < 1 || text.charAt(0) == '0' || !isDecimal(text.substring(0, bar))) {
            return new XsrfToken(parse1(text), seconds);
        }
        return text.startsWith("2|") ? parse2(text) : null;
    }

    /** Hexadecimal, else any text at all: there are old ones like that. */
    private static byte[] parse1(String text) {
        try {
            return HEX.parseHex(text);
        } catch (IllegalArgumentException e) {
            return Utf8.encode(text);
        }
    }

    private static @Nullable XsrfToken parse2(String text) {
        var parts = text.split("\\|", -1);
        if (parts.length != 4
                || parts[1].length() != 2 * MASK_BYTES
                || parts[2].isEmpty()
                || parts[3].length() > MAX_DIGITS
                || !isDecimal(parts[3])) {
            return null;
        }
        try {
            var secret = masked(HEX.parseHex(parts[2]), HEX.parseHex(parts[1]));
            return new XsrfToken(secret, Long.parseLong(parts[3]));
        } catch (IllegalArgumentException e) {
            return null; // not hexadecimal
        }
    }

    /** The token in a format; each text of the second one is another. */
    String text(int version) {
        return version == 1 ? HEX.formatHex(secret) : masked();
    }

    /**
     * Under a random mask: the text never repeats, so that whoever watches how well pages compress
     * can't guess it piece by piece (BREACH).
     */
    private String masked() {
        var mask = randomBytes(MASK_BYTES);
        return "2|"
                + HEX.formatHex(mask)
                + '|'
                + HEX.formatHex(masked(secret, mask))
                + '|'
                + seconds;
    }

    /** Whether both have the same secret, in a time that tells nothing of where they differ. */
    boolean matches(XsrfToken other) {
        return MessageDigest.isEqual(secret, other.secret);
    }

    private static byte[] masked(byte[] bytes, byte[] mask) {
        var result = bytes.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= mask[i % MASK_BYTES];
        }
        return result;
    }

    private static boolean isDecimal(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static byte[] randomBytes(int length) {
        var bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
