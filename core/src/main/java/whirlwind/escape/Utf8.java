package whirlwind.escape;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 to text and back, strictly: malformed input is an error and never a silent U+FFFD.
 * Tornado's {@code utf8} and {@code to_unicode}.
 */
public final class Utf8 {
    private Utf8() {}

    /**
     * The text's bytes. A lone surrogate, which has no encoding, becomes {@code ?}, as everywhere
     * in the JDK.
     */
    public static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The text that the bytes encode.
     *
     * @throws MalformedTextException if they are not well-formed UTF-8; it says where
     */
    public static String decode(byte[] bytes) {
        return decode(bytes, 0, bytes.length);
    }

    /**
     * The text that {@code length} bytes from {@code offset} encode.
     *
     * @throws MalformedTextException if they are not well-formed UTF-8; it says where
     */
    public static String decode(byte[] bytes, int offset, int length) {
        var text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        // The constructor is intrinsic and replaces what is malformed by U+FFFD, so a text without
        // it was well formed: the slow
        // decoder that reports runs only for the rare text that has one, and tells the honest
        // U+FFFD from the replaced.
        if (text.indexOf('\uFFFD') >= 0) {
            requireWellFormed(bytes, offset, length);
        }
        return text;
    }

    /**
     * Checks bytes that somebody else decodes, who may be less strict. Next to nothing for ASCII.
     *
     * @throws MalformedTextException if they are not well-formed UTF-8; it says where
     */
    public static void requireWellFormed(byte[] bytes) {
        int bits = 0;
        for (byte b : bytes) {
            bits |= b;
        }
        if (bits < 0) {
            decode(bytes);
        }
    }

    private static void requireWellFormed(byte[] bytes, int offset, int length) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        var in = ByteBuffer.wrap(bytes, offset, length);
        var result = decoder.decode(in, CharBuffer.allocate(length), true);
        if (result.isError()) {
            int at = in.position();
            throw new MalformedTextException("UTF-8", at - offset, bytes[at]);
        }
    }
}
