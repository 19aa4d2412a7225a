package whirlwind.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import whirlwind.escape.Utf8;

/**
 * A signed value in one of its formats, taken apart, which says nothing yet about its signature.
 * All its texts are bytes of UTF-8 as characters, for lengths count bytes.
 */
sealed interface SignedText {
    /** Larger "versions" are the beginning of a value of version 1, which says no version. */
    int MAX_VERSION = 999;

    /** The latest time of signing that is read has this many digits: some 30,000 years. */
    int MAX_DIGITS = 12;

    /** In base64. */
    String value();

    /** When it was signed, since 1970. */
    long seconds();

    /** Whether it was signed with this key, under this name. */
    boolean isSignedWith(SigningKey key, String name);

    /** The first format: value, time and signature, which covers the name too. */
    record Version1(String value, long seconds, String signature) implements SignedText {
        static String write(SigningKey key, String name, byte[] value, long seconds) {
            var text = Base64.getEncoder().encodeToString(value);
            return text + '|' + seconds + '|' + signature(key, name, text, seconds);
        }

        private static String signature(SigningKey key, String name, String value, long seconds) {
            return key.sha1(Utf8.encode(name + value + seconds));
        }

        @Override
        public boolean isSignedWith(SigningKey key, String name) {
            return SigningKey.areSame(signature, signature(key, name, value, seconds));
        }
    }

    /**
     * The second format: {@code 2|}, fields with their lengths ({@code 4:name|}) for key version,
     * time, name and value, and the signature of everything before it.
     */
    record Version2(
            int keyVersion,
            long seconds,
            String name,
            String value,
            String signed,
            String signature)
            implements SignedText {
        static String write(
                SigningKey key, int keyVersion, String name, byte[] value, long seconds) {
            var head = new StringBuilder(128).append("2|");
            field(head, Integer.toString(keyVersion));
            field(head, Long.toString(seconds));
            field(head, bytes(name));
            field(head, Base64.getEncoder().encodeToString(value));
            var signed = head.toString().getBytes(ISO_8859_1);
            return Utf8.decode(signed) + key.sha256(signed);
        }

        private static void field(StringBuilder out, String text) {
            out.append(text.length()).append(':').append(text).append('|');
        }

        @Override
        public boolean isSignedWith(SigningKey key, String name) {
            var expected = key.sha256(signed.getBytes(ISO_8859_1));
            return SigningKey.areSame(signature, expected) && this.name.equals(bytes(name));
        }
    }

    /** The version that a text says, 1 if it says none. */
    static int version(String text) {
        int bar = text.indexOf('|');
        long version = bar < 1 || text.charAt(0) == '0' ? -1 : decimal(text, 0, bar);
        return version < 1 || version > MAX_VERSION ? 1 : (int) version;
    }

    /** Null for what is in neither format. */
    static @Nullable SignedText parse(String text) {
        var bytes = bytes(text);
        return switch (version(bytes)) {
            case 1 -> parse1(bytes);
            case 2 -> parse2(bytes);
            default -> null;
        };
    }

    private static @Nullable Version1 parse1(String text) {
        int first = text.indexOf('|');
        int second = text.indexOf('|', first + 1);
        if (first < 0 || second < 0 || text.indexOf('|', second + 1) >= 0) {
            return null;
        }
        // Nothing keeps value and time apart in what was signed, so whoever moves the last digits
        // of the value to the front of the time has a valid signature. Such a value has lost its
        // padding, or such a time begins with a zero or lies far ahead.
        long seconds = decimal(text, first + 1, second);
        return seconds < 1 || first % 4 != 0
                ? null
                : new Version1(text.substring(0, first), seconds, text.substring(second + 1));
    }

    private static @Nullable Version2 parse2(String text) {
        int[] starts = new int[4];
        int[] ends = new int[4];
        int at = 2;
        for (int i = 0; i < 4; i++) {
            int colon = text.indexOf(':', at);
            long length = colon < 0 ? -1 : decimal(text, at, colon);
            if (length < 0 || length >= text.length() - colon - 1) {
                return null;
            }
            starts[i] = colon + 1;
            ends[i] = colon + 1 + (int) length;
            if (text.charAt(ends[i]) != '|') {
                return null;
            }
            at = ends[i] + 1;
        }
        long keyVersion = decimal(text, starts[0], ends[0]);
        long seconds = decimal(text, starts[1], ends[1]);
        if (keyVersion < 0 || keyVersion > Integer.MAX_VALUE || seconds < 0) {
            return null;
        }
        return new Version2(
                (int) keyVersion,
                seconds,
                text.substring(starts[2], ends[2]),
                text.substring(starts[3], ends[3]),
                text.substring(0, at),
                text.substring(at));
    }

    /** A number without sign and leading zeros, -1 if it is none. */
    private static long decimal(String text, int from, int to) {
        int digits = to - from;
        if (digits < 1 || digits > MAX_DIGITS || (digits > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static String bytes(String text) {
        return new String(Utf8.encode(text), ISO_8859_1);
    }
}
